import assert from "node:assert/strict";
import { test } from "node:test";

import { heatAt, heatText, heated, overText } from "../../../custom_components/battery_thermal/frontend/over-range.js";

/** @type {import("../../../custom_components/battery_thermal/frontend/common/texts.js").Texts} */
const texts = (key, values = {}) => [key, ...Object.values(values)].join(" ");

/** @type {any} */
const write = Object.assign((/** @type {number} */ value) => `${value} °C`, { unit: "°C" });

/** @returns {any} what an image has of it */
const image = (/** @type {object} */ fields) => fields;

test("temperatures above the range are in whole degrees of the server's unit", () => {
  assert.equal(overText(texts, "°C"), "picture.over 307 °C");
  assert.equal(overText(texts, "°F"), "picture.over 584 °F");
});

test("a value is never said to be less than what is known", () => {
  assert.equal(heatText(30.4, {}, write, texts), "30.4 °C");
  assert.equal(heatText(30.4, { may_be_hotter: true }, write, texts), "picture.may_be_hotter 30.4 °C");
  assert.equal(heatText(320, { over_range: true, may_be_hotter: true }, write, texts), "picture.over 307 °C");
});

test("a place is found among those listed", () => {
  const places = image({ over: [[1, 2]], doubtful: [[2, 1]] });
  assert.deepEqual(heatAt(places, { row: 1, column: 2 }), { over_range: true, may_be_hotter: false });
  assert.deepEqual(heatAt(places, { row: 2, column: 1 }), { over_range: false, may_be_hotter: true });
  assert.deepEqual(heatAt(image({}), { row: 1, column: 2 }), { over_range: false, may_be_hotter: false });
});

test("pixels above the range, or that may be, have the hottest colour", () => {
  const rows = () => [Float32Array.of(20, 320), Float32Array.of(-12, 21)];
  const plain = (/** @type {object} */ fields) => heated(rows(), image(fields), [0, 100]).map((row) => [...row]);
  assert.deepEqual(plain({ over: [[0, 1]], doubtful: [[1, 0]] }), [[20, 320], [100, 21]]);
  assert.deepEqual(plain({}), [[20, 320], [-12, 21]]);
});
