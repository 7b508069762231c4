/**
 * Which palette and scale hold: those of this browser, else those of the card, else the
 * owner's. A small card has no controls for them, so what was chosen elsewhere in this browser
 * does not apply to it.
 */

/** @typedef {"palette" | "scale"} Key */

export const PALETTES = ["inferno", "ironbow", "white_hot", "black_hot", "arctic", "rainbow", "cividis", "alarm"];
export const SCALES = ["automatic", "threshold", "fixed"];

/** @type {Record<Key, string[]>} */
export const CHOICES = { palette: PALETTES, scale: SCALES };

/**
 * @typedef {object} Chosen
 * @property {string} value the one that holds
 * @property {string} own that of this browser; "": none
 * @property {string} usual the one that holds without that
 */

/**
 * @param {Key} key
 * @param {CardConfig} config
 * @param {import("./nodes.js").Look} look
 * @returns {Chosen}
 */
export function chosen(key, config, look) {
  const known = CHOICES[key];
  const stored = config.small ? null : localStorage.getItem(place(key));
  const own = stored !== null && known.includes(stored) ? stored : "";
  const usual = /** @type {string} */ ([config[key], look[key]].find((it) => it !== undefined && known.includes(it)));
  return { value: own || usual, own, usual };
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
