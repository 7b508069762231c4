/**
 * Which palette and scale hold: those of this browser, else those of the card, else the
 * owner's. A small card has no controls for them, so what was chosen elsewhere in this browser
 * does not apply to it.
 */

/** @typedef {"palette" | "scale"} Key */

export const SCALES = ["automatic", "threshold", "fixed"];

/** Of the feed's colours, those of the palette `alarm` above the threshold: no palette. */
const ABOVE = "above";

/**
 * @typedef {object} Chosen
 * @property {string} value the one that holds
 * @property {string} own that of this browser; "": none
 * @property {string} usual the one that holds without that
 * @property {string[]} known those that can be chosen
 */

/**
 * @param {Record<string, Uint8Array>} palettes the colours of the feed
 * @returns {string[]} the palettes that can be chosen, in the order of the integration's list
 */
export const paletteNames = (palettes) => Object.keys(palettes).filter((name) => name !== ABOVE);

/**
 * @param {import("./common/texts.js").Texts} texts with those of the category `selector`
 * @param {Key} key
 * @param {string} value
 * @returns {string} how a palette or a scale is called
 */
export const lookText = (texts, key, value) =>
  key === "palette" ? texts(`selector.palette.options.${value}`) : texts(`look.${value}`);

/**
 * @param {Key} key
 * @param {CardConfig} config
 * @param {import("./nodes.js").Look} look
 * @param {Record<string, Uint8Array>} palettes the colours of the feed
 * @returns {Chosen}
 */
export function chosen(key, config, look, palettes) {
  const known = key === "palette" ? paletteNames(palettes) : SCALES;
  const stored = config.small ? null : localStorage.getItem(place(key));
  const own = stored !== null && known.includes(stored) ? stored : "";
  const usual = /** @type {string} */ ([config[key], look[key]].find((it) => it !== undefined && known.includes(it)));
  return { value: own || usual, own, usual, known };
}

/**
 * @param {Key} key
 * @param {string} value "": the usual one
 */
export function remember(key, value) {
  if (value) localStorage.setItem(place(key), value);
  else localStorage.removeItem(place(key));
}

const place = (/** @type {Key} */ key) => `battery_thermal.${key}`;
