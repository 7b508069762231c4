/** Acknowledge alarms through the integration's action, which checks the rights. */

import { errorText } from "./common/texts.js";
import { DOMAIN } from "./domain.js";
import { deviceOf } from "./home-assistant.js";

/**
 * @param {Hass} hass
 * @param {import("./common/texts.js").Texts} texts
 * @param {string} node id of its subentry
 * @param {{alarm?: string, kind?: string, note?: string}} what
 * @returns {Promise<string>} what went wrong; "": nothing
 */
export async function acknowledge(hass, texts, node, what) {
  try {
    await hass.callService(DOMAIN, "acknowledge_alarm", what, { device_id: deviceOf(hass, node)?.id }, false);
    return "";
  } catch (error) {
    return (await errorText(hass, error)) || texts("alarm_log.not_acknowledged");
  }
}
