/** The banners about one battery bank, as its page and the welcome page show them. */

import { alarmsOf, bannersOf } from "./alarms.js";
import { sinceFormat, temperatureFormat } from "./home-assistant.js";

/** What is known of a node before its values have arrived: only that entities are on. */
const UNHEARD = { look: /** @type {any} */ ({ areas: [] }), threshold: null, simulated: false };

/**
 * @param {Hass} hass
 * @param {import("./nodes.js").Node | undefined} node undefined until its values have arrived: an alarm that is on is said
 *   at once, without values
 * @param {Record<string, HassState | undefined>} states of its entities
 * @param {import("./common/texts.js").Texts} texts
 * @param {import("./nodes.js").ThermalImage | null} [image] of now: alarms that are on are about it
 * @param {import("./archive.js").Archived | null} [past] the image of the archive that is looked at instead
 */
export function bankBanners(hass, node, states, texts, image = node?.image, past = null) {
  const { look, simulated, threshold } = node ?? UNHEARD;
  const circumstances = {
    image,
    seen: past ? past.image : image,
    look,
    threshold,
    simulated: !past && simulated,
    rise: states["sensor.rise"],
    write: temperatureFormat(hass),
    time: sinceFormat(hass),
    format: (/** @type {HassState} */ state) => hass.formatEntityState(state),
  };
  return bannersOf(alarmsOf(states), circumstances, texts);
}
