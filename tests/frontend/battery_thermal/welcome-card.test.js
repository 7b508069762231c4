/** The welcome page: the banks at a glance. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { KEYS, details, find, mount, send, settle, textOf, update } from "../page.js";
import { cellOf, gridOf, imageOf, keyed, lookOf } from "./nodes-and-areas.js";

import "../../../custom_components/battery_thermal/frontend/cards.js";

/** @type {(entity_id: string, translation_key: string, state: string, more?: object) => any} */
const entityOf = (entity_id, translation_key, state, more = {}) => ({ entity_id, translation_key, state, ...more });

/** The events of the subscriptions, by their listeners. */
/** @type {((event: object) => void)[]} */
const listeners = [];

const connection = {
  addEventListener: () => undefined,
  subscribeMessage: async (/** @type {(event: object) => void} */ listener) => {
    listeners.push(listener);
    return async () => undefined;
  },
};

/** A house with a bank and these entities. */
function houseOf(/** @type {any[]} */ ...entities) {
  const all = [
    entityOf("image.bank", "thermal", "2026-01-01", { attributes: { entity_picture: "/api/i?t=1" } }),
    entityOf("sensor.maximum", "maximum", "31.5 °C"),
    ...entities,
  ];
  return {
    language: "en",
    locale: { language: "en", time_format: "24", number_format: "language", time_zone: "server" },
    config: { time_zone: "Etc/UTC", unit_system: { temperature: "°C" } },
    connected: true,
    connection,
    devices: { d1: { id: "d1", name: "Bank", identifiers: [["battery_thermal", "a"]] } },
    entities: Object.fromEntries(
      all.map(({ entity_id, translation_key, platform = "battery_thermal" }) => [
        entity_id,
        { entity_id, translation_key, platform, device_id: "d1" },
      ]),
    ),
    states: Object.fromEntries(
      all.map(({ entity_id, state, attributes = { friendly_name: entity_id } }) => [entity_id, { entity_id, state, attributes }]),
    ),
    callWS: async () => ({ resources: KEYS }),
    formatEntityState: (/** @type {any} */ { state }) => state,
  };
}

const cardOf = (config = {}, hass = houseOf()) => mount("battery-thermal-welcome", { config, hass });

test("a bank with picture and temperature leads to its page", async () => {
  const card = await cardOf({ links: { d1: "bank-page" } });
  const bank = find(card, "a.bank");
  assert.equal(bank.getAttribute("href"), "bank-page");
  assert.equal(find(card, "img").getAttribute("src"), "/api/i?t=1&state=2026-01-01");
  assert.deepEqual([textOf(card, ".name"), textOf(card, ".temperature")], ["Bank", "31.5 °C"]);
  assert.match(textOf(card, ".said > .secondary"), /^welcome.condition_quiet/);
  assert.deepEqual([card.getCardSize(), card.getGridOptions().columns], [8, "full"]);
});

test("without a page it opens the dialog about its picture", async () => {
  const card = await cardOf({ title: "Below deck" });
  const asked = details(card, "hass-more-info");
  await send(find(card, "button.bank"), "click");
  assert.deepEqual([asked, textOf(card, "h2")], [[{ entityId: "image.bank" }], "Below deck"]);
});

test("alarms say which cell, how warm and since when", async () => {
  const alarm = entityOf("binary_sensor.cell", "imbalance_warning", "on");
  const card = await cardOf({}, houseOf(alarm));
  // The values have not arrived yet, but that the alarm is on is known.
  assert.match(textOf(card, ".alarm"), /^alarms.imbalance /);
  const image = imageOf({ areas: keyed([cellOf(29), cellOf(42, 13)]) });
  const node = { look: lookOf(gridOf()), threshold: 40, simulated: false, image };
  for (const listener of listeners) listener({ snapshot: true, gone: [], nodes: { a: node } });
  await settle();
  assert.match(textOf(card, ".alarm"), /^alarms.imbalance_values/);
  assert.equal(textOf(card, ".temperature"), "31.0 °C");
  assert.equal(find(card, ".alarm").dataset.level, "warning");
});

test("a silent bank shows no picture", async () => {
  const card = await cardOf({}, houseOf(entityOf("binary_sensor.silent", "silent", "on")));
  assert.deepEqual([find(card, "img").hidden, find(card, ".temperature")], [true, null]);
  assert.match(textOf(card, ".said > .secondary"), /^welcome.condition_silent/);
});

test("without a bank it says so, and counts boards where there are any", async () => {
  const card = await cardOf({}, /** @type {any} */ ({ ...houseOf(), devices: {} }));
  assert.equal(find(card, ".columns p").hidden, false);
  const boards = (/** @type {string} */ state) =>
    houseOf(entityOf("sensor.boards", "boards_online", state, { platform: "esp32_sensors" }));
  await update(card, { hass: boards("5") });
  assert.equal(textOf(card, "output"), "5");
  await update(card, { hass: { ...boards("unavailable"), connected: false } });
  assert.match(textOf(card, "output"), /^welcome.condition_unavailable/);
  assert.equal(find(card, "ha-card").hasAttribute("data-stale"), true);
});
