/** What Home Assistant's frontend knows of the boards, and how it writes times. */

const DOMAIN = "esp32_sensors";
const BATTERY_DOMAIN = "battery_thermal";

/**
 * Remember what is made of an object, as long as there is the object. The frontend never
 * changes its registries: it has new ones.
 *
 * @template {object} T
 * @template U
 * @param {(of: T) => U} make
 * @returns {(of: T) => U}
 */
function once(make) {
  const made = new WeakMap();
  return (of) => {
    if (!made.has(of)) made.set(of, make(of));
    return made.get(of);
  };
}

/** The devices by network and MAC. */
const devicesByBoard = once((devices) => {
  const found = new Map();
  for (const device of Object.values(devices)) {
    for (const [domain, id] of device.identifiers) {
      if (domain !== DOMAIN) continue;
      for (const entry of device.config_entries) found.set(`${entry}/${id}`, device);
    }
  }
  return found;
});

/** The LED entities by device. */
const ledsByDevice = once((entities) => {
  const leds = Object.values(entities).filter((it) => it.platform === DOMAIN && it.translation_key === "led");
  return new Map(leds.map((led) => [led.device_id, led.entity_id]));
});

/** The entities of the battery banks by device. */
const entitiesByBank = once((entities) => {
  const found = new Map();
  for (const entity of Object.values(entities)) {
    const { platform, device_id: bank } = entity;
    if (platform !== BATTERY_DOMAIN || !bank) continue;
    if (!found.has(bank)) found.set(bank, []);
    found.get(bank).push(entity);
  }
  return found;
});

/**
 * @param {any} hass
 * @param {import("./boards.js").Board} board
 * @returns {any | undefined} the device that stands for a board
 */
export function deviceOf(hass, board) {
  return devicesByBoard(hass.devices).get(board.key);
}

/**
 * @param {any} hass
 * @param {import("./boards.js").Board} board
 * @returns {string} what its owner calls a board
 */
export function nameOf(hass, board) {
  const device = deviceOf(hass, board);
  return device?.name_by_user || device?.name || board.name;
}

/**
 * @param {any} hass
 * @param {import("./boards.js").Board} board
 * @returns {string | null} the page of its device, where an administrator renames it; null
 *   for everybody else
 */
export function pathOf(hass, board) {
  const device = hass.user?.is_admin && deviceOf(hass, board);
  return device ? `/config/devices/device/${device.id}` : null;
}

/**
 * @param {any} hass
 * @param {import("./boards.js").Board} board
 * @returns {string | undefined} the switch of a board's LED; none if it is disabled
 */
export function ledOf(hass, board) {
  return ledsByDevice(hass.entities).get(deviceOf(hass, board)?.id);
}

/**
 * @typedef {object} Bank a battery bank, of the other integration
 * @property {any} picture states of its entities
 * @property {any | undefined} temperature of its hottest place
 * @property {{text: string, level: "warning" | "alarm"}[]} alarms those that are on
 * @property {string} name
 */

/**
 * The battery banks, when that integration is there too.
 *
 * @param {any} hass
 * @returns {Bank[]} by name
 */
export function batteryBanks(hass) {
  return [...entitiesByBank(hass.entities)]
    .map(([id, entities]) => bankOf(hass, hass.devices[id], entities))
    .filter(({ picture }) => picture)
    .sort((one, other) => one.name.localeCompare(other.name));
}

function bankOf(hass, device, entities) {
  const bank = { name: device?.name_by_user || device?.name || "", alarms: [] };
  for (const entity of entities) {
    const state = hass.states[entity.entity_id];
    if (!state) continue;
    const domain = entity.entity_id.split(".")[0];
    const about = `${domain}.${entity.translation_key}`;
    if (about === "image.thermal") bank.picture = state;
    if (about === "sensor.maximum") bank.temperature = state;
    const alarm = domain === "binary_sensor" && ["heat", "problem"].includes(state.attributes.device_class);
    if (!alarm || state.state !== "on") continue;
    const level = entity.translation_key.endsWith("_warning") ? "warning" : "alarm";
    bank.alarms.push({ text: state.attributes.friendly_name, level });
  }
  return bank;
}

/** How the user counts hours. */
const HOURS = { 12: "h12", 24: "h23" };

/** How a language counts them, or the browser. */
function hoursOf(language) {
  return new Intl.DateTimeFormat(language, { hour: "numeric" }).resolvedOptions().hourCycle;
}

/**
 * What writes times is the same as long as the profile and the house's time zone are: it is
 * slow to make, and what was written with it stands.
 *
 * @param {(hass: any) => (seconds: number) => string} make
 */
function kept(make) {
  let locale, zone, format;
  return (hass) => {
    if (hass.locale !== locale || hass.config.time_zone !== zone) {
      locale = hass.locale;
      zone = hass.config.time_zone;
      format = make(hass);
    }
    return format;
  };
}

/**
 * @param {any} hass
 * @returns {(seconds: number) => string} writes the time of a day as the user likes it
 */
export const clockFormat = kept((hass) => {
  const { language, time_format: clock } = hass.locale;
  const format = new Intl.DateTimeFormat(language, {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: HOURS[clock] ?? hoursOf(clock === "system" ? undefined : language),
    timeZone: zoneOf(hass),
  });
  return (seconds) => format.format(seconds * 1000);
});

/** The order in which the user writes a date. */
const DATES = { DMY: ["day", "month", "year"], MDY: ["month", "day", "year"], YMD: ["year", "month", "day"] };

/**
 * @param {any} hass
 * @returns {(seconds: number) => string} writes a day and a time as the user likes them
 */
export const timeFormat = kept((hass) => {
  const { language, date_format: order } = hass.locale;
  const format = new Intl.DateTimeFormat(order === "system" ? undefined : language, {
    year: "numeric",
    month: "numeric",
    day: "numeric",
    timeZone: zoneOf(hass),
  });
  const clock = clockFormat(hass);
  return (seconds) => `${dayText(format, hass.locale, seconds * 1000)}, ${clock(seconds)}`;
});

/** As Home Assistant does it: what a language writes first between two numbers, and what it ends with. */
function dayText(format, { language, date_format: order }, time) {
  if (!DATES[order]) return format.format(time);
  const parts = format.formatToParts(time);
  const value = (wanted) => parts.find(({ type }) => type === wanted)?.value;
  const last = parts.at(-1);
  // Bulgarian ends with the word for the year, which is nothing to end a day with.
  const ends = last.type === "literal" && !(language === "bg" && order === "YMD");
  return DATES[order].map(value).join(value("literal")) + (ends ? last.value : "");
}

/** @returns {string | undefined} the user's time zone; undefined: the browser's */
function zoneOf(hass) {
  return hass.locale.time_zone === "server" ? hass.config.time_zone : undefined;
}

/** @param {number} seconds since the epoch */
export function utc(seconds) {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
