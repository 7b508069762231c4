/** What is known of nodes and boards; times, ages and temperatures as the user's profile wants them. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import {
  ageFormat,
  banksOf,
  boardsOnline,
  entityIdsOf,
  nodeDevices,
  percentFormat,
  sinceFormat,
  statesOf,
  temperatureFormat,
  timeFormat,
} from "../../../custom_components/battery_thermal/frontend/home-assistant.js";

/** @returns {any} a `hass` with what is needed to write numbers and times */
const houseOf = (locale = {}) => ({
  language: "en",
  locale: { language: "en", time_format: "24", number_format: "language", time_zone: "server", ...locale },
  config: { time_zone: "Europe/Lisbon", unit_system: { temperature: "°C" } },
});
/** @type {Intl.DateTimeFormatOptions} */
const CLOCK = { hour: "2-digit", minute: "2-digit", second: "2-digit" };
const AFTER_MIDNIGHT = Date.parse("2026-07-01T23:05:12Z") / 1000;

test("the day begins with 00, or with 12 for who counts to 12", () => {
  assert.equal(timeFormat(houseOf(), CLOCK)(AFTER_MIDNIGHT), "00:05:12");
  assert.match(timeFormat(houseOf({ time_format: "12" }), CLOCK)(AFTER_MIDNIGHT), /^12:05:12\sAM$/);
  assert.match(timeFormat(houseOf({ time_format: "language" }), CLOCK)(AFTER_MIDNIGHT), /^12:05:12\sAM$/);
  const french = houseOf({ language: "fr", time_format: "language" });
  assert.equal(timeFormat(french, CLOCK)(AFTER_MIDNIGHT), "00:05:12");
});

test("numbers are written as the profile says, whatever the language is", () => {
  assert.equal(temperatureFormat(houseOf())(21.5), "21.5 °C");
  assert.equal(temperatureFormat(houseOf({ number_format: "decimal_comma" }))(21.5), "21,5 °C");
  assert.equal(temperatureFormat(houseOf({ language: "fr", number_format: "comma_decimal" }))(21.5), "21.5 °C");
  assert.equal(percentFormat(houseOf())(24.5), "24.5%");
  assert.match(percentFormat(houseOf({ number_format: "decimal_comma" }))(24.5), /^24,5\s%$/);
});

test("a time of today is written without its day", () => {
  mock.timers.enable({ apis: ["Date"], now: AFTER_MIDNIGHT * 1000 });
  const since = sinceFormat(houseOf());
  assert.equal(since(AFTER_MIDNIGHT), "00:05");
  assert.match(since(AFTER_MIDNIGHT - 600), /^Jul 1, 2026, 23:55$/);
  mock.timers.reset();
});

test("ages are in minutes, then hours, then days", () => {
  mock.timers.enable({ apis: ["Date"], now: 0 });
  const age = ageFormat(houseOf());
  assert.equal(age(-60 * 5), "5 minutes ago");
  assert.equal(age(-3600 * 47), "47 hours ago");
  assert.equal(age(-3600 * 72), "3 days ago");
  assert.equal(age(0), "this minute");
  assert.equal(age(3600), "this minute");
  mock.timers.reset();
});

const PICTURE = "image.bank";
const MAXIMUM = "sensor.bank_maximum";
/** @type {(id: string, name: string, more?: object) => any} */
const device = (id, name, more) => ({ id, name, identifiers: [["battery_thermal", `node-${id}`]], ...more });
/** @type {(entity_id: string, translation_key: string | undefined, more?: object) => any} */
const entity = (entity_id, translation_key, more) => ({
  entity_id,
  translation_key,
  platform: "battery_thermal",
  device_id: "a",
  ...more,
});
const problem = (/** @type {string} */ state) => ({
  entity_id: "binary_sensor.silent",
  state,
  attributes: { device_class: "problem", friendly_name: "Bank Silent" },
});

/**
 * A house with a bank whose picture is there, and what else is said.
 *
 * @param {{devices?: any[], entities?: any[], states?: object}} [more]
 * @returns {any}
 */
function houseWith({ devices = [device("a", "Bank")], entities = [], states = {} } = {}) {
  const all = [entity(PICTURE, "thermal"), entity(MAXIMUM, "maximum"), ...entities];
  return {
    devices: Object.fromEntries(devices.map((it) => [it.id, it])),
    entities: Object.fromEntries(all.map((it) => [it.entity_id, it])),
    states: {
      [PICTURE]: { entity_id: PICTURE, state: "2026-07-01T23:05:12Z", attributes: {} },
      [MAXIMUM]: { entity_id: MAXIMUM, state: "31.5", attributes: {} },
      ...states,
    },
    formatEntityName: (/** @type {HassState} */ { attributes }) => attributes.friendly_name.replace("Bank ", ""),
  };
}

test("nodes are sorted by the name that their owner gave, without those that are disabled", () => {
  const devices = [
    device("a", "Boat"),
    device("b", "Shed"),
    device("c", "Zoo", { name_by_user: "Attic" }),
    device("d", "Cellar", { disabled_by: "config_entry" }),
    { ...device("e", "Board"), identifiers: [["esp32_sensors", "e"]] },
  ];
  assert.deepEqual(nodeDevices(houseWith({ devices })).map(({ id }) => id), ["c", "a", "b"]);
});

test("a bank has its picture, its temperature and no alarm", () => {
  const house = houseWith();
  assert.deepEqual(banksOf(house), [
    {
      id: "a",
      node: "node-a",
      name: "Bank",
      picture: house.states[PICTURE],
      temperature: house.states[MAXIMUM],
      states: statesOf(house, house.devices.a),
      condition: "quiet",
    },
  ]);
});

test("a bank with an alarm has the states of its own entities, and of no other integration's", () => {
  const alarm = (/** @type {string} */ id, /** @type {string} */ state, /** @type {string} */ name) => ({
    [`binary_sensor.${id}`]: { entity_id: `binary_sensor.${id}`, state, attributes: { friendly_name: `Bank ${name}` } },
  });
  const house = houseWith({
    entities: [
      entity("binary_sensor.rise", "rise_warning"),
      entity("binary_sensor.uneven", "imbalance_warning"),
      entity("binary_sensor.cell", "imbalance_alarm"),
      entity("binary_sensor.hot", "over_threshold"),
      entity("binary_sensor.of_another", "unseen_heat", { platform: "template" }),
    ],
    states: {
      ...alarm("rise", "on", "Fast rise warning"),
      ...alarm("uneven", "on", "Cell imbalance warning"),
      ...alarm("cell", "on", "Cell imbalance alarm"),
      ...alarm("hot", "off", "Over threshold"),
      ...alarm("of_another", "on", "Other"),
    },
  });
  const [bank] = banksOf(house);
  assert.equal(bank.condition, "alarm");
  assert.equal(bank.states["binary_sensor.over_threshold"]?.state, "off");
  assert.equal(bank.states["binary_sensor.rise_warning"]?.state, "on");
  assert.deepEqual(statesOf(house, undefined), {});
  assert.equal(entityIdsOf(house).includes("binary_sensor.of_another"), false);
});

test("a bank without a picture is not shown as free of alarms", () => {
  const conditionWith = (/** @type {string} */ picture, /** @type {string} */ silent) => {
    const states = {
      [PICTURE]: { entity_id: PICTURE, state: picture, attributes: {} },
      "binary_sensor.silent": problem(silent),
    };
    const entities = [entity("binary_sensor.silent", "silent")];
    return banksOf(houseWith({ entities, states }))[0].condition;
  };
  assert.equal(conditionWith("unavailable", "on"), "silent");
  assert.equal(conditionWith("unavailable", "unavailable"), "unavailable");
  assert.equal(conditionWith("unknown", "off"), "waiting");
});

test("a bank whose picture the user may not read is left out", () => {
  assert.deepEqual(banksOf(houseWith({ states: { [PICTURE]: undefined } })), []);
});

test("online boards of all networks are added up", () => {
  const online = (/** @type {(string | undefined)[]} */ ...states) =>
    boardsOnline(/** @type {any} */ ({
      entities: Object.fromEntries(
        states.map((_, network) => [
          network,
          { entity_id: `sensor.${network}`, platform: "esp32_sensors", translation_key: "boards_online" },
        ]),
      ),
      states: Object.fromEntries(states.map((state, network) => [`sensor.${network}`, state && { state }])),
    }));
  assert.equal(online("5"), 5);
  assert.equal(online("5", "unavailable", "2"), 7);
  assert.equal(online("unavailable"), NaN);
  assert.equal(online(undefined), null);
  assert.equal(online(), null);
});
