import assert from "node:assert/strict";
import { test } from "node:test";

import {
  colourOf,
  colours,
  fromUnit,
  inUnit,
  span,
  ticks,
} from "../../../custom_components/battery_thermal/frontend/scale.js";

/** @type {(minimum: number, maximum: number) => any} */
const imageOf = (minimum, maximum) => ({ minimum, maximum });
const image = imageOf(20, 40);
/** What is not fixed has no ends of its own. */
const free = { low: NaN, high: NaN, minimumSpan: 5 };

test("automatic: the image's own temperatures, at least so many K", () => {
  assert.deepEqual(span(image, { ...free, scale: "automatic" }, 60), [20, 40]);
  assert.deepEqual(span(imageOf(20, 21), { ...free, scale: "automatic" }, null), [18, 23]);
});

test("with the threshold, if there is one", () => {
  assert.deepEqual(span(image, { ...free, scale: "threshold" }, 60), [20, 60]);
  assert.deepEqual(span(image, { ...free, scale: "threshold" }, null), [20, 40]);
});

test("fixed, the right way up", () => {
  assert.deepEqual(span(image, { ...free, scale: "fixed", low: 10, high: 50 }, 60), [10, 50]);
  assert.deepEqual(span(image, { ...free, scale: "fixed", low: 50, high: 10 }, 60), [50, 51]);
});

test("ticks are round, and as many as there is room for", () => {
  assert.deepEqual(ticks(18.2, 23.1, 5), [19, 20, 21, 22, 23]);
  assert.deepEqual(ticks(-12, 61, 4), [0, 20, 40, 60]);
  assert.deepEqual(ticks(20, 40, 3), [20, 30, 40]);
  // The steps are 1, 2, 5 and 10 times a power of ten; one that is just enough is taken.
  assert.deepEqual(ticks(0, 4, 4), [0, 1, 2, 3, 4]);
  assert.deepEqual(ticks(0, 40, 4), [0, 10, 20, 30, 40]);
  assert.deepEqual(ticks(0, 8, 4), [0, 2, 4, 6, 8]);
  assert.deepEqual(ticks(0, 15, 5), [0, 5, 10, 15]);
  assert.deepEqual(ticks(0, 20, 4), [0, 5, 10, 15, 20]);
  assert.deepEqual(ticks(0, 36, 4), [0, 10, 20, 30]);
});

test("units", () => {
  assert.equal(inUnit(100, "°F"), 212);
  assert.equal(inUnit(100, "°C"), 100);
  assert.equal(fromUnit(212, "°F"), 100);
  assert.equal(fromUnit(212, "°C"), 212);
});

test("the alarm palette changes at the threshold, wherever that is", () => {
  const palettes = {
    inferno: new Uint8Array(768).fill(1),
    alarm: new Uint8Array(768).fill(2),
    above: Uint8Array.from({ length: 768 }, (_, at) => 100 + Math.floor(at / 3) / 2),
  };
  const at = (/** @type {number | null} */ threshold) => colours(palettes, "alarm", [0, 100], threshold);
  assert.deepEqual([at(50)[383], at(50)[384], at(50)[387]], [2, 100, 100]);
  assert.deepEqual([at(-5)[0], at(-5)[767]], [100, 227]);
  assert.deepEqual([at(0)[0], at(100)[767]], [100, 2]);
  // 30 % of 256 colours are 76.8 of them, 70.2 % are 179.7, 10.1 % are 25.9; 1 % are 2.6 and 99.9 % are 255.7.
  for (const [threshold, first] of [[30, 77], [70.2, 180], [10.1, 26], [1, 3], [99.9, 256], [0.1, 0]]) {
    const table = at(threshold);
    assert.equal(table.findIndex((value) => value !== 2), first === 256 ? -1 : first * 3, `${threshold} °C`);
  }
  assert.equal(at(500)[767], 2);
  assert.equal(at(null), palettes.alarm);
  assert.equal(colours(palettes, "nonsense", [0, 100], 50), palettes.inferno);
  assert.equal(palettes.alarm[767], 2);
});

test("a temperature has the colour that it has in the picture", () => {
  const grey = Uint8Array.from({ length: 768 }, (_, at) => at / 3);
  assert.equal(colourOf(20, [20, 40], grey), "rgb(0,0,0)");
  assert.equal(colourOf(30, [20, 40], grey), "rgb(128,128,128)");
  assert.equal(colourOf(40, [20, 40], grey), "rgb(255,255,255)");
  assert.equal(colourOf(-300, [20, 40], grey), "rgb(0,0,0)");
});
