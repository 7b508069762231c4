/** The banners about one battery bank: before its values, with them, and for an image of the archive. */

import assert from "node:assert/strict";
import { test } from "node:test";

import "../page.js";
import { imageOf, lookOf, texts } from "./nodes-and-areas.js";

import { bankBanners } from "../../../custom_components/battery_thermal/frontend/bank-banners.js";

/** @type {any} */
const hass = {
  language: "en",
  locale: { language: "en", number_format: "language", time_format: "24", time_zone: "server" },
  config: { time_zone: "UTC", unit_system: { temperature: "°C" } },
  formatEntityState: (/** @type {any} */ state) => state.state,
};

/** States of a node of which one alarm is on. */
const statesOf = (key = "binary_sensor.over_threshold", attributes = {}) =>
  /** @type {any} */ ({ [key]: { entity_id: key, state: "on", attributes, last_changed: "2026-01-01T00:00:00Z" } });

test("without an alarm there is no banner", () => {
  const off = statesOf();
  off["binary_sensor.over_threshold"].state = "off";
  assert.deepEqual(bankBanners(hass, undefined, off, texts), []);
});

test("an alarm that is on is said before the values of the node have arrived", () => {
  const banners = bankBanners(hass, undefined, statesOf(), texts);
  assert.equal(banners.length, 1);
});

test("while an image of the archive is looked at, alarms are about now, and remarks about that image", () => {
  /** @type {any} */
  const node = { image: imageOf(), look: lookOf(), threshold: 30, simulated: false };
  const said = (/** @type {any} */ past) => bankBanners(hass, node, statesOf(), texts, node.image, past).map(({ text }) => text);
  const live = said(null);
  assert.match(live[0], /31\.0 °C 30 °C/);
  assert.deepEqual(said({ image: imageOf({ maximum: 12 }), threshold: 40, ambient: null }), live);
  assert.deepEqual(said({ image: imageOf({ suspect: true }), threshold: 40, ambient: null }), [...live, "card.suspect"]);
});
