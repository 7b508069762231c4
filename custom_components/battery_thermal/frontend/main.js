/** Makes the cards and the dashboard known to Home Assistant's frontend. */

import { define } from "./define.js";
import { BatteryStrategy } from "./strategy.js";
import { loadTexts, rootHass } from "./texts.js";
import { ThermalCard } from "./thermal-card.js";
import { WelcomeCard } from "./welcome-card.js";

const DOCUMENTATION =
  "https://github.com/esp32-sensors-battery-thermal/esp32-sensors-battery-thermal";

define({
  "battery-thermal-card": ThermalCard,
  "battery-thermal-welcome": WelcomeCard,
  "ll-strategy-dashboard-battery-thermal": BatteryStrategy,
});

/** For the thermal picture: the card of its node. */
function suggestNode(hass, entityId) {
  const entity = hass.entities[entityId];
  if (entity?.platform !== "battery_thermal" || entity.translation_key !== "thermal") return null;
  return { config: { type: "custom:battery-thermal-card", device: entity.device_id } };
}

const cards = ["card", "welcome"].map((key) => ({
  type: `battery-thermal-${key}`,
  key,
  name: key === "card" ? "Battery Thermal" : `Battery Thermal, ${key}`,
  preview: true,
  documentationURL: DOCUMENTATION,
  ...(key === "card" && { getEntitySuggestion: suggestNode }),
}));
const strategy = {
  type: "battery-thermal",
  strategyType: "dashboard",
  name: "Battery Thermal",
  documentationURL: DOCUMENTATION,
};

(window.customCards ??= []).push(...cards);
(window.customStrategies ??= []).push(strategy);

/** The names above are there at once; those in the user's language as soon as possible. */
async function translateNames() {
  const texts = await loadTexts(await rootHass());
  for (const card of cards) {
    card.name = texts(`cards.${card.key}_name`);
    card.description = texts(`cards.${card.key}_description`);
  }
  strategy.name = texts("cards.dashboard_name");
  strategy.description = texts("cards.dashboard_description");
}

translateNames();
