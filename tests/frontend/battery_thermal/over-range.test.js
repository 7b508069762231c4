import assert from "node:assert/strict";
import { test } from "node:test";

import { heated, isAt, overText } from "../../../custom_components/battery_thermal/frontend/over-range.js";

/** @type {import("../../../custom_components/battery_thermal/frontend/common/texts.js").Texts} */
const texts = (key, values = {}) => [key, ...Object.values(values)].join(" ");

/** @returns {any} what an image has of it */
const image = (/** @type {object} */ fields) => fields;

test("temperatures above the range are in whole degrees of the server's unit", () => {
  assert.equal(overText(texts, "°C"), "picture.over 307 °C");
  assert.equal(overText(texts, "°F"), "picture.over 584 °F");
});

test("a place is found among those listed", () => {
  assert.equal(isAt([[1, 2]], { row: 1, column: 2 }), true);
  assert.equal(isAt([[1, 2]], { row: 2, column: 1 }), false);
  assert.equal(isAt(undefined, { row: 1, column: 2 }), false);
});

test("pixels above the range, or that may be, have the hottest colour", () => {
  const rows = () => [Float32Array.of(20, 320), Float32Array.of(-12, 21)];
  const plain = (/** @type {object} */ fields) => heated(rows(), image(fields), [0, 100]).map((row) => [...row]);
  assert.deepEqual(plain({ over: [[0, 1]], doubtful: [[1, 0]] }), [[20, 320], [100, 21]]);
  assert.deepEqual(plain({}), [[20, 320], [-12, 21]]);
});
