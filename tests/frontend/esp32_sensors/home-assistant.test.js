/** Times as the user's profile wants them; what is looked up in the registries. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { clockFormat, pathOf, timeFormat } from "../../../custom_components/esp32_sensors/frontend/home-assistant.js";

/** @returns {any} a `hass` with what is needed to write times */
const houseOf = (locale = {}) => ({
  locale: { language: "en", time_format: "24", date_format: "language", time_zone: "server", ...locale },
  config: { time_zone: "Europe/Lisbon" },
});
const AFTER_MIDNIGHT = Date.parse("2026-07-01T23:05:12Z") / 1000;

test("the day begins with 00, or with 12 for who counts to 12", () => {
  assert.equal(clockFormat(houseOf())(AFTER_MIDNIGHT), "00:05:12");
  assert.match(clockFormat(houseOf({ time_format: "12" }))(AFTER_MIDNIGHT), /^12:05:12\sAM$/);
  assert.equal(clockFormat(houseOf({ language: "fr", time_format: "language" }))(AFTER_MIDNIGHT), "00:05:12");
});

test("dates are in the order of the profile", () => {
  const written = (/** @type {object} */ locale) => timeFormat(houseOf(locale))(AFTER_MIDNIGHT);
  assert.equal(written({}), "7/2/2026, 00:05:12");
  assert.equal(written({ date_format: "DMY" }), "2/7/2026, 00:05:12");
  assert.equal(written({ date_format: "YMD" }), "2026/7/2, 00:05:12");
  assert.equal(written({ language: "fr", date_format: "language" }), "02/07/2026, 00:05:12");
});

test("dates end as the language ends them, once", () => {
  const written = (/** @type {string} */ language, /** @type {string} */ date_format) => timeFormat(houseOf({ language, date_format }))(AFTER_MIDNIGHT).replace(/[\u00a0\u202f]/g, " ");
  assert.equal(written("bg", "DMY"), "2.07.2026 г., 00:05:12");
  assert.equal(written("bg", "MDY"), "07.2.2026 г., 00:05:12");
  assert.equal(written("bg", "YMD"), "2026.07.2, 00:05:12");
  assert.equal(written("ko", "DMY"), "2. 7. 2026., 00:05:12");
});

test("the formats of times are reused until profile or time zone change", () => {
  const house = houseOf();
  const [clock, time] = [clockFormat(house), timeFormat(house)];
  assert.equal(clockFormat({ ...house, states: {}, config: { ...house.config } }), clock);
  assert.equal(timeFormat({ ...house }), time);
  assert.equal(clockFormat({ ...house, config: { time_zone: "UTC" } })(AFTER_MIDNIGHT), "23:05:12");
  assert.equal(clockFormat(house)(AFTER_MIDNIGHT), "00:05:12");
});

test("only administrators are shown the way to a board's device", () => {
  const device = { id: "d1", identifiers: [["esp32_sensors", "m1"]], config_entries: ["n1"] };
  /** @type {any} */
  const house = { devices: { d1: device }, user: { is_admin: true } };
  const boardOf = (/** @type {string} */ key) => /** @type {any} */ ({ key });
  assert.equal(pathOf(house, boardOf("n1/m1")), "/config/devices/device/d1");
  assert.equal(pathOf(house, boardOf("n1/m2")), null);
  assert.equal(pathOf({ ...house, user: { is_admin: false } }, boardOf("n1/m1")), null);
  assert.equal(pathOf({ ...house, user: undefined }, boardOf("n1/m1")), null);
});
