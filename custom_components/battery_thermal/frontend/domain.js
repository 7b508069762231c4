/** The integration's name in Home Assistant. */

export const DOMAIN = "battery_thermal";
