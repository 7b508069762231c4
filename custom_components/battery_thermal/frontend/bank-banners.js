/** The banners about one battery bank, as its page and the welcome page show them. */

import { alarmsOf, bannersOf } from "./alarms.js";
import { sinceFormat, temperatureFormat } from "./home-assistant.js";

/**
 * @param {Hass} hass
 * @param {import("./nodes.js").Node} node
 * @param {Record<string, HassState | undefined>} states of its entities
 * @param {import("./common/texts.js").Texts} texts
 * @param {import("./nodes.js").ThermalImage | null} [image] that is looked at
 * @param {import("./archive.js").Archived | null} [past] that image, if it is one of the archive
 */
export function bankBanners(hass, node, states, texts, image = node.image, past = null) {
  const circumstances = {
    image,
    look: node.look,
    threshold: past ? past.threshold : node.threshold,
    simulated: !past && node.simulated,
    rise: states["sensor.rise"],
    write: temperatureFormat(hass),
    time: sinceFormat(hass),
    format: (/** @type {HassState} */ state) => hass.formatEntityState(state),
  };
  return bannersOf(alarmsOf(states), circumstances, texts);
}
