/** All pages at once: Add dashboard > Community dashboards. */

import { loadTexts } from "./texts.js";

export class Esp32Strategy extends HTMLElement {
  /**
   * The pages depend on nothing in the house's registries: Home Assistant need not make the
   * open one anew, and lose what somebody is typing, because something else has a new name.
   */
  static registryDependencies = [];

  /**
   * @param {{network?: string}} config
   * @param {any} hass
   */
  static async generate(config, hass) {
    const texts = await loadTexts(hass);
    const { network } = config;
    const page = (path, icon, options = {}) => ({
      title: texts(`${path}.title`),
      path,
      icon,
      type: "panel",
      cards: [{ type: `custom:esp32-sensors-${path}`, ...(network && { network }), ...options }],
    });
    return {
      views: [
        page("welcome", "mdi:home-outline", { links: { live: "live", history: "history" } }),
        page("live", "mdi:chip"),
        page("history", "mdi:history"),
      ],
    };
  }
}
