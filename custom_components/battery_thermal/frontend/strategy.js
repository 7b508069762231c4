/** A welcome page, and one for each node: Add dashboard > Community dashboards. */

import { loadTexts } from "./common/texts.js";
import { DOMAIN } from "./domain.js";
import { nameOf, nodeDevices } from "./home-assistant.js";

export class BatteryStrategy extends HTMLElement {
  /**
   * Return whether Home Assistant must make the open page anew. Not when any other device has
   * changed: what somebody is typing would be lost.
   *
   * @param {object} _config
   * @param {Hass} before
   * @param {Hass} hass
   */
  static shouldRegenerate(_config, before, hass) {
    if (before.devices === hass.devices) return false;
    return JSON.stringify(pagesOf(before)) !== JSON.stringify(pagesOf(hass));
  }

  /**
   * @param {object} _config
   * @param {Hass} hass
   */
  static async generate(_config, hass) {
    const texts = await loadTexts(hass, DOMAIN);
    return { views: pagesOf(hass, texts("welcome.title")) };
  }
}

/**
 * Return the pages; with one battery bank its page is the first.
 *
 * @param {Hass} hass
 * @param {string} [title] of the welcome page
 */
function pagesOf(hass, title) {
  const devices = nodeDevices(hass);
  const nodes = devices.map((device) => ({
    title: nameOf(device),
    path: device.id,
    icon: devices.length > 1 ? undefined : "mdi:car-battery",
    type: "panel",
    cards: [{ type: "custom:battery-thermal-card", device: device.id }],
  }));
  const welcome = {
    title,
    path: "welcome",
    icon: "mdi:home-outline",
    type: "panel",
    cards: [{ type: "custom:battery-thermal-welcome", links: linksTo(devices) }],
  };
  return devices.length === 1 ? [...nodes, welcome] : [welcome, ...nodes];
}

/**
 * Each node's page, by its device.
 *
 * @param {HassDevice[]} devices
 */
function linksTo(devices) {
  return Object.fromEntries(devices.map(({ id }) => [id, id]));
}
