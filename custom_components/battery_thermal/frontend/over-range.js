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
 * @param {number} value °C
 * @param {{over_range?: boolean, may_be_hotter?: boolean}} of what it is the value of
 * @param {import("./home-assistant.js").Writer} write
 * @param {import("./common/texts.js").Texts} texts
 * @returns {string} never less than what is known: as "over 307 °C", or "30.4 °C or far hotter"
 */
export function heatText(value, { over_range: isOver, may_be_hotter: mayBeHotter }, write, texts) {
  if (isOver) return overText(texts, write.unit);
  return mayBeHotter ? texts("picture.may_be_hotter", { value: write(value) }) : write(value);
}

/**
 * @param {import("./nodes.js").ThermalImage} image
 * @param {{row: number, column: number}} place
 * @returns what `heatText` has to know of a pixel
 */
export function heatAt({ over, doubtful }, place) {
  return { over_range: isAt(over, place), may_be_hotter: isAt(doubtful, place) };
}

/**
 * @param {number[][] | undefined} places row and column of each
 * @param {{row: number, column: number}} place
 */
function isAt(places, { row, column }) {
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
