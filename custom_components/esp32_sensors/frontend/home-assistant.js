/** The boards in Home Assistant's registries, and how times are written. */

import { hourCycleOf, kept, zoneOf } from "./common/formats.js";
import { DOMAIN } from "./domain.js";

/**
 * Remember what is made of an object, as long as there is the object. The frontend never
 * changes the objects of its registries: it makes new ones.
 *
 * @template {object} T
 * @template U
 * @param {(of: T) => U} make
 * @returns {(of: T) => U}
 */
export function once(make) {
  const made = new WeakMap();
  return (of) => {
    if (!made.has(of)) made.set(of, make(of));
    return made.get(of);
  };
}

/** The devices by network and MAC. */
const devicesByBoard = once((/** @type {Hass["devices"]} */ devices) => {
  /** @type {Map<string, HassDevice>} */
  const found = new Map();
  for (const device of Object.values(devices)) {
    for (const [domain, id] of device.identifiers) {
      if (domain !== DOMAIN) continue;
      for (const entry of device.config_entries) found.set(`${entry}/${id}`, device);
    }
  }
  return found;
});

/** @param {string} key the translation key of one entity of each board */
const entitiesByDevice = (key) =>
  once((/** @type {Hass["entities"]} */ entities) => {
    const found = Object.values(entities).filter((it) => it.platform === DOMAIN && it.translation_key === key);
    return new Map(found.map((entity) => [entity.device_id, entity.entity_id]));
  });
const ledsByDevice = entitiesByDevice("led");
const identifyButtonsByDevice = entitiesByDevice("identify");

/**
 * @param {Hass} hass
 * @param {import("./boards.js").Board} board
 * @returns {HassDevice | undefined} the device that stands for a board
 */
export function deviceOf(hass, board) {
  return devicesByBoard(hass.devices).get(board.key);
}

/**
 * @param {Hass} hass
 * @returns {boolean} whether there is a board the viewer may see
 */
export function hasBoards(hass) {
  return ledsByDevice(hass.entities).size > 0;
}

/**
 * @param {Hass} hass
 * @returns {HassArea[]} the areas of the house, by name
 */
export function areasOf(hass) {
  return Object.values(hass.areas ?? {}).sort((one, other) => one.name.localeCompare(other.name));
}

/**
 * @param {Hass} hass
 * @param {import("./boards.js").Board} board
 * @returns {string} what its owner calls a board
 */
export function nameOf(hass, board) {
  const device = deviceOf(hass, board);
  return device?.name_by_user || device?.name || board.name;
}

/**
 * @param {Hass} hass
 * @param {import("./boards.js").Board} board
 * @returns {string | null} the page of its device, where an administrator renames it; null
 *   for everybody else
 */
export function pathOf(hass, board) {
  const device = hass.user?.is_admin && deviceOf(hass, board);
  return device ? `/config/devices/device/${device.id}` : null;
}

/**
 * @param {Hass} hass
 * @param {import("./boards.js").Board} board
 * @returns {string | undefined} the switch of a board's LED; none if it is disabled
 */
export function ledOf(hass, board) {
  return ledsByDevice(hass.entities).get(deviceOf(hass, board)?.id);
}

/**
 * @param {Hass} hass
 * @param {import("./boards.js").Board} board
 * @returns {string | undefined} the button that identifies a board; none if it is disabled
 */
export function identifyButtonOf(hass, board) {
  return identifyButtonsByDevice(hass.entities).get(deviceOf(hass, board)?.id);
}

/**
 * @param {Hass} hass
 * @returns {(seconds: number) => string} writes the time of a day as the user likes it
 */
export const clockFormat = kept((hass) => {
  const format = new Intl.DateTimeFormat(hass.locale.language, {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: hourCycleOf(hass),
    timeZone: zoneOf(hass),
  });
  return (/** @type {number} */ seconds) => format.format(seconds * 1000);
});

/** @type {Record<string, Intl.DateTimeFormatPartTypes[] | undefined>} the order in which the user writes a date */
const DATES = { DMY: ["day", "month", "year"], MDY: ["month", "day", "year"], YMD: ["year", "month", "day"] };

/**
 * @typedef {object} Moment a time as it is written
 * @property {string} day
 * @property {string} clock the time of the day
 */

/**
 * @param {Hass} hass
 * @returns {(seconds: number) => Moment} writes a day and a time as the user likes them
 */
export const momentFormat = kept((hass) => {
  const { language, date_format: order } = hass.locale;
  const format = new Intl.DateTimeFormat(order === "system" ? undefined : language, {
    year: "numeric",
    month: "numeric",
    day: "numeric",
    timeZone: zoneOf(hass),
  });
  const clock = clockFormat(hass);
  return (/** @type {number} */ seconds) => ({
    day: dayText(format, hass.locale, seconds * 1000),
    clock: clock(seconds),
  });
});

/**
 * @param {Hass} hass
 * @returns {(seconds: number) => string} writes a day and a time in one text
 */
export const timeFormat = kept((hass) => {
  const moment = momentFormat(hass);
  return (/** @type {number} */ seconds) => {
    const { day, clock } = moment(seconds);
    return `${day}, ${clock}`;
  };
});

/**
 * As Home Assistant does it: what a language writes first between two numbers, and what it ends with.
 *
 * @param {Intl.DateTimeFormat} format
 * @param {HassLocale} locale
 * @param {number} time milliseconds since the epoch
 */
function dayText(format, { language, date_format: order }, time) {
  const wanted = DATES[order];
  if (!wanted) return format.format(time);
  const parts = format.formatToParts(time);
  const value = (/** @type {Intl.DateTimeFormatPartTypes} */ kind) => parts.find(({ type }) => type === kind)?.value;
  const last = parts[parts.length - 1];
  // Bulgarian ends with the word for the year, which is nothing to end a day with.
  const ends = last.type === "literal" && !(language === "bg" && order === "YMD");
  return wanted.map(value).join(value("literal")) + (ends ? last.value : "");
}

/** @param {number} seconds since the epoch */
export function utc(seconds) {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/**
 * @param {number} seconds since the epoch
 * @returns {Moment} in UTC
 */
export function utcMoment(seconds) {
  const [day, clock] = utc(seconds).split(" ");
  return { day: `${day} UTC`, clock };
}
