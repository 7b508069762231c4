/** The lines of a curve: its scale, gaps, bands, and the image under a place. */

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  bandPath,
  linePath,
  peakOf,
  pointAt,
  scaleOf,
  spansPath,
  timesPath,
} from "../../../custom_components/battery_thermal/frontend/trend-line.js";

const HOUR = 3_600_000;
/** @type {import("../../../custom_components/battery_thermal/frontend/trend-line.js").Curve} */
const CURVE = [[0, 20, 21, 22], [HOUR, 21, 22, 24], null, [4 * HOUR, 20, 20, 20]];

test("a scale has all values, and two degrees at least", () => {
  assert.deepEqual(scaleOf([CURVE, []], 0, 4 * HOUR), { start: 0, end: 4 * HOUR, low: 20, high: 24 });
  assert.deepEqual(scaleOf([[[0, 20, 20, 20.5]]], 0, HOUR), { start: 0, end: HOUR, low: 19.25, high: 21.25 });
  assert.equal(scaleOf([[], [null]], 0, HOUR), null);
  // What is known of the last hour only is not squeezed into the last pixels of a day.
  assert.deepEqual(scaleOf([[[23 * HOUR, 20, 21, 22]]], 0, 24 * HOUR), { start: 22.9 * HOUR, end: 24 * HOUR, low: 20, high: 22 });
});

test("lines and bands have gaps", () => {
  const scale = { start: 0, end: 4 * HOUR, low: 20, high: 24 };
  assert.equal(linePath(CURVE, scale), "M0 100h0.01L150 0h0.01M600 200h0.01");
  // A point alone has no band.
  assert.equal(bandPath(CURVE, scale), "M0 100L150 0L150 150L0 200Z");
  assert.equal(linePath([], scale), "");
});

test("the image under a place of the curve is the nearest", () => {
  const scale = { start: 0, end: 4 * HOUR, low: 20, high: 24 };
  assert.deepEqual(pointAt(CURVE, scale, 0.3)?.[0], HOUR);
  assert.deepEqual(pointAt(CURVE, scale, 0.9)?.[0], 4 * HOUR);
  assert.equal(pointAt([null], scale, 0.5), null);
  assert.deepEqual([peakOf(CURVE)?.[0], peakOf([])], [HOUR, null]);
});

test("the band of an alarm is within the curve, and wide enough to be seen", () => {
  const scale = { start: 0, end: 4 * HOUR, low: 20, high: 24 };
  const spans = [{ start: -HOUR, end: HOUR }, { start: 2 * HOUR, end: 2 * HOUR }, { start: 4 * HOUR, end: 5 * HOUR }];
  assert.equal(spansPath(spans, scale), "M0 0h150v200h-150ZM300 0h3v200h-3ZM597 0h3v200h-3Z");
});

test("the line of an image without a value is within the curve", () => {
  const scale = { start: HOUR, end: 5 * HOUR, low: 20, high: 24 };
  assert.equal(timesPath([0, 2 * HOUR], scale), "M0 0v200M150 0v200");
});
