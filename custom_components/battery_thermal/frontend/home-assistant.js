/** What Home Assistant's frontend knows of a node, and how it writes things. */

import { inUnit } from "./scale.js";

const DOMAIN = "battery_thermal";
const BOARDS_DOMAIN = "esp32_sensors";

/**
 * @param {any} hass
 * @returns {any[]} the devices that stand for nodes and are not disabled, by name
 */
export function nodeDevices(hass) {
  return Object.values(hass.devices)
    .filter((device) => !device.disabled_by && nodeIdOf(device))
    .sort((one, other) => nameOf(one).localeCompare(nameOf(other)));
}

/** @returns {string | undefined} the subentry of the node that a device stands for */
function nodeIdOf(device) {
  return device.identifiers.find(([domain]) => domain === DOMAIN)?.[1];
}

/** @returns {string} what its owner calls a device; "": there is none */
export function nameOf(device) {
  return device?.name_by_user || device?.name || "";
}

/** @returns {string} what an entity is called within its device */
export function entityNameOf(hass, state) {
  return hass.formatEntityName?.(state, [{ type: "entity" }]) || state.attributes.friendly_name;
}

/**
 * @param {any} hass
 * @param {string} id of the node's subentry
 * @returns {any | undefined} the device that stands for a node
 */
export function deviceOf(hass, id) {
  return Object.values(hass.devices).find((device) => nodeIdOf(device) === id);
}

/**
 * @typedef {object} Known which of the house's entities matter here
 * @property {Map<string, any[]>} byDevice those of the nodes
 * @property {string[]} boards the counts of boards that are online
 */

/** @type {WeakMap<object, Known>} a house has thousands of entities, and they seldom change */
const knownEntities = new WeakMap();

/** @returns {Known} */
function entitiesOf(hass) {
  let known = knownEntities.get(hass.entities);
  if (known) return known;
  known = { byDevice: new Map(), boards: [] };
  for (const entity of Object.values(hass.entities)) {
    const { platform, device_id: device, translation_key: key } = entity;
    if (platform === BOARDS_DOMAIN && key === "boards_online") known.boards.push(entity.entity_id);
    if (platform !== DOMAIN) continue;
    if (!known.byDevice.has(device)) known.byDevice.set(device, []);
    known.byDevice.get(device).push(entity);
  }
  knownEntities.set(hass.entities, known);
  return known;
}

/**
 * The states of a node's entities that are there.
 *
 * @param {any} hass
 * @param {any | undefined} device that stands for the node
 * @returns {Record<string, any>} by `domain.translation_key`; `alarms` are the problems,
 *   each with its text, its name without the node's, and its level
 */
export function statesOf(hass, device) {
  const states = { alarms: [] };
  for (const entity of entitiesOf(hass).byDevice.get(device?.id) ?? []) {
    const state = hass.states[entity.entity_id];
    if (!state) continue;
    const domain = entity.entity_id.split(".")[0];
    states[`${domain}.${entity.translation_key}`] = state;
    const alarm = ["heat", "problem"].includes(state.attributes.device_class);
    if (domain !== "binary_sensor" || !alarm || state.state !== "on") continue;
    const level = entity.translation_key.endsWith("_warning") ? "warning" : "alarm";
    states.alarms.push({ text: state.attributes.friendly_name, name: entityNameOf(hass, state), level });
  }
  return states;
}

/**
 * @typedef {object} Bank a battery bank, as far as it is seen at a glance
 * @property {string} id of the device
 * @property {string} name
 * @property {any} picture state of the entity that has it
 * @property {any | undefined} temperature state of its hottest place
 * @property {{name: string, level: "warning" | "alarm"}[]} alarms those that are on
 * @property {"silent" | "unavailable" | "waiting" | "alarm" | "quiet"} condition
 */

/**
 * The battery banks whose picture the user may see.
 *
 * @param {any} hass
 * @returns {Bank[]} by name
 */
export function banksOf(hass) {
  return nodeDevices(hass).flatMap((device) => {
    const states = statesOf(hass, device);
    const picture = states["image.thermal"] ?? states["camera.thermal"];
    if (!picture) return [];
    const { alarms, "sensor.maximum": temperature } = states;
    const condition = conditionOf(states, picture);
    return [{ id: device.id, name: nameOf(device), picture, temperature, alarms, condition }];
  });
}

/** Nothing is quiet that has not been heard. */
function conditionOf(states, picture) {
  if (states["binary_sensor.silent"]?.state === "on") return "silent";
  if (picture.state === "unavailable") return "unavailable";
  if (picture.state === "unknown") return "waiting";
  return states.alarms.length ? "alarm" : "quiet";
}

/**
 * How many boards of the other integration are online.
 *
 * @param {any} hass
 * @returns {number | null} NaN: it does not say; null: it is not there, or nothing for the user
 */
export function boardsOnline(hass) {
  const states = entitiesOf(hass).boards.map((id) => hass.states[id]?.state).filter(Boolean);
  if (!states.length) return null;
  const counts = states.map(Number).filter(Number.isFinite);
  return counts.length ? counts.reduce((sum, count) => sum + count) : NaN;
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
