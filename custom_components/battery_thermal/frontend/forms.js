/** The cards' editors, as forms of Home Assistant. */

import { PALETTES, SCALES } from "./look-choice.js";
import { inUnit } from "./scale.js";
import { loadTexts, rootHass } from "./texts.js";

/** °C that the camera can measure at most. */
const ENDS = [-40, 300];

export async function thermalForm() {
  const hass = await rootHass();
  const texts = await loadTexts(hass);
  const choice = (names) => ({
    select: { mode: "dropdown", options: names.map((value) => ({ value, label: texts(`look.${value}`) })) },
  });
  const unit = hass.config.unit_system.temperature;
  const [min, max] = ENDS.map((celsius) => inUnit(celsius, unit));
  const temperature = { number: { mode: "box", min, max, unit_of_measurement: unit } };
  return {
    schema: [
      { name: "title", selector: { text: {} } },
      { name: "device", selector: { device: { integration: "battery_thermal", entity: { domain: "camera" } } } },
      { name: "palette", selector: choice(PALETTES) },
      { name: "scale", selector: choice(SCALES) },
      { name: "low", selector: temperature },
      { name: "high", selector: temperature },
      { name: "small", selector: { boolean: {} } },
    ],
    computeLabel: ({ name }) => texts(`editor.${name}`),
    computeHelper: ({ name }) => texts(`editor.${name}_help`),
  };
}

export async function welcomeForm() {
  const texts = await loadTexts(await rootHass());
  return {
    schema: [{ name: "title", selector: { text: {} } }],
    computeLabel: () => texts("editor.title"),
    computeHelper: () => texts("editor.welcome_title_help"),
  };
}
