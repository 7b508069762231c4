/** Defines the cards, and offers them and the dashboard in the frontend's dialogs. */

import { AlarmsCard } from "./alarms-card.js";
import { define } from "./common/define.js";
import { loadTexts, rootHass } from "./common/texts.js";
import { DOMAIN } from "./domain.js";
import { ThermalCard } from "./thermal-card.js";
import { WelcomeCard } from "./welcome-card.js";

const DOCUMENTATION =
  "https://github.com/esp32-sensors-battery-thermal/esp32-sensors-battery-thermal";

define({
  "battery-thermal-alarms": AlarmsCard,
  "battery-thermal-card": ThermalCard,
  "battery-thermal-welcome": WelcomeCard,
});

/**
 * Suggest the card of a node for its thermal picture.
 *
 * @param {Hass} hass
 * @param {string} entityId
 */
function suggestNode(hass, entityId) {
  const entity = hass.entities[entityId];
  if (entity?.platform !== DOMAIN || entity.translation_key !== "thermal") return null;
  return { config: { type: "custom:battery-thermal-card", device: entity.device_id } };
}

/** @type {Offer[]} */
const cards = ["card", "alarms", "welcome"].map((key) => ({
  type: `battery-thermal-${key}`,
  key,
  name: key === "card" ? "Battery Thermal" : `Battery Thermal, ${key}`,
  preview: true,
  documentationURL: DOCUMENTATION,
  ...(key === "card" && { getEntitySuggestion: suggestNode }),
}));
/** @type {Offer} */
const strategy = {
  type: "battery-thermal",
  strategyType: "dashboard",
  name: "Battery Thermal",
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
