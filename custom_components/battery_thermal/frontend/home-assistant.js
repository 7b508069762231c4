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
 * @returns {Record<string, any>} by `domain.translation_key`; `alarms` are the problems,
 *   each with its text and level
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
    if (domain !== "binary_sensor" || !alarm || state.state !== "on") continue;
    const level = entity.translation_key.endsWith("_warning") ? "warning" : "alarm";
    states.alarms.push({ text: state.attributes.friendly_name, level });
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
    new Intl.NumberFormat(numberLocale(hass.locale), {
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

/**
 * Languages that write numbers as the user wants them; Home Assistant's frontend has the
 * same.
 */
const NUMBERS = {
  comma_decimal: "en-US",
  decimal_comma: "de",
  space_comma: "fr",
  quote_decimal: "de-CH",
  none: "en-US",
};

/** @returns {string | undefined} undefined: the browser's own */
function numberLocale({ language, number_format: format }) {
  return format === "system" ? undefined : (NUMBERS[format] ?? language);
}

/** @returns {string | undefined} the user's time zone; undefined: the browser's */
export function zoneOf(hass) {
  return hass.locale.time_zone === "server" ? hass.config.time_zone : undefined;
}

/** How the user counts hours. */
const HOURS = { 12: "h12", 24: "h23" };

/** How a language counts them, or the browser. */
function hoursOf(language) {
  return new Intl.DateTimeFormat(language, { hour: "numeric" }).resolvedOptions().hourCycle;
}

/**
 * @param {any} hass
 * @param {Intl.DateTimeFormatOptions} [options]
 * @returns {(seconds: number) => string} writes a time as the user likes it
 */
export function timeFormat(hass, options = { dateStyle: "medium", timeStyle: "short" }) {
  const { language, time_format: clock } = hass.locale;
  const format = new Intl.DateTimeFormat(language, {
    ...options,
    hourCycle: HOURS[clock] ?? hoursOf(clock === "system" ? undefined : language),
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
    if (Math.abs(minutes) < 90) return format.format(minutes, "minute");
    const hours = Math.round(minutes / 60);
    if (Math.abs(hours) < 48) return format.format(hours, "hour");
    return format.format(Math.round(hours / 24), "day");
  };
}
