/** Makes the card and the dashboard known to Home Assistant's frontend. */

import { define } from "./define.js";
import { BatteryStrategy } from "./strategy.js";
import { loadTexts, rootHass } from "./texts.js";
import { ThermalCard } from "./thermal-card.js";

const DOCUMENTATION =
  "https://github.com/esp32-sensors-battery-thermal/esp32-sensors-battery-thermal";

define({
  "battery-thermal-card": ThermalCard,
  "ll-strategy-dashboard-battery-thermal": BatteryStrategy,
});

const card = {
  type: "battery-thermal-card",
  name: "Battery Thermal",
  preview: true,
  documentationURL: DOCUMENTATION,
  /** For the thermal picture: the card of its node. */
  getEntitySuggestion(hass, entityId) {
    const entity = hass.entities[entityId];
    if (entity?.platform !== "battery_thermal" || entity.translation_key !== "thermal") return null;
    return { config: { type: "custom:battery-thermal-card", device: entity.device_id } };
  },
};
const strategy = {
  type: "battery-thermal",
  strategyType: "dashboard",
  name: "Battery Thermal",
  documentationURL: DOCUMENTATION,
};

(window.customCards ??= []).push(card);
(window.customStrategies ??= []).push(strategy);

/** The names above are there at once; those in the user's language as soon as possible. */
async function translateNames() {
  const texts = await loadTexts(await rootHass());
  card.name = texts("cards.card_name");
  card.description = texts("cards.card_description");
  strategy.name = texts("cards.dashboard_name");
  strategy.description = texts("cards.dashboard_description");
}

translateNames();
