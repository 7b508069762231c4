/** The place of the picture that is pointed at or pinned, as text. Pure. */

import { onSensor } from "./heat.js";
import { heatAt, heatText } from "./over-range.js";

/**
 * @typedef {{row: number, column: number}} Place
 *
 * @typedef {object} Spot
 * @property {number} row
 * @property {number} column
 * @property {number | null} value °C; null: not received
 */

/**
 * @param {Spot} spot
 * @param {import("./nodes.js").ThermalImage} image
 * @param {import("./home-assistant.js").Writer} write
 * @param {import("./common/texts.js").Texts} texts
 * @returns {string} its temperature, "" if it was not received
 */
export function valueText({ row, column, value }, image, write, texts) {
  if (value === null) return "";
  return heatText(value, heatAt(image, { row, column }), write, texts);
}

/**
 * @param {Spot} spot
 * @param {import("./nodes.js").ThermalImage} image
 * @param {{quarters: number, mirror: boolean}} look how the image was turned
 * @param {import("./home-assistant.js").Writer} write
 * @param {import("./common/texts.js").Texts} texts
 * @returns {string} where it is, counted from 1, and its temperature
 */
export function spotText(spot, image, look, write, texts) {
  const counted = (/** @type {Place} */ place) => ({ row: place.row + 1, column: place.column + 1 });
  const blocks = image.mode === "fast";
  const key = spot.value === null ? "spot_missing" : blocks ? "spot_block" : "spot";
  const text = texts(`card.${key}`, { ...counted(spot), value: valueText(spot, image, write, texts) });
  // The hottest pixel of a block may be any of it.
  if (blocks || !(look.quarters || look.mirror)) return text;
  // Dead pixels are named by where they are on the sensor.
  return `${text} ${texts("card.spot_sensor", counted(onSensor(spot, image, look)))}`;
}
