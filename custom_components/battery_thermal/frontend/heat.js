/** From a matrix of temperatures to coloured pixels. Pure. */

/**
 * Where something is in the matrix, and how hot it is there.
 * @typedef {{row: number, column: number, value: number}} Spot
 */

/**
 * @param {import("./nodes.js").ThermalImage} image
 * @returns {{hottest: Spot, coldest: Spot} | null} null: nothing has arrived
 */
export function extremes(image) {
  // An image that is being replaced keeps the marks of its earlier values.
  if (image.extremes) return image.extremes;
  /** @type {{hottest: Spot, coldest: Spot} | null} */
  let found = null;
  for (const [row, values] of image.rows.entries()) {
    for (const [column, value] of (values ?? []).entries()) {
      if (value === null) continue;
      const spot = { row, column, value };
      found ??= { hottest: spot, coldest: spot };
      if (value > found.hottest.value) found.hottest = spot;
      if (value < found.coldest.value) found.coldest = spot;
    }
  }
  return found;
}

/**
 * Two equal temperatures differ by less, in K.
 */
const ROUNDED = 0.05;

/**
 * @param {import("./nodes.js").ThermalImage} image
 * @returns {{hottest: Spot | null, coldest: Spot | null}} null where no pixel has the maximum or the minimum: they may be of
 *   a missing line, and a fast image has the minimum of all pixels of its blocks
 */
export function shownExtremes(image) {
  const { hottest = null, coldest = null } = extremes(image) ?? {};
  const near = (image.bound ?? 0) + ROUNDED;
  const isBeyond = image.over?.some(([row, column]) => row === hottest?.row && column === hottest.column);
  return {
    hottest: hottest && (isBeyond || image.maximum - hottest.value <= near) ? hottest : null,
    coldest: coldest && coldest.value - image.minimum <= near ? coldest : null,
  };
}

/**
 * Where a place of one image is in another: a fast one has a value for each block only.
 *
 * @param {{row: number, column: number}} place
 * @param {import("./nodes.js").ThermalImage} before
 * @param {import("./nodes.js").ThermalImage} after
 * @returns {{row: number, column: number}}
 */
export function sameSpot({ row, column }, before, after) {
  /**
   * @param {number} at
   * @param {number} from
   * @param {number} to
   */
  const scaled = (at, from, to) => Math.floor(((at + 0.5) * to) / from);
  return {
    row: scaled(row, before.rows.length, after.rows.length),
    column: scaled(column, before.width, after.width),
  };
}

/**
 * Where a place of the picture is on the sensor, which may have been mirrored and turned.
 *
 * @param {{row: number, column: number}} place
 * @param {import("./nodes.js").ThermalImage} image
 * @param {{quarters: number, mirror: boolean}} look
 * @returns {{row: number, column: number}}
 */
export function onSensor({ row, column }, { rows, width }, { quarters, mirror }) {
  let [height, across] = [rows.length, width];
  for (let turn = 0; turn < quarters; turn++) {
    [row, column] = [across - 1 - column, row];
    [height, across] = [across, height];
  }
  return { row, column: mirror ? across - 1 - column : column };
}

/**
 * Interpolate temperatures, then colour: colours between two colours of a palette are
 * not in it.
 *
 * @param {Float32Array[]} rows °C
 * @param {number} factor pixels for each value, in both directions
 * @param {[number, number]} span °C of the first and last colour
 * @param {Uint8Array} colours
 * @returns {{width: number, height: number, data: Uint8ClampedArray<ArrayBuffer>}} RGBA
 */
export function coloured(rows, factor, [low, high], colours) {
  const height = rows.length * factor;
  const width = rows[0].length * factor;
  const data = new Uint8ClampedArray(width * height * 4);
  const across = neighbours(rows[0].length, factor);
  const steps = 256 / (high - low);
  let at = 0;
  for (const [upper, lower, below] of neighbours(rows.length, factor)) {
    const [top, bottom] = [rows[upper], rows[lower]];
    for (const [left, right, beside] of across) {
      const above = top[left] + (top[right] - top[left]) * beside;
      const under = bottom[left] + (bottom[right] - bottom[left]) * beside;
      const value = above + (under - above) * below;
      const index = Math.min(Math.max(Math.floor((value - low) * steps), 0), 255) * 3;
      data[at++] = colours[index];
      data[at++] = colours[index + 1];
      data[at++] = colours[index + 2];
      data[at++] = 255;
    }
  }
  return { width, height, data };
}

/**
 * For each pixel: the values on both sides, and how far it is towards the second.
 *
 * @param {number} count of values
 * @param {number} factor pixels for each value
 * @returns {[number, number, number][]}
 */
function neighbours(count, factor) {
  return Array.from({ length: count * factor }, (_, pixel) => {
    const at = Math.min(Math.max((pixel + 0.5) / factor - 0.5, 0), count - 1);
    const first = Math.floor(at);
    return [first, Math.min(first + 1, count - 1), at - first];
  });
}
