/** What is known of nodes and boards; times, ages and temperatures as the user's profile wants them. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import {
  ageFormat,
  banksOf,
  boardsOnline,
  nodeDevices,
  statesOf,
  temperatureFormat,
  timeFormat,
} from "../../../custom_components/battery_thermal/frontend/home-assistant.js";

const houseOf = (locale = {}) => ({
  language: "en",
  locale: { language: "en", time_format: "24", number_format: "language", time_zone: "server", ...locale },
  config: { time_zone: "Europe/Lisbon", unit_system: { temperature: "°C" } },
});
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
});

test("ages are in minutes, then hours, then days", () => {
  mock.timers.enable({ apis: ["Date"], now: 0 });
  const age = ageFormat(houseOf());
  assert.equal(age(-60 * 5), "5 minutes ago");
  assert.equal(age(-3600 * 47), "47 hours ago");
  assert.equal(age(-3600 * 72), "3 days ago");
  mock.timers.reset();
});

const PICTURE = "image.bank";
const MAXIMUM = "sensor.bank_maximum";
const device = (id, name, more) => ({ id, name, identifiers: [["battery_thermal", `node-${id}`]], ...more });
const entity = (entity_id, translation_key, more) => ({
  entity_id,
  translation_key,
  platform: "battery_thermal",
  device_id: "a",
  ...more,
});
const problem = (state, friendly_name = "Bank Problem") => ({
  state,
  attributes: { device_class: "problem", friendly_name },
});

/** A house with a bank whose picture is there, and what else is said. */
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
    formatEntityName: ({ attributes }) => attributes.friendly_name.replace("Bank ", ""),
  };
}

test("nodes are by the name their owner gave, without those that are disabled", () => {
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
      name: "Bank",
      picture: house.states[PICTURE],
      temperature: house.states[MAXIMUM],
      alarms: [],
      condition: "quiet",
    },
  ]);
});

test("alarms that are on have their level and no other integration's", () => {
  const house = houseWith({
    entities: [
      entity("binary_sensor.rise", "rise_warning"),
      entity("binary_sensor.cell", "imbalance_alarm"),
      entity("binary_sensor.hot", "over_threshold"),
      entity("binary_sensor.of_another", undefined, { platform: "template" }),
    ],
    states: {
      "binary_sensor.rise": problem("on", "Bank Fast rise warning"),
      "binary_sensor.cell": problem("on", "Bank Cell imbalance alarm"),
      "binary_sensor.hot": problem("off"),
      "binary_sensor.of_another": problem("on"),
    },
  });
  const [bank] = banksOf(house);
  assert.equal(bank.condition, "alarm");
  assert.deepEqual(bank.alarms, [
    { text: "Bank Fast rise warning", name: "Fast rise warning", level: "warning" },
    { text: "Bank Cell imbalance alarm", name: "Cell imbalance alarm", level: "alarm" },
  ]);
  assert.equal(statesOf(house, house.devices.a)["binary_sensor.over_threshold"].state, "off");
  assert.deepEqual(statesOf(house, undefined), { alarms: [] });
});

test("nothing is quiet that is not heard", () => {
  const conditionWith = (picture, silent) => {
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

test("a bank whose picture the user may not see is not there", () => {
  assert.deepEqual(banksOf(houseWith({ states: { [PICTURE]: undefined } })), []);
});

test("boards are counted over all networks that say how many are online", () => {
  const online = (...states) =>
    boardsOnline({
      entities: Object.fromEntries(
        states.map((_, network) => [
          network,
          { entity_id: `sensor.${network}`, platform: "esp32_sensors", translation_key: "boards_online" },
        ]),
      ),
      states: Object.fromEntries(states.map((state, network) => [`sensor.${network}`, state && { state }])),
    });
  assert.equal(online("5"), 5);
  assert.equal(online("5", "unavailable", "2"), 7);
  assert.equal(online("unavailable"), NaN);
  assert.equal(online(undefined), null);
  assert.equal(online(), null);
});
