/** Times as the user's profile wants them. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { clockFormat, timeFormat } from "../../../custom_components/esp32_sensors/frontend/home-assistant.js";

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
  const written = (locale) => timeFormat(houseOf(locale))(AFTER_MIDNIGHT);
  assert.equal(written({}), "7/2/2026, 00:05:12");
  assert.equal(written({ date_format: "DMY" }), "2/7/2026, 00:05:12");
  assert.equal(written({ date_format: "YMD" }), "2026/7/2, 00:05:12");
  assert.equal(written({ language: "fr", date_format: "language" }), "02/07/2026, 00:05:12");
});
