/** The card's editor, as a form of Home Assistant. */

import { PALETTES, SCALES } from "./look-choice.js";
import { loadTexts, rootHass } from "./texts.js";

export async function thermalForm() {
  const texts = await loadTexts(await rootHass());
  const choice = (names) => ({
    select: { mode: "dropdown", options: names.map((value) => ({ value, label: texts(`look.${value}`) })) },
  });
  const celsius = { number: { mode: "box", min: -40, max: 300, unit_of_measurement: "°C" } };
  return {
    schema: [
      { name: "title", selector: { text: {} } },
      { name: "device", selector: { device: { integration: "battery_thermal", entity: { domain: "camera" } } } },
      { name: "palette", selector: choice(PALETTES) },
      { name: "scale", selector: choice(SCALES) },
      { name: "low", selector: celsius },
      { name: "high", selector: celsius },
      { name: "small", selector: { boolean: {} } },
    ],
    computeLabel: ({ name }) => texts(`editor.${name}`),
    computeHelper: ({ name }) => texts(`editor.${name}_help`),
  };
}
