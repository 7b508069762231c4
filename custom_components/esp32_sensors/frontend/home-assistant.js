/** What Home Assistant's frontend knows of the boards, and how it writes times. */

const DOMAIN = "esp32_sensors";
const BATTERY_DOMAIN = "battery_thermal";

/** @type {WeakMap<object, Map<string, any>>} devices by network and MAC */
const devicesByBoard = new WeakMap();
/** @type {WeakMap<object, Map<string, string>>} LED entities by device */
const ledsByDevice = new WeakMap();

/**
 * @param {any} hass
 * @param {import("./boards.js").Board} board
 * @returns {any | undefined} the device that stands for a board
 */
export function deviceOf(hass, board) {
  let devices = devicesByBoard.get(hass.devices);
  if (!devices) {
    devices = new Map();
    for (const device of Object.values(hass.devices)) {
      for (const [domain, id] of device.identifiers) {
        if (domain !== DOMAIN) continue;
        for (const entry of device.config_entries) devices.set(`${entry}/${id}`, device);
      }
    }
    devicesByBoard.set(hass.devices, devices);
  }
  return devices.get(board.key);
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
 * @returns {string | undefined} the switch of a board's LED; none if it is disabled
 */
export function ledOf(hass, board) {
  let leds = ledsByDevice.get(hass.entities);
  if (!leds) {
    leds = new Map();
    for (const entity of Object.values(hass.entities)) {
      if (entity.platform === DOMAIN && entity.translation_key === "led") {
        leds.set(entity.device_id, entity.entity_id);
      }
    }
    ledsByDevice.set(hass.entities, leds);
  }
  return leds.get(deviceOf(hass, board)?.id);
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
  const banks = new Map();
  for (const entity of Object.values(hass.entities)) {
    const state = hass.states[entity.entity_id];
    if (entity.platform !== BATTERY_DOMAIN || !entity.device_id || !state) continue;
    if (!banks.has(entity.device_id)) banks.set(entity.device_id, { alarms: [] });
    const bank = banks.get(entity.device_id);
    const domain = entity.entity_id.split(".")[0];
    const about = `${domain}.${entity.translation_key}`;
    if (about === "image.thermal") bank.picture = state;
    if (about === "sensor.maximum") bank.temperature = state;
    const alarm = domain === "binary_sensor" && ["heat", "problem"].includes(state.attributes.device_class);
    if (!alarm || state.state !== "on") continue;
    const level = entity.translation_key.endsWith("_warning") ? "warning" : "alarm";
    bank.alarms.push({ text: state.attributes.friendly_name, level });
  }
  return [...banks]
    .filter(([, { picture }]) => picture)
    .map(([id, bank]) => ({ ...bank, name: hass.devices[id]?.name_by_user || hass.devices[id]?.name || "" }))
    .sort((one, other) => one.name.localeCompare(other.name));
}

/** How the user counts hours. */
const HOURS = { 12: "h12", 24: "h23" };

/** How a language counts them, or the browser. */
function hoursOf(language) {
  return new Intl.DateTimeFormat(language, { hour: "numeric" }).resolvedOptions().hourCycle;
}

/**
 * @param {any} hass
 * @returns {(seconds: number) => string} writes the time of a day as the user likes it
 */
export function clockFormat(hass) {
  const { language, time_format: clock } = hass.locale;
  const format = new Intl.DateTimeFormat(language, {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: HOURS[clock] ?? hoursOf(clock === "system" ? undefined : language),
    timeZone: zoneOf(hass),
  });
  return (seconds) => format.format(seconds * 1000);
}

/** The order in which the user writes a date. */
const DATES = { DMY: ["day", "month", "year"], MDY: ["month", "day", "year"], YMD: ["year", "month", "day"] };

/**
 * @param {any} hass
 * @returns {(seconds: number) => string} writes a day and a time as the user likes them
 */
export function timeFormat(hass) {
  const { language, date_format: order } = hass.locale;
  const format = new Intl.DateTimeFormat(order === "system" ? undefined : language, {
    year: "numeric",
    month: "numeric",
    day: "numeric",
    timeZone: zoneOf(hass),
  });
  const clock = clockFormat(hass);
  return (seconds) => `${dayText(format, order, seconds * 1000)}, ${clock(seconds)}`;
}

function dayText(format, order, time) {
  if (!DATES[order]) return format.format(time);
  const parts = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]));
  return DATES[order].map((name) => parts[name]).join(parts.literal);
}

/** @returns {string | undefined} the user's time zone; undefined: the browser's */
function zoneOf(hass) {
  return hass.locale.time_zone === "server" ? hass.config.time_zone : undefined;
}

/** @param {number} seconds since the epoch */
export function utc(seconds) {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
