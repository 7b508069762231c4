/** Where the readings of light are in their chart. Pure. */

/** Of the chart, in its own units. */
export const WIDTH = 100;
export const HEIGHT = 40;

/**
 * @param {import("./boards.js").Reading[]} readings oldest first
 * @returns {[number, number][]} x by time, from the first to the last; y by percent, 100
 *   at the top
 */
export function points(readings) {
  if (!readings.length) return [];
  const first = readings[0][0];
  const span = readings.at(-1)[0] - first;
  return readings.map(([time, percent]) => {
    const x = span > 0 ? ((time - first) / span) * WIDTH : WIDTH;
    return [rounded(x), rounded(HEIGHT * (1 - percent / 100))];
  });
}

/** @param {[number, number][]} at */
export function linePath(at) {
  return at.map(([x, y], index) => `${index ? "L" : "M"}${x} ${y}`).join("");
}

/**
 * @param {[number, number][]} at
 * @param {number} x
 * @returns {number} index of the point nearest to x; -1 if there is none
 */
export function nearest(at, x) {
  let best = -1;
  let least = Infinity;
  at.forEach(([px], index) => {
    const distance = Math.abs(px - x);
    if (distance <= least) [best, least] = [index, distance];
  });
  return best;
}

const rounded = (value) => Math.round(value * 100) / 100;
