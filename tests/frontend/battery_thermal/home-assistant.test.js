/** Times, ages and temperatures as the user's profile wants them. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import {
  ageFormat,
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
