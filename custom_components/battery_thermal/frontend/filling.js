/**
 * Filling of pixels that have not arrived, for drawing and never for measuring. The rules
 * are those of `render/field.py` and `render/neighbours.py`, which draw the camera's picture.
 */

/** Weights of the pixels beside a pixel, and of those across its corners. */
const EDGE = 2;
const CORNER = 1;

/** @typedef {(number | null)[]} Row °C; null: has not arrived */

/**
 * Return the temperatures of an image with missing pixels filled.
 *
 * Missing rows or columns are interpolated between the nearest ones there are; beyond the
 * outermost one they have its values. If other pixels are missing, as quarters of a compact
 * picture: from the pixels around them. Without any pixel: the mean of the image.
 *
 * @param {import("./nodes.js").ThermalImage} image
 * @returns {Float32Array[]} rows
 */
export function filled(image) {
  const { width, mean } = image;
  /** @type {Row[]} */
  const rows = image.rows.map((row) => row ?? Array.from({ length: width }, () => null));
  if (rows.every((row) => row.every((value) => value === null))) {
    return rows.map((row) => Float32Array.from(row, () => mean));
  }
  if (rows.every((row) => isWhole(row) || isEmpty(row))) return interpolated(rows).map((row) => Float32Array.from(row));
  const columns = turned(rows);
  if (columns.every((column) => isWhole(column) || isEmpty(column))) {
    return turned(interpolated(columns)).map((row) => Float32Array.from(/** @type {number[]} */ (row)));
  }
  return fromNeighbours(rows).map((row) => Float32Array.from(row));
}

/** @param {Row} row */
const isWhole = (row) => row.every((value) => value !== null);

/** @param {Row} row */
const isEmpty = (row) => row.every((value) => value === null);

/**
 * @param {Row[]} rows
 * @returns {Row[]} columns as rows
 */
const turned = (rows) => rows[0].map((_, column) => rows.map((row) => row[column]));

/**
 * Interpolate missing rows between the nearest ones.
 *
 * @param {Row[]} rows each is whole or empty
 * @returns {number[][]}
 */
function interpolated(rows) {
  const there = rows.flatMap((row, number) => (isWhole(row) ? [number] : []));
  return rows.map((_, number) => {
    const first = there.filter((row) => row <= number).pop() ?? there[0];
    const last = there.find((row) => row >= number) ?? there[there.length - 1];
    const weight = (number - first) / Math.max(last - first, 1);
    const [before, after] = /** @type {number[][]} */ ([rows[first], rows[last]]);
    return before.map((value, column) => value + (after[column] - value) * weight);
  });
}

/**
 * Fill a missing pixel with the weighted mean of those of its eight neighbours that are
 * there; this is repeated until every pixel is.
 *
 * @param {Row[]} rows at least one pixel is there
 * @returns {number[][]}
 */
function fromNeighbours(rows) {
  let field = rows;
  while (!field.every(isWhole)) {
    const before = field;
    field = before.map((row, y) => row.map((value, x) => value ?? meanAround(before, y, x)));
  }
  return /** @type {number[][]} */ (field);
}

/**
 * @param {Row[]} field
 * @param {number} y
 * @param {number} x
 * @returns {number | null} null if no neighbour is there
 */
function meanAround(field, y, x) {
  let [sum, weights] = [0, 0];
  for (let row = Math.max(y - 1, 0); row <= Math.min(y + 1, field.length - 1); row++) {
    for (let column = Math.max(x - 1, 0); column <= Math.min(x + 1, field[0].length - 1); column++) {
      const value = field[row][column];
      if (value === null) continue;
      const weight = row === y || column === x ? EDGE : CORNER;
      sum += weight * value;
      weights += weight;
    }
  }
  return weights ? sum / weights : null;
}
