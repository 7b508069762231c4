/** A curve of many images as a drawing: its scale, its lines, and the image under a place. Pure. */

export const WIDTH = 600;
export const HEIGHT = 200;

/** The width of the mark of an alarm at least. */
const NARROWEST = 3;

const HOUR = 3_600_000;

/** Milliseconds that can be looked at. */
export const SPANS = { hour: HOUR, day: 24 * HOUR, week: 7 * 24 * HOUR, month: 30 * 24 * HOUR, year: 365 * 24 * HOUR };

/**
 * @typedef {[number, number, number, number]} Point when the hottest image of some was started,
 *   milliseconds since the epoch; the lowest, the mean and the highest of their values in °C
 * @typedef {(Point | null)[]} Curve null: a gap
 * @typedef {{start: number, end: number, low: number, high: number}} Scale
 */

/**
 * @param {Curve[]} curves
 * @param {number} start milliseconds since the epoch
 * @param {number} end
 * @returns {Scale | null} for all of them, of 2 K at least; null: there is nothing
 */
export function scaleOf(curves, start, end) {
  const points = curves.flat().filter((point) => point !== null);
  if (!points.length) return null;
  const low = Math.min(...points.map((point) => point[1]));
  const high = Math.max(...points.map((point) => point[3]));
  const more = Math.max(2 - (high - low), 0) / 2;
  // Of an archive that has just begun, all would be at the very end.
  const known = end - Math.min(...points.map(([time]) => time));
  if (known > 0 && known < (end - start) / 10) start = Math.round(end - 1.1 * known);
  return { start, end, low: low - more, high: high + more };
}

/**
 * @param {Curve} curve
 * @param {Scale} scale
 * @returns {string} the path of its highest values, with gaps
 */
export function linePath(curve, scale) {
  let move = true;
  return curve
    .map((point) => {
      const letter = move ? "M" : "L";
      move = point === null;
      // A point alone is a line as well, or it would not be seen.
      return point ? `${letter}${x(point[0], scale)} ${y(point[3], scale)}h0.01` : "";
    })
    .join("");
}

/**
 * @param {Curve} curve
 * @param {Scale} scale
 * @returns {string} the path of what is between its lowest and its highest values, with gaps
 */
export function bandPath(curve, scale) {
  /** @type {Point[][]} */
  const parts = [[]];
  for (const point of curve) {
    if (point) parts[parts.length - 1].push(point);
    else parts.push([]);
  }
  return parts
    .filter((part) => part.length > 1)
    .map((part) => {
      const above = part.map((point) => `${x(point[0], scale)} ${y(point[3], scale)}`);
      const below = part.map((point) => `${x(point[0], scale)} ${y(point[1], scale)}`).reverse();
      return `M${[...above, ...below].join("L")}Z`;
    })
    .join("");
}

/**
 * @param {Curve} curve
 * @param {Scale} scale
 * @param {number} share of the width, 0..1
 * @returns {Point | null} the nearest
 */
export function pointAt(curve, { start, end }, share) {
  const time = start + share * (end - start);
  const points = curve.filter((point) => point !== null);
  return points.reduce((best, point) => (!best || Math.abs(point[0] - time) < Math.abs(best[0] - time) ? point : best), points[0] ?? null);
}

/**
 * @param {Curve} curve
 * @returns {Point | null} the hottest
 */
export function peakOf(curve) {
  const points = curve.filter((point) => point !== null);
  return points.reduce((best, point) => (point[3] > best[3] ? point : best), points[0] ?? null);
}

/**
 * @param {{start: number, end: number}[]} spans milliseconds since the epoch
 * @param {Scale} scale
 * @returns {string} the path of a band for each, from top to bottom, wide enough to be seen
 */
export function spansPath(spans, scale) {
  return spans
    .map(({ start, end }) => {
      const left = x(Math.max(start, scale.start), scale);
      const width = Math.max(x(Math.min(end, scale.end), scale) - left, NARROWEST);
      return `M${Math.min(left, WIDTH - NARROWEST)} 0h${Math.round(width * 10) / 10}v${HEIGHT}h${-Math.round(width * 10) / 10}Z`;
    })
    .join("");
}

/**
 * @param {number[]} times milliseconds since the epoch
 * @param {Scale} scale
 * @returns {string} the path of a line for each, from top to bottom
 */
export function timesPath(times, scale) {
  return times.map((time) => `M${x(Math.max(time, scale.start), scale)} 0v${HEIGHT}`).join("");
}

/**
 * @param {number} time
 * @param {Scale} scale
 */
const x = (time, { start, end }) => Math.round(((time - start) / (end - start)) * WIDTH * 10) / 10;

/**
 * @param {number} value
 * @param {Scale} scale
 */
const y = (value, { low, high }) => Math.round((1 - (value - low) / (high - low)) * HEIGHT * 10) / 10;
