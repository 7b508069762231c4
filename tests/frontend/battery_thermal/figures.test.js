/** The figures of an image, how far it is, and how its node is received. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { details, findAll, mount, send, textOf } from "../page.js";
import { cellOf, gridOf, imageOf, keyed, lookOf, texts, write } from "./nodes-and-areas.js";

import { extraFigures, mainFigures } from "../../../custom_components/battery_thermal/frontend/figure-values.js";
import "../../../custom_components/battery_thermal/frontend/figures.js";
import { linkItems } from "../../../custom_components/battery_thermal/frontend/link.js";
import { boundText, progressText } from "../../../custom_components/battery_thermal/frontend/progress.js";

/** @type {(...keys: string[]) => any} */
const statesOf = (...keys) =>
  Object.fromEntries(keys.map((key) => [`sensor.${key}`, { entity_id: `sensor.bank_${key}`, state: "18 °C", attributes: {} }]));

/** @type {(more?: object) => any} */
const sources = (more = {}) => ({
  hass: { formatEntityState: (/** @type {any} */ { state }) => state },
  image: imageOf(),
  look: lookOf(),
  past: null,
  points: {},
  states: {},
  texts,
  write,
  ...more,
});

test("the hottest temperature, with its curve, and the hottest cell", () => {
  const grid = gridOf({ entities: [null, "sensor.a2"] });
  const image = imageOf({ areas: keyed([cellOf(29, 0), cellOf(31, 2)]) });
  const points = { "sensor.bank_maximum": [[0, 1]] };
  const found = mainFigures(sources({ image, look: lookOf(grid), points, states: statesOf("maximum") }));
  assert.deepEqual(found, [
    { key: "hottest", value: "31 °C", entityId: "sensor.bank_maximum", points: [[0, 1]] },
    { key: "hottest_cell", value: "A2 31 °C", entityId: "sensor.a2" },
  ]);
  const over = imageOf({ areas: keyed([cellOf(320, 0, { over_range: true })]), over_range: true });
  const [hottest, cell] = mainFigures(sources({ image: over, look: lookOf(gridOf()), states: statesOf("hottest_cell") }));
  assert.deepEqual([hottest.value, hottest.entityId], ["picture.over 307 °C", undefined]);
  assert.deepEqual([cell.value, cell.entityId], ["A1 picture.over 307 °C", "sensor.bank_hottest_cell"]);
  assert.deepEqual(mainFigures(sources({ image: null })), []);
  assert.equal(mainFigures(sources({ image: imageOf({ areas: keyed([cellOf(null, null)]) }), look: lookOf(gridOf()) })).length, 1);
});

test("coldest, mean and ambient, of the image that is looked at", () => {
  const values = (more = {}) => extraFigures(sources(more)).map(({ value }) => value);
  assert.deepEqual(values({ states: statesOf("ambient") }), ["20 °C", "25 °C", "18 °C"]);
  assert.deepEqual(values({ image: null }), ["–", "–", "–"]);
  assert.deepEqual(values({ past: { ambient: 12 } })[2], "12 °C");
  assert.deepEqual(values({ past: { ambient: null } })[2], "–");
  assert.equal(extraFigures(sources({ states: statesOf("minimum") }))[0].entityId, "sensor.bank_minimum");
});

test("a figure opens the history of its entity, if there is one", async () => {
  const figures = [{ key: "hottest", value: "31 °C", entityId: "sensor.a", points: [[0, 1]] }, { key: "mean", value: "–", entityId: undefined }];
  const element = await mount("battery-thermal-figures", { figures, texts });
  const asked = details(element, "hass-more-info");
  const [first, second] = findAll(element, "button");
  await send(first, "click");
  assert.deepEqual([textOf(first), textOf(second), second.disabled], ["card.hottest 31 °C", "card.mean –", true]);
  assert.deepEqual(asked, [{ entityId: "sensor.a" }]);
  assert.equal(findAll(element, "svg").length, 1);
});

test("how far an image is, or the one that replaces it", () => {
  const of = (/** @type {object} */ more) => {
    const { running, value, max, text } = progressText(imageOf(more), texts);
    return [running, value, max, text];
  };
  assert.deepEqual(of({}), [false, 24, 24, "card.complete 24 24 "]);
  assert.deepEqual(of({ lines_received: 22, missing_lines: [3, 7] }), [false, 22, 24, "card.lines_missing 22 24 4, 8"]);
  assert.deepEqual(of({ closed: false, lines_received: 1, missing_lines: [1] }), [true, 1, 24, "card.lines 1 24 2"]);
  assert.deepEqual(of({ next: { lines_received: 3, lines_expected: 24 } }), [true, 3, 24, "card.next 3 24 "]);
});

test("within what the pixels of an image are known", () => {
  const writer = /** @type {any} */ ({ difference: (/** @type {number} */ kelvin) => `+${kelvin} K` });
  assert.equal(boundText(imageOf({ bound: 0.2 }), writer), " (± 0.2 K)");
  assert.deepEqual([boundText(imageOf({ bound: 0 }), writer), boundText(imageOf({}), writer)], ["", ""]);
});

test("when the node was heard, and the radio's figures that are enabled and known, with their limits", () => {
  mock.timers.enable({ apis: ["Date"], now: 3_600_000 });
  const { "sensor.last_uplink": lastUplink, ...states } = statesOf("last_uplink", "rssi", "snr", "airtime");
  states["sensor.snr"].state = "unknown";
  states["sensor.airtime"].attributes.limit = 30;
  for (const state of Object.values(states)) state.attributes.friendly_name = state.entity_id.slice(12);
  const hass = /** @type {any} */ ({ language: "en", formatEntityState: (/** @type {any} */ { state }) => state });
  const heard = /** @type {any} */ ({ heard_at: 3300 });
  const radio = [
    { entityId: "sensor.bank_rssi", text: "rssi: 18 °C" },
    { entityId: "sensor.bank_airtime", text: "airtime: 18 °C / 30" },
  ];
  const text = "card.heard 5 minutes ago";
  assert.deepEqual(linkItems(hass, heard, states, texts), [{ entityId: undefined, text }, ...radio]);
  const withSensor = { ...states, "sensor.last_uplink": lastUplink };
  assert.deepEqual(linkItems(hass, heard, withSensor, texts)[0], { entityId: "sensor.bank_last_uplink", text });
  assert.deepEqual(linkItems(hass, /** @type {any} */ ({ heard_at: null }), withSensor, texts), radio);
  mock.timers.reset();
});
