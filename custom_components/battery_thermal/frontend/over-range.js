/** Temperatures above what the node can say, and pixels that may be. Pure. */

import { inUnit } from "./scale.js";

/** °C: the highest value that a message of the node can say. */
export const HIGHEST = 307.1;

/**
 * @param {import("./common/texts.js").Texts} texts
 * @param {string} unit °C or °F
 * @returns {string} as "over 307 °C"
 */
export function overText(texts, unit) {
  return texts("picture.over", { value: `${Math.floor(inUnit(HIGHEST, unit))} ${unit}` });
}

/**
 * @param {number[][] | undefined} places row and column of each
 * @param {{row: number, column: number}} place
 */
export function isAt(places, { row, column }) {
  return Boolean(places?.some((place) => place[0] === row && place[1] === column));
}

/**
 * Give pixels that are above the range, or may be, the hottest colour.
 *
 * @param {Float32Array[]} rows °C; are changed
 * @param {import("./nodes.js").ThermalImage} image
 * @param {[number, number]} span °C of the first and of the last colour
 * @returns {Float32Array[]} rows
 */
export function heated(rows, image, [, high]) {
  for (const [row, column] of [...(image.over ?? []), ...(image.doubtful ?? [])]) {
    rows[row][column] = Math.max(rows[row][column], high);
  }
  return rows;
}
