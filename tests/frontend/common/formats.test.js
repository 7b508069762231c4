/** Hours, numbers and time zones as the user's profile says. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { hourCycleOf, kept, numberLocale, zoneOf } from "../../../common/frontend/formats.js";

/** @returns {any} */
const houseOf = (locale = {}, config = {}) => ({
  locale: { language: "en", time_format: "language", number_format: "language", time_zone: "server", ...locale },
  config: { time_zone: "Europe/Lisbon", unit_system: { temperature: "°C" }, ...config },
});

test("hours are counted as the profile says, else as the language does", () => {
  assert.equal(hourCycleOf(houseOf({ time_format: "24" })), "h23");
  assert.equal(hourCycleOf(houseOf({ time_format: "12" })), "h12");
  assert.equal(hourCycleOf(houseOf()), "h12");
  assert.equal(hourCycleOf(houseOf({ language: "fr" })), "h23");
  const ofBrowser = new Intl.DateTimeFormat(undefined, { hour: "numeric" }).resolvedOptions().hourCycle;
  assert.equal(hourCycleOf(houseOf({ time_format: "system", language: "fr" })), ofBrowser);
});

test("the time zone is the server's or the browser's", () => {
  assert.equal(zoneOf(houseOf()), "Europe/Lisbon");
  assert.equal(zoneOf(houseOf({ time_zone: "local" })), undefined);
});

test("numbers are written in the language that has the chosen format", () => {
  assert.equal(numberLocale(houseOf().locale), "en");
  assert.equal(numberLocale(houseOf({ number_format: "decimal_comma" }).locale), "de");
  assert.equal(numberLocale(houseOf({ number_format: "system" }).locale), undefined);
});

test("a format is made anew only for another profile, time zone or unit", () => {
  const make = mock.fn((hass) => hass.config.unit_system.temperature);
  const format = kept(make);
  const house = houseOf();
  format(house);
  format({ ...house });
  assert.equal(make.mock.callCount(), 1);
  format({ ...house, locale: { ...house.locale } });
  format({ ...house, config: { ...house.config, time_zone: "Asia/Tokyo" } });
  assert.equal(make.mock.callCount(), 3);
  const fahrenheit = { ...house, config: { ...house.config, unit_system: { temperature: "°F" } } };
  assert.equal(format(fahrenheit), "°F");
});
