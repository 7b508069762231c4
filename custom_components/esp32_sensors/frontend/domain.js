/** The integration's name in Home Assistant. */

export const DOMAIN = "esp32_sensors";
