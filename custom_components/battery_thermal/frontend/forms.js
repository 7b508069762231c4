/** The cards' editors, as forms of Home Assistant. */

import { loadTexts, rootHass } from "./common/texts.js";
import { DOMAIN } from "./domain.js";
import { feedOf } from "./feed.js";
import { SCALES, lookText, paletteNames } from "./looks.js";
import { inUnit } from "./scale.js";

/** °C that the camera can measure at most. */
const ENDS = [-40, 300];

export async function thermalForm() {
  const hass = await rootHass();
  const [texts, palettes] = await Promise.all([loadTexts(hass, DOMAIN, ["selector"]), palettesOf(hass)]);
  const choice = (/** @type {import("./looks.js").Key} */ key, /** @type {string[]} */ names) => ({
    select: { mode: "dropdown", options: names.map((value) => ({ value, label: lookText(texts, key, value) })) },
  });
  const unit = hass.config.unit_system.temperature;
  const [min, max] = ENDS.map((celsius) => inUnit(celsius, unit));
  const temperature = { number: { mode: "box", min, max, unit_of_measurement: unit } };
  return {
    schema: [
      { name: "title", selector: { text: {} } },
      { name: "device", selector: { device: { integration: "battery_thermal", entity: { domain: "camera" } } } },
      { name: "palette", selector: choice("palette", paletteNames(palettes)) },
      { name: "scale", selector: choice("scale", SCALES) },
      { name: "low", selector: temperature },
      { name: "high", selector: temperature },
      { name: "only_ended", selector: { boolean: {} } },
      { name: "small", selector: { boolean: {} } },
    ],
    computeLabel: (/** @type {{name: string}} */ { name }) => texts(`editor.${name}`),
    computeHelper: (/** @type {{name: string}} */ { name }) => texts(`editor.${name}_help`),
  };
}

/**
 * @param {Hass} hass
 * @returns {Promise<Record<string, Uint8Array>>} the palettes, as soon as they are there
 */
async function palettesOf(hass) {
  const feed = feedOf(hass.connection);
  let stop = () => {};
  await new Promise((resolve) => {
    const check = () => feed.known && resolve(undefined);
    stop = feed.listen(check);
    check();
  });
  stop();
  return feed.palettes;
}

/** Alarms that the card of the alarm log shows at a time, unless the owner says another number. */
export const COUNT = 10;

export async function alarmsForm() {
  const texts = await loadTexts(await rootHass(), DOMAIN);
  return {
    schema: [
      { name: "title", selector: { text: {} } },
      { name: "device", selector: { device: { integration: "battery_thermal", entity: { domain: "camera" } } } },
      { name: "count", default: COUNT, selector: { number: { mode: "box", min: 1, max: 100 } } },
    ],
    computeLabel: (/** @type {{name: string}} */ { name }) => texts(`editor.${name}`),
    computeHelper: (/** @type {{name: string}} */ { name }) =>
      texts(name === "count" ? "editor.count_help" : `editor.alarms_${name}_help`),
  };
}

export async function welcomeForm() {
  const texts = await loadTexts(await rootHass(), DOMAIN);
  return {
    schema: [{ name: "title", selector: { text: {} } }],
    computeLabel: () => texts("editor.title"),
    computeHelper: () => texts("editor.welcome_title_help"),
  };
}
