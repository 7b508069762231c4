/** Ask entities for settings. */

import { errorText } from "./common/texts.js";

/**
 * @param {{hass: Hass, texts: import("./common/texts.js").Texts}} card whose properties are read with each call
 * @returns {import("./settings.js").Act}
 */
export function actOf(card) {
  return async (domain, action, data, entityId) => {
    const { hass } = card;
    try {
      await hass.callService(domain, action, data, { entity_id: entityId }, false);
      return "";
    } catch (error) {
      return (await errorText(hass, error)) || card.texts("settings.failed");
    }
  };
}
