/** All pages at once: Add dashboard > Community dashboards. */

import { loadTexts } from "./common/texts.js";
import { DOMAIN } from "./domain.js";
import { hasBoards } from "./home-assistant.js";

export class Esp32Strategy extends HTMLElement {
  /**
   * The pages depend on none of Home Assistant's registries: a change there must not make the
   * open page anew, which would lose what somebody is typing.
   *
   * @type {string[]}
   */
  static registryDependencies = [];

  /**
   * @param {{network?: string}} config
   * @param {Hass} hass
   */
  static async generate(config, hass) {
    const texts = await loadTexts(hass, DOMAIN);
    const { network } = config;
    const page = (/** @type {string} */ path, /** @type {string} */ icon, options = {}) => ({
      title: texts(`${path}.title`),
      path,
      icon,
      type: "panel",
      cards: [{ type: `custom:esp32-sensors-${path}`, ...(network && { network }), ...options }],
    });
    const welcome = page("welcome", "mdi:home-outline", { links: { live: "live", history: "history" } });
    const pages = [page("live", "mdi:chip"), page("history", "mdi:history")];
    // The first page is the one that the dashboard opens.
    return { views: hasBoards(hass) ? [...pages, welcome] : [welcome, ...pages] };
  }
}
