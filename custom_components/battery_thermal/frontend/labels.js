/** Where words are put in a picture so that one can read them. Pure. */

/**
 * Pixels from the upper left corner.
 * @typedef {{left: number, top: number, width: number, height: number}} Box
 */

/**
 * Put a label beside a point: where it covers nothing, else where it covers least.
 *
 * @param {{x: number, y: number}} point
 * @param {{width: number, height: number}} size of the label
 * @param {number} away how far from the point
 * @param {Box[]} taken what is there already
 * @param {{width: number, height: number}} room
 * @returns {Box}
 */
export function beside({ x, y }, size, away, taken, room) {
  const { width, height } = size;
  const [middle, centre] = [y - height / 2, x - width / 2];
  const [left, right] = [x - away - width, x + away];
  const [above, below] = [y - away - height, y + away];
  const places = [
    [right, middle],
    [left, middle],
    [centre, below],
    [centre, above],
    [right, below],
    [right, above],
    [left, below],
    [left, above],
  ].map(([at, top]) => ({
    left: within(at, room.width - width),
    top: within(top, room.height - height),
    width,
    height,
  }));
  const point_ = { left: x - away / 2, top: y - away / 2, width: away, height: away };
  return least(places, [point_, ...taken]);
}

/**
 * Put a label into a corner of an area.
 *
 * @param {Box} area
 * @param {{width: number, height: number}} size of the label
 * @param {Box[]} taken
 * @returns {Box | null} null: it is larger than the area
 */
export function inCorner(area, { width, height }, taken) {
  if (width > area.width || height > area.height) return null;
  const [right, bottom] = [area.left + area.width - width, area.top + area.height - height];
  const places = [
    [area.left, bottom],
    [area.left, area.top],
    [right, area.top],
    [right, bottom],
  ].map(([left, top]) => ({ left, top, width, height }));
  return least(places, taken);
}

/**
 * @param {Box[]} places
 * @param {Box[]} taken
 * @returns {Box} the place that covers least of what is taken
 */
function least(places, taken) {
  let best = places[0];
  let covers = Infinity;
  for (const place of places) {
    const sum = taken.reduce((total, box) => total + overlap(place, box), 0);
    if (sum < covers) [best, covers] = [place, sum];
  }
  return best;
}

/**
 * Square pixels that two boxes share.
 *
 * @param {Box} one
 * @param {Box} other
 */
function overlap(one, other) {
  /**
   * @param {"left" | "top"} start
   * @param {"width" | "height"} size
   */
  const shared = (start, size) =>
    Math.min(one[start] + one[size], other[start] + other[size]) - Math.max(one[start], other[start]);
  return Math.max(shared("left", "width"), 0) * Math.max(shared("top", "height"), 0);
}

/**
 * @param {number} value
 * @param {number} most
 */
const within = (value, most) => Math.max(Math.min(value, most), 0);
