/** Defines the cards, and offers them and the dashboard in the frontend's dialogs. */

import { define } from "./common/define.js";
import { loadTexts, rootHass } from "./common/texts.js";
import { DOMAIN } from "./domain.js";
import { HistoryCard } from "./history-card.js";
import { LiveCard } from "./live-card.js";
import { WelcomeCard } from "./welcome-card.js";

const DOCUMENTATION =
  "https://github.com/esp32-sensors-battery-thermal/esp32-sensors-battery-thermal";

define({
  "esp32-sensors-live": LiveCard,
  "esp32-sensors-history": HistoryCard,
  "esp32-sensors-welcome": WelcomeCard,
});

/**
 * Suggest the card of one board for the LED of that board.
 *
 * @param {Hass} hass
 * @param {string} entityId
 */
function suggestBoard(hass, entityId) {
  const entity = hass.entities[entityId];
  if (entity?.platform !== DOMAIN || entity.translation_key !== "led") return null;
  return { config: { type: "custom:esp32-sensors-live", device: entity.device_id } };
}

/** @type {Offer[]} */
const cards = ["live", "history", "welcome"].map((key) => ({
  type: `esp32-sensors-${key}`,
  key,
  name: `ESP32 ${key}`,
  preview: true,
  documentationURL: DOCUMENTATION,
  ...(key === "live" && { getEntitySuggestion: suggestBoard }),
}));
/** @type {Offer} */
const strategy = {
  type: "esp32-sensors",
  strategyType: "dashboard",
  name: "ESP32 sensors",
  documentationURL: DOCUMENTATION,
};

(window.customCards ??= []).push(...cards);
(window.customStrategies ??= []).push(strategy);

/** Replace the names above by those in the user's language, as soon as these are there. */
async function translateNames() {
  const texts = await loadTexts(await rootHass(), DOMAIN);
  for (const card of cards) {
    card.name = texts(`cards.${card.key}_name`);
    card.description = texts(`cards.${card.key}_description`);
  }
  strategy.name = texts("cards.dashboard_name");
  strategy.description = texts("cards.dashboard_description");
}

translateNames();
