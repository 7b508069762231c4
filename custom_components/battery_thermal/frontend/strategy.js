/** A page for each node: Add dashboard > Community dashboards. */

export class BatteryStrategy extends HTMLElement {
  /**
   * @param {object} _config
   * @param {any} hass
   */
  static async generate(_config, hass) {
    const nodes = Object.values(hass.devices)
      .filter((it) => it.identifiers.some(([domain]) => domain === "battery_thermal"))
      .sort((one, other) => (one.name ?? "").localeCompare(other.name ?? ""));
    // Without a node the card says what to do.
    const views = (nodes.length ? nodes : [null]).map((device) => ({
      title: device?.name_by_user || device?.name || "",
      path: device?.id ?? "battery",
      icon: nodes.length > 1 ? undefined : "mdi:car-battery",
      type: "panel",
      cards: [{ type: "custom:battery-thermal-card", ...(device && { device: device.id }) }],
    }));
    return { views };
  }
}
