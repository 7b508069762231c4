/** What Home Assistant's frontend knows of a node, and how it writes things. */

import { inUnit } from "./scale.js";

const DOMAIN = "battery_thermal";

/**
 * @param {any} hass
 * @param {string} id of the node's subentry
 * @returns {any | undefined} the device that stands for a node
 */
export function deviceOf(hass, id) {
  return Object.values(hass.devices).find((device) =>
    device.identifiers.some(([domain, of]) => domain === DOMAIN && of === id),
  );
}

/**
 * The states of a node's entities that are there.
 *
 * @param {any} hass
 * @param {string} id of the node's subentry
 * @returns {Record<string, any>} by `domain.translation_key`; `alarms` are the problems
 */
export function statesOf(hass, id) {
  const device = deviceOf(hass, id);
  const states = { alarms: [] };
  for (const entity of Object.values(hass.entities)) {
    if (!device || entity.device_id !== device.id) continue;
    const state = hass.states[entity.entity_id];
    if (!state) continue;
    const domain = entity.entity_id.split(".")[0];
    states[`${domain}.${entity.translation_key}`] = state;
    const alarm = ["heat", "problem"].includes(state.attributes.device_class);
    if (domain === "binary_sensor" && alarm && state.state === "on") states.alarms.push(state);
  }
  return states;
}

/**
 * @callback Write writes a temperature
 * @param {number} celsius
 * @param {0 | 1} [decimals] at least so many
 * @returns {string}
 *
 * @typedef {Write & {
 *   unit: string,
 *   number: (celsius: number) => string,
 *   difference: (kelvin: number) => string,
 * }} Writer `number` leaves out the unit
 */

/**
 * @param {any} hass
 * @returns {Writer} in the house's unit
 */
export function temperatureFormat(hass) {
  const unit = hass.config.unit_system.temperature;
  const format = (digits, signDisplay) =>
    new Intl.NumberFormat(hass.language, {
      minimumFractionDigits: digits,
      maximumFractionDigits: 1,
      signDisplay,
    });
  const formats = [format(0), format(1)];
  const signed = format(1, "exceptZero");
  const number = (celsius, decimals = 1) => formats[decimals].format(inUnit(celsius, unit));
  const write = (celsius, decimals) => `${number(celsius, decimals)} ${unit}`;
  const difference = (kelvin) => {
    const [value, of] = unit === "°F" ? [kelvin * 1.8, unit] : [kelvin, "K"];
    return `${signed.format(value)} ${of}`;
  };
  return Object.assign(write, { unit, number, difference });
}

/** @returns {string | undefined} the user's time zone; undefined: the browser's */
export function zoneOf(hass) {
  return hass.locale.time_zone === "server" ? hass.config.time_zone : undefined;
}

/**
 * @param {any} hass
 * @param {Intl.DateTimeFormatOptions} [options]
 * @returns {(seconds: number) => string} writes a time as the user likes it
 */
export function timeFormat(hass, options = { dateStyle: "medium", timeStyle: "short" }) {
  const { language, time_format: clock } = hass.locale;
  const format = new Intl.DateTimeFormat(clock === "system" ? undefined : language, {
    ...options,
    hour12: { 12: true, 24: false }[clock],
    timeZone: zoneOf(hass),
  });
  return (seconds) => format.format(seconds * 1000);
}

/**
 * @param {any} hass
 * @returns {(seconds: number) => string} writes how long ago a time was
 */
export function ageFormat(hass) {
  const format = new Intl.RelativeTimeFormat(hass.language, { numeric: "auto" });
  return (seconds) => {
    const minutes = Math.round((seconds - Date.now() / 1000) / 60);
    return Math.abs(minutes) < 90
      ? format.format(minutes, "minute")
      : format.format(Math.round(minutes / 60), "hour");
  };
}
