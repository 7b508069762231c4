/** Where the readings of light are in their chart. Pure. */

/** Of the chart, in its own units. */
export const WIDTH = 100;
export const HEIGHT = 40;

/**
 * Readings are in the order in which they came, their times by a clock that may have been
 * set between two of them. Such a step says nothing of the time that passed: it counts as
 * the usual time between two readings. So every point is inside the chart, after the one
 * before it.
 *
 * @param {import("./boards.js").Reading[]} readings oldest first
 * @returns {[number, number][]} x by time, from the first to the last; y by percent, 100
 *   at the top
 */
export function points(readings) {
  const steps = readings.slice(1).map(([time], index) => time - readings[index][0]);
  const usual = median(steps.filter((step) => step > 0));
  let at = 0;
  const times = [0, ...steps].map((step) => (at += step < 0 ? usual : step));
  return readings.map(([, percent], index) => {
    const x = at > 0 ? (times[index] / at) * WIDTH : WIDTH;
    return [rounded(x), rounded(HEIGHT * (1 - percent / 100))];
  });
}

/** @param {number[]} values */
function median(values) {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
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

const rounded = (/** @type {number} */ value) => Math.round(value * 100) / 100;
