/** A page for each node: Add dashboard > Community dashboards. */

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
    return { views: pagesOf(hass) };
  }
}

function pagesOf(hass) {
  const nodes = Object.values(hass.devices)
    .filter((it) => it.identifiers.some(([domain]) => domain === "battery_thermal"))
    .sort((one, other) => (one.name ?? "").localeCompare(other.name ?? ""));
  // Without a node the card says what to do.
  return (nodes.length ? nodes : [null]).map((device) => ({
    title: device?.name_by_user || device?.name || "",
    path: device?.id ?? "battery",
    icon: nodes.length > 1 ? undefined : "mdi:car-battery",
    type: "panel",
    cards: [{ type: "custom:battery-thermal-card", ...(device && { device: device.id }) }],
  }));
}
