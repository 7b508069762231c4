/** Makes the cards and the dashboard known to Home Assistant's frontend. */

import { define } from "./define.js";
import { HistoryCard } from "./history-card.js";
import { LiveCard } from "./live-card.js";
import { Esp32Strategy } from "./strategy.js";
import { loadTexts, rootHass } from "./texts.js";
import { WelcomeCard } from "./welcome-card.js";

const DOCUMENTATION =
  "https://github.com/esp32-sensors-battery-thermal/esp32-sensors-battery-thermal";

define({
  "esp32-sensors-live": LiveCard,
  "esp32-sensors-history": HistoryCard,
  "esp32-sensors-welcome": WelcomeCard,
  "ll-strategy-dashboard-esp32-sensors": Esp32Strategy,
});

/** For the LED of a board: the card of this board alone. */
function suggestBoard(hass, entityId) {
  const entity = hass.entities[entityId];
  if (entity?.platform !== "esp32_sensors" || entity.translation_key !== "led") return null;
  return { config: { type: "custom:esp32-sensors-live", device: entity.device_id } };
}

const cards = ["live", "history", "welcome"].map((key) => ({
  type: `esp32-sensors-${key}`,
  key,
  name: `ESP32 ${key}`,
  preview: true,
  documentationURL: DOCUMENTATION,
  ...(key === "live" && { getEntitySuggestion: suggestBoard }),
}));
const strategy = {
  type: "esp32-sensors",
  strategyType: "dashboard",
  name: "ESP32 sensors",
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
