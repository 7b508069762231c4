/** How the node is received: when it was heard, and the figures of its radio that are enabled. Pure. */

import { ageFormat, entityNameOf } from "./home-assistant.js";

const KEYS = ["spreading_factor", "rssi", "snr", "gateways", "airtime", "downlinks", "lost_lines"];

/**
 * @param {Hass} hass
 * @param {import("./nodes.js").Node} node
 * @param {Record<string, HassState | undefined>} states of its entities
 * @param {import("./common/texts.js").Texts} texts
 * @returns {{entityId: string | undefined, text: string}[]} without an entity: it is disabled
 */
export function linkItems(hass, node, states, texts) {
  const radio = KEYS.flatMap((key) => {
    const state = states[`sensor.${key}`];
    if (!state || ["unknown", "unavailable"].includes(state.state)) return [];
    const { limit } = state.attributes;
    const most = limit === undefined || limit === null ? "" : ` / ${limit}`;
    const text = `${entityNameOf(hass, state, key)}: ${hass.formatEntityState(state)}${most}`;
    return [{ entityId: state.entity_id, text }];
  });
  if (!node.heard_at) return radio;
  // The time is that of the feed: the state of the sensor is written only when the node goes silent
  // and when it is back, and the sensor is disabled by default.
  const time = ageFormat(hass)(node.heard_at);
  return [{ entityId: states["sensor.last_uplink"]?.entity_id, text: texts("card.heard", { time }) }, ...radio];
}
