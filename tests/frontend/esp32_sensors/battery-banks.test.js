/** The battery banks of the other integration: what a person must know of each. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { batteryBanks } from "../../../custom_components/esp32_sensors/frontend/battery-banks.js";

const LONG_AGO = "2026-01-02T20:00:00Z";

/** @type {any} the texts of the banks, as far as these tests need them */
const texts = (/** @type {string} */ key, /** @type {Record<string, string>} */ values = {}) =>
  ({ "battery.since": `${values.text}, since ${values.time}` })[key] ?? [key, values.area, values.value].filter(Boolean).join(" ");

const entity = (/** @type {string} */ entity_id, /** @type {string} */ translation_key) => ({
  entity_id,
  translation_key,
  platform: "battery_thermal",
  device_id: "b",
});

const PICTURE = { entity_id: "image.bank", state: "now", attributes: {} };

/**
 * @param {Record<string, object>} attributes of the alarms that are on, by their translation keys
 * @returns {any} a house with a bank
 */
function houseOf(attributes, { locale = {}, changed = /** @type {string | undefined} */ (undefined) } = {}) {
  const keys = Object.keys(attributes);
  return {
    locale: { language: "fr", time_format: "24", time_zone: "server", ...locale },
    config: { time_zone: "Europe/Paris" },
    devices: { b: { name: "Bank", name_by_user: "Cellar" } },
    entities: {
      picture: entity("image.bank", "thermal"),
      maximum: entity("sensor.bank", "maximum"),
      lamp: { ...entity("light.lamp", "thermal"), platform: "other" },
      ...Object.fromEntries(keys.map((key) => [key, entity(`binary_sensor.${key}`, key)])),
    },
    states: {
      "image.bank": PICTURE,
      ...Object.fromEntries(
        keys.map((key) => [`binary_sensor.${key}`, { state: "on", attributes: attributes[key], last_changed: changed }]),
      ),
    },
  };
}

const alarmsOf = (/** @type {any} */ hass) => batteryBanks(hass, texts)[0].alarms;

test("an alarm says where, how warm, and since when", () => {
  const imbalance = { area: "C2", value: 13.04, unit: "K" };
  assert.deepEqual(alarmsOf(houseOf({ imbalance_alarm: imbalance }, { changed: LONG_AGO })), [
    { level: "alarm", text: "battery.imbalance_values C2 13 K, since 2 janv., 21:00" },
  ]);
  const [{ text }] = alarmsOf(houseOf({ over_threshold: { value: 62.3, unit: "°C" } }, { changed: new Date().toISOString() }));
  assert.match(text, /^battery.over_threshold_values 62,3 °C, since \d\d:\d\d$/);
});

test("hours are written as the user counts them, and a time is not broken into two lines", () => {
  const locale = { language: "en", time_format: "12" };
  const [{ text }] = alarmsOf(houseOf({ rise_warning: {} }, { changed: "2026-01-02T08:05:00Z", locale }));
  assert.equal(text, "battery.rise, since Jan 2, 9:05\u00a0AM");
});

test("heat above what the node can say is called so", () => {
  const over = { value: 307.1, unit: "°C", over_range: "over 307 °C" };
  assert.deepEqual(alarmsOf(houseOf({ over_threshold: over })), [
    { level: "alarm", text: "battery.over_threshold_values over 307 °C" },
  ]);
});

test("cells that drift are named", () => {
  const cells = [{ cell: "A1" }, { cell: "C2" }];
  assert.deepEqual(alarmsOf(houseOf({ drift: { cells, unit: "K" } }, { changed: LONG_AGO })), [
    { level: "warning", text: "battery.drift_values A1, C2" },
  ]);
});

test("without values an alarm says what it is", () => {
  const said = alarmsOf(houseOf({ silent: { acknowledged: false, area: null, value: null }, imbalance_warning: {}, drift: {} }));
  assert.deepEqual(
    said.map(({ level, text }) => `${level} ${text}`),
    ["warning battery.imbalance", "warning battery.drift", "warning battery.silent"],
  );
});

test("the highest level of a kind is shown, the most urgent kind first; other entities are no alarms", () => {
  const said = alarmsOf(houseOf({ imbalance_warning: {}, imbalance_alarm: {}, unseen_heat: {}, area_alarm: {}, pending: {} }));
  assert.deepEqual(
    said.map(({ level, text }) => `${level} ${text}`),
    ["alarm battery.unseen_heat", "alarm battery.imbalance"],
  );
});

test("the house's entities are gone through once, its states each time", () => {
  let looks = 0;
  const hass = houseOf({ rise_warning: {} });
  const entities = new Proxy(hass.entities, {
    ownKeys: (all) => {
      looks++;
      return Reflect.ownKeys(all);
    },
  });
  const off = { ...hass.states, "binary_sensor.rise_warning": { state: "off", attributes: {} } };
  const [bank] = batteryBanks({ ...hass, entities, states: off }, texts);
  assert.deepEqual(bank, { name: "Cellar", alarms: [], picture: PICTURE, temperature: undefined });
  assert.equal(batteryBanks({ ...hass, entities }, texts)[0].alarms.length, 1);
  assert.deepEqual(batteryBanks({ ...hass, entities, states: {} }, texts), []);
  assert.equal(looks, 1);
});
