/** The battery banks of the other integration, as far as Home Assistant's states show them. */

import { hourCycleOf, kept, numberLocale, zoneOf } from "./common/formats.js";
import { once } from "./home-assistant.js";

const BATTERY_DOMAIN = "battery_thermal";

/** The entities of the battery banks by device. */
const entitiesByBank = once((/** @type {Hass["entities"]} */ entities) => {
  /** @type {Map<string, HassEntity[]>} */
  const found = new Map();
  for (const entity of Object.values(entities)) {
    const { platform, device_id: bank } = entity;
    if (platform !== BATTERY_DOMAIN || !bank) continue;
    const others = found.get(bank);
    if (others) others.push(entity);
    else found.set(bank, [entity]);
  }
  return found;
});

/**
 * The kinds of alarms, the most urgent first, and the entities that say so, by their translation
 * keys. The highest level of a kind is shown.
 *
 * @type {[string, "warning" | "alarm", string][]}
 */
const KINDS = [
  ["unseen_heat", "alarm", "unseen_heat"],
  ["over_threshold", "alarm", "over_threshold"],
  ["area_limit", "alarm", "area_limit"],
  ["imbalance", "alarm", "imbalance_alarm"],
  ["rise", "alarm", "rise_alarm"],
  ["imbalance", "warning", "imbalance_warning"],
  ["rise", "warning", "rise_warning"],
  ["drift", "warning", "drift"],
  ["silent", "warning", "silent"],
  ["image_too_old", "warning", "image_too_old"],
];

/**
 * @typedef {object} Alarm
 * @property {string} text what a person must know
 * @property {"warning" | "alarm"} level
 *
 * @typedef {object} Bank
 * @property {HassState} [picture] state of the entity that has it
 * @property {HassState} [temperature] that of its hottest place
 * @property {Alarm[]} alarms those that are on
 * @property {string} name
 */

/**
 * The battery banks, when that integration is there too.
 *
 * @param {Hass} hass
 * @param {import("./common/texts.js").Texts} texts
 * @returns {Bank[]} by name
 */
export function batteryBanks(hass, texts) {
  return [...entitiesByBank(hass.entities)]
    .map(([id, entities]) => bankOf(hass, texts, hass.devices[id], entities))
    .filter(({ picture }) => picture)
    .sort((one, other) => one.name.localeCompare(other.name));
}

/**
 * @param {Hass} hass
 * @param {import("./common/texts.js").Texts} texts
 * @param {HassDevice | undefined} device
 * @param {HassEntity[]} entities those of the device
 * @returns {Bank}
 */
function bankOf(hass, texts, device, entities) {
  /** @type {Record<string, HassState | undefined>} */
  const states = {};
  for (const { entity_id: id, translation_key: key } of entities) states[`${id.split(".")[0]}.${key}`] = hass.states[id];
  return {
    name: device?.name_by_user || device?.name || "",
    picture: states["image.thermal"],
    temperature: states["sensor.maximum"],
    alarms: alarmsOf(hass, texts, states),
  };
}

/**
 * @param {Hass} hass
 * @param {import("./common/texts.js").Texts} texts
 * @param {Record<string, HassState | undefined>} states of a bank's entities
 * @returns {Alarm[]}
 */
function alarmsOf(hass, texts, states) {
  /** @type {Map<string, Alarm>} */
  const found = new Map();
  for (const [kind, level, key] of KINDS) {
    const state = states[`binary_sensor.${key}`];
    if (state?.state === "on" && !found.has(kind)) found.set(kind, { level, text: alarmText(hass, texts, kind, state) });
  }
  return [...found.values()];
}

/**
 * @param {Hass} hass
 * @param {import("./common/texts.js").Texts} texts
 * @param {string} kind
 * @param {HassState} state
 */
function alarmText(hass, texts, kind, { attributes, last_changed: changed }) {
  const { area, cells, over_range: over, unit, value } = attributes;
  const known = over ?? (Number.isFinite(value) ? `${numberFormat(hass)(value)} ${unit}` : "");
  const drifting = Array.isArray(cells) ? cells.map(({ cell }) => cell).join(", ") : area;
  const values = { area: drifting ?? "", value: known };
  const whole = { drift: drifting, area_limit: area && known, imbalance: area && known }[kind] ?? known;
  const key = whole ? `${kind}_values` : kind;
  const text = texts(`battery.${key}`, values);
  // That of a drift is in days: the alarm is raised later.
  return changed && kind !== "drift" ? texts("battery.since", { text, time: sinceFormat(hass)(changed) }) : text;
}

const numberFormat = kept((hass) => {
  const format = new Intl.NumberFormat(numberLocale(hass.locale), { maximumFractionDigits: 1 });
  return (/** @type {number} */ value) => format.format(value);
});

/** Writes a time of today without its day. */
const sinceFormat = kept((hass) => {
  const timeZone = zoneOf(hass);
  const day = new Intl.DateTimeFormat("en", { dateStyle: "short", timeZone });
  const hourCycle = hourCycleOf(hass);
  const isHalf = hourCycle === "h12" || hourCycle === "h11";
  const hour = isHalf ? "numeric" : "2-digit";
  const format = (/** @type {Intl.DateTimeFormatOptions} */ more) =>
    new Intl.DateTimeFormat(hass.locale.language, { ...more, hour, minute: "2-digit", hourCycle, timeZone });
  const [short, long] = [format({}), format({ day: "numeric", month: "short" })];
  return (/** @type {string} */ changed) => {
    const time = Date.parse(changed);
    const text = (day.format(time) === day.format(Date.now()) ? short : long).format(time);
    // "9:05 PM" stays on one line.
    return isHalf ? text.replace(/\s(?=\S+$)/, "\u00a0") : text;
  };
});
