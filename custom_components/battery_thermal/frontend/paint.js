/** With which colours an image is drawn: the owner's choice, the card's and the viewer's. */

import { chosen } from "./looks.js";
import { colours, fromUnit, span } from "./scale.js";

/**
 * @typedef {object} Choice
 * @property {string} palette
 * @property {string} scale
 * @property {number} low °C, the ends of a fixed scale
 * @property {number} high
 * @property {number} minimumSpan K
 * @property {number | null} threshold °C
 *
 * @typedef {object} Paint
 * @property {[number, number]} span °C of the first and of the last colour
 * @property {Uint8Array} colours 256 colours, three bytes each
 * @property {number | null} threshold °C
 */

/**
 * @param {import("./nodes.js").ThermalImage} image
 * @param {Choice} choice
 * @param {Record<string, Uint8Array>} palettes
 * @returns {Paint}
 */
export function paintOf(image, choice, palettes) {
  const ends = span(image, choice, choice.threshold);
  return { span: ends, colours: colours(palettes, choice.palette, ends, choice.threshold), threshold: choice.threshold };
}

/**
 * @typedef {object} Inputs what a paint depends on
 * @property {import("./nodes.js").Look} look
 * @property {import("./nodes.js").ThermalImage} image
 * @property {number | null} threshold °C
 * @property {CardConfig} config
 * @property {string} unit of the ends of the scale in `config`
 */

/** Keeps the paint as long as nothing that it depends on changes: with another one the picture is drawn anew. */
export class Painter {
  /** @type {Paint | null} the paint that was returned last */
  last = null;
  /** @type {unknown[]} */
  #inputs = [];

  /**
   * @param {Inputs} inputs
   * @param {Record<string, Uint8Array>} palettes
   * @returns {Paint}
   */
  paint({ look, image, threshold, config, unit }, palettes) {
    const { value: palette } = chosen("palette", config, look, palettes);
    const { value: scale } = chosen("scale", config, look, palettes);
    const inputs = [look, image, threshold, config, unit, palette, scale];
    if (this.last && inputs.every((it, index) => it === this.#inputs[index])) return this.last;
    // The card's own ends of the scale are in the server's unit, as in other cards.
    const celsius = (/** @type {unknown} */ value) => (typeof value === "number" ? fromUnit(value, unit) : null);
    const [low, high] = [celsius(config.low) ?? look.low, celsius(config.high) ?? look.high];
    const choice = { palette, scale, threshold, low, high, minimumSpan: look.minimum_span };
    this.#inputs = inputs;
    this.last = paintOf(image, choice, palettes);
    return this.last;
  }
}
