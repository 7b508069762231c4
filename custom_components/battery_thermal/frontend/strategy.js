/** A welcome page, and one for each node: Add dashboard > Community dashboards. */

import { nameOf, nodeDevices } from "./home-assistant.js";
import { loadTexts } from "./texts.js";

export class BatteryStrategy extends HTMLElement {
  /**
   * Home Assistant makes the open page anew when this says so: not when any other device of
   * the house has changed, for what somebody is typing would be lost.
   *
   * @param {object} _config
   * @param {any} before
   * @param {any} hass
   */
  static shouldRegenerate(_config, before, hass) {
    if (before.devices === hass.devices) return false;
    return JSON.stringify(pagesOf(before)) !== JSON.stringify(pagesOf(hass));
  }

  /**
   * @param {object} _config
   * @param {any} hass
   */
  static async generate(_config, hass) {
    const texts = await loadTexts(hass);
    return { views: pagesOf(hass, texts("welcome.title")) };
  }
}

/** Who has one battery bank wants to see that one first. */
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

/** Each node's page, by its device. */
function linksTo(devices) {
  return Object.fromEntries(devices.map(({ id }) => [id, id]));
}
