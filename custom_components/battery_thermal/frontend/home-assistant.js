/** The nodes in Home Assistant's registries and states, and how their values are written. */

import { alarmsOf } from "./alarms.js";
import { hourCycleOf, kept, numberLocale, zoneOf } from "./common/formats.js";
import { dayOf } from "./days.js";
import { DOMAIN } from "./domain.js";
import { inUnit } from "./scale.js";

const BOARDS_DOMAIN = "esp32_sensors";

/**
 * @param {Hass} hass
 * @returns {HassDevice[]} the devices that stand for nodes and are not disabled, by name
 */
export function nodeDevices(hass) {
  return Object.values(hass.devices)
    .filter((device) => !device.disabled_by && nodeIdOf(device))
    .sort((one, other) => nameOf(one).localeCompare(nameOf(other)));
}

/**
 * @param {HassDevice} device
 * @returns {string | undefined} the subentry of the node that a device stands for
 */
function nodeIdOf(device) {
  return device.identifiers.find(([domain]) => domain === DOMAIN)?.[1];
}

/**
 * @param {HassDevice | undefined} device
 * @returns {string} the name of a device; "": there is none
 */
export function nameOf(device) {
  return device?.name_by_user || device?.name || "";
}

/**
 * @param {Hass} hass
 * @param {HassState} state
 * @param {string} key its translation key
 * @returns {string} what an entity is called within its device, in the language of the viewer
 */
export function entityNameOf(hass, state, key) {
  const domain = state.entity_id.split(".")[0];
  return (
    hass.localize?.(`component.${DOMAIN}.entity.${domain}.${key}.name`) ||
    hass.formatEntityName?.(state, [{ type: "entity" }]) ||
    state.attributes.friendly_name
  );
}

/**
 * @param {Hass} hass
 * @param {string} id of the node's subentry
 * @returns {HassDevice | undefined} the device that stands for a node
 */
export function deviceOf(hass, id) {
  return Object.values(hass.devices).find((device) => nodeIdOf(device) === id);
}

/**
 * @typedef {object} Known the entities that are shown here
 * @property {Map<string | undefined, HassEntity[]>} byDevice those of the nodes
 * @property {string[]} boards the counts of boards that are online
 * @property {string[]} ids all of these entities
 */

/** @type {WeakMap<object, Known>} a house has thousands of entities, and they seldom change */
const knownEntities = new WeakMap();

/**
 * @param {Hass} hass
 * @returns {Known}
 */
function entitiesOf(hass) {
  let known = knownEntities.get(hass.entities);
  if (known) return known;
  known = { byDevice: new Map(), boards: [], ids: [] };
  for (const entity of Object.values(hass.entities)) {
    const { platform, device_id: device, translation_key: key } = entity;
    if (platform === BOARDS_DOMAIN && key === "boards_online") known.boards.push(entity.entity_id);
    else if (platform !== DOMAIN) continue;
    known.ids.push(entity.entity_id);
    if (platform !== DOMAIN) continue;
    const others = known.byDevice.get(device);
    if (others) others.push(entity);
    else known.byDevice.set(device, [entity]);
  }
  knownEntities.set(hass.entities, known);
  return known;
}

/**
 * @param {Hass} hass
 * @returns {string[]} every entity that a card may show a state of
 */
export function entityIdsOf(hass) {
  return entitiesOf(hass).ids;
}

/**
 * The states of a node's entities that are there.
 *
 * @param {Hass} hass
 * @param {HassDevice | undefined} device that stands for the node
 * @returns {Record<string, HassState | undefined>} by `domain.translation_key`
 */
export function statesOf(hass, device) {
  /** @type {Record<string, HassState | undefined>} */
  const states = {};
  for (const { entity_id: id, translation_key: key } of entitiesOf(hass).byDevice.get(device?.id) ?? []) {
    const state = hass.states[id];
    if (state) states[`${id.split(".")[0]}.${key}`] = state;
  }
  return states;
}

/**
 * @typedef {object} Bank a battery bank, as far as it is seen at a glance
 * @property {string} id of the device
 * @property {string} node id of its subentry
 * @property {string} name
 * @property {HassState} picture state of the entity that has it
 * @property {HassState | undefined} temperature state of its hottest place
 * @property {Record<string, HassState | undefined>} states of its entities
 * @property {"silent" | "unavailable" | "waiting" | "alarm" | "quiet"} condition
 */

/**
 * The battery banks whose picture the user may see.
 *
 * @param {Hass} hass
 * @returns {Bank[]} by name
 */
export function banksOf(hass) {
  return nodeDevices(hass).flatMap((device) => {
    const states = statesOf(hass, device);
    const picture = states["image.thermal"] ?? states["camera.thermal"];
    if (!picture) return [];
    const temperature = states["sensor.maximum"];
    const condition = conditionOf(states, picture, alarmsOf(states).length > 0);
    const node = /** @type {string} */ (nodeIdOf(device));
    return [{ id: device.id, node, name: nameOf(device), picture, temperature, states, condition }];
  });
}

/**
 * Without a picture a bank is not said to be without alarm.
 *
 * @param {Record<string, HassState | undefined>} states of the node's entities
 * @param {HassState} picture
 * @param {boolean} alarm whether there is any alarm or warning
 * @returns {Bank["condition"]}
 */
function conditionOf(states, picture, alarm) {
  if (states["binary_sensor.silent"]?.state === "on") return "silent";
  if (picture.state === "unavailable") return "unavailable";
  if (picture.state === "unknown") return "waiting";
  return alarm ? "alarm" : "quiet";
}

/**
 * How many boards of the other integration are online.
 *
 * @param {Hass} hass
 * @returns {number | null} NaN: not available; null: the other integration is not there, or the user may not see it
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

export const temperatureFormat = kept(makeTemperatureFormat);

/**
 * @param {Hass} hass
 * @returns {Writer} in the server's unit
 */
function makeTemperatureFormat(hass) {
  const unit = hass.config.unit_system.temperature;
  /**
   * @param {number} digits
   * @param {"exceptZero"} [signDisplay]
   */
  const format = (digits, signDisplay) =>
    new Intl.NumberFormat(numberLocale(hass.locale), {
      minimumFractionDigits: digits,
      maximumFractionDigits: 1,
      signDisplay,
    });
  const formats = [format(0), format(1)];
  const signed = format(1, "exceptZero");
  /**
   * @param {number} celsius
   * @param {0 | 1} [decimals]
   */
  const number = (celsius, decimals = 1) => formats[decimals].format(inUnit(celsius, unit));
  /** @type {Write} */
  const write = (celsius, decimals) => `${number(celsius, decimals)} ${unit}`;
  const difference = (/** @type {number} */ kelvin) => {
    /** @type {[number, string]} */
    const [value, of] = unit === "°F" ? [kelvin * 1.8, unit] : [kelvin, "K"];
    return `${signed.format(value)} ${of}`;
  };
  return Object.assign(write, { unit, number, difference });
}

export const percentFormat = kept(makePercentFormat);

/**
 * @param {Hass} hass
 * @returns {(percent: number) => string}
 */
function makePercentFormat(hass) {
  const format = new Intl.NumberFormat(numberLocale(hass.locale), { style: "percent", maximumFractionDigits: 1 });
  return (percent) => format.format(percent / 100);
}

/**
 * @param {Hass} hass
 * @param {Intl.DateTimeFormatOptions} [options]
 * @returns {(seconds: number) => string} writes a time as the user likes it
 */
export function timeFormat(hass, options = { dateStyle: "medium", timeStyle: "short" }) {
  const format = new Intl.DateTimeFormat(hass.locale.language, {
    ...options,
    hourCycle: hourCycleOf(hass),
    timeZone: zoneOf(hass),
  });
  return (seconds) => format.format(seconds * 1000);
}

/**
 * @param {Hass} hass
 * @returns {(seconds: number) => string} writes a time of today without its day
 */
export function sinceFormat(hass) {
  const zone = zoneOf(hass);
  const [clock, full] = [timeFormat(hass, { timeStyle: "short" }), timeFormat(hass)];
  const today = dayOf(Date.now(), zone);
  return (seconds) => (dayOf(seconds * 1000, zone) === today ? clock : full)(seconds);
}

/**
 * @param {Hass} hass
 * @returns {(seconds: number) => string} writes how long ago a time was
 */
export function ageFormat(hass) {
  const format = new Intl.RelativeTimeFormat(hass.language, { numeric: "auto" });
  return (seconds) => {
    // With a clock that is behind, here or there, the age would be negative.
    const minutes = Math.min(Math.round((seconds - Date.now() / 1000) / 60), 0);
    if (Math.abs(minutes) < 90) return format.format(minutes, "minute");
    const hours = Math.round(minutes / 60);
    if (Math.abs(hours) < 48) return format.format(hours, "hour");
    return format.format(Math.round(hours / 24), "day");
  };
}
