import assert from "node:assert/strict";
import { test } from "node:test";

import {
  coloured,
  extremes,
  shownExtremes,
  onSensor,
  sameSpot,
} from "../../../custom_components/battery_thermal/frontend/heat.js";

/** @type {(rows: ((number | null)[] | null)[]) => any} */
const image = (rows) => ({ rows, width: rows.find(Boolean)?.length ?? 2, mean: 20 });
/** Red is the index of the colour. */
const RED = Uint8Array.from({ length: 768 }, (_, at) => (at % 3 ? 0 : at / 3));

test("the hottest and the coldest, of what has arrived", () => {
  const found = extremes(image([[20, null], null, [-5.5, 21]]));
  assert.deepEqual(found?.hottest, { row: 2, column: 1, value: 21 });
  assert.deepEqual(found?.coldest, { row: 2, column: 0, value: -5.5 });
  assert.equal(extremes(image([null, [null, null]])), null);
});

test("of places that are as hot, or as cold, the first one counts", () => {
  const first = { row: 0, column: 0, value: 20 };
  assert.deepEqual(extremes(image([[20, 20], [20, 20]])), { hottest: first, coldest: first });
});

test("temperatures are interpolated, then coloured", () => {
  const rows = [Float32Array.of(0, 256), Float32Array.of(0, 256)];
  const { width, height, data } = coloured(rows, 4, [0, 256], RED);
  assert.deepEqual([width, height, data.length], [8, 8, 8 * 8 * 4]);
  const line = Array.from({ length: 8 }, (_, at) => data[at * 4]);
  assert.deepEqual(line, [0, 0, 32, 96, 160, 224, 255, 255]);
  assert.equal(data[3], 255);
  // Each row of pixels is the same.
  for (let row = 1; row < 8; row++) assert.deepEqual(data.slice(row * 32, row * 32 + 32), data.slice(0, 32));
});

test("temperatures are interpolated from above to below as well", () => {
  const { data } = coloured([Float32Array.of(0, 0), Float32Array.of(256, 256)], 4, [0, 256], RED);
  const column = (/** @type {number} */ at) => Array.from({ length: 8 }, (_, row) => data[(row * 8 + at) * 4]);
  for (let at = 0; at < 8; at++) assert.deepEqual(column(at), [0, 0, 32, 96, 160, 224, 255, 255]);
});

test("between four temperatures, each counts as near as it is", () => {
  const { data } = coloured([Float32Array.of(0, 64), Float32Array.of(128, 256)], 4, [0, 256], RED);
  const red = (/** @type {number} */ row, /** @type {number} */ column) => data[(row * 8 + column) * 4];
  assert.deepEqual([red(0, 0), red(0, 7), red(7, 0), red(7, 7)], [0, 64, 128, 255]);
  // At 3/8 to the right and 1/8 down: 24 above, 176 below.
  assert.equal(red(2, 3), Math.floor(24 + (176 - 24) / 8));
});

test("temperatures off the scale have its first and last colour", () => {
  const { data } = coloured([Float32Array.of(-50, 500)], 1, [0, 100], RED);
  assert.deepEqual([data[0], data[4]], [0, 255]);
});

test("a place in a turned picture, on the sensor", () => {
  // A sensor of 2 rows and 3 columns, mirrored and then turned as Python's side does it.
  const sensor = [["a", "b", "c"], ["d", "e", "f"]];
  const mirrored = (/** @type {string[][]} */ rows) => rows.map((row) => row.toReversed());
  const turned = (/** @type {string[][]} */ rows) => rows[0].map((_, column) => rows.map((row) => row[column]).toReversed());
  for (const mirror of [false, true]) {
    let rows = mirror ? mirrored(sensor) : sensor;
    for (let quarters = 0; quarters < 4; quarters++) {
      rows.forEach((values, row) =>
        values.forEach((value, column) => {
          const place = onSensor({ row, column }, /** @type {any} */ ({ rows, width: values.length }), { quarters, mirror });
          assert.equal(sensor[place.row][place.column], value, `${quarters} ${mirror}`);
        }),
      );
      rows = turned(rows);
    }
  }
});

test("a place stays the same when images of blocks follow those of pixels, and back", () => {
  const [slow, fast] = [24, 6].map((height) => image(Array(height).fill(Array((height * 4) / 3).fill(0))));
  assert.deepEqual(sameSpot({ row: 23, column: 13 }, slow, fast), { row: 5, column: 3 });
  assert.deepEqual(sameSpot({ row: 5, column: 3 }, fast, slow), { row: 22, column: 14 });
  assert.deepEqual(sameSpot({ row: 7, column: 8 }, slow, slow), { row: 7, column: 8 });
});

test("a mark is where the maximum or the minimum is, or there is none", () => {
  const of = (/** @type {object} */ fields) =>
    shownExtremes(/** @type {any} */ ({ rows: [[20, 30]], minimum: 20, maximum: 30, ...fields }));
  const [coldest, hottest] = [{ row: 0, column: 0, value: 20 }, { row: 0, column: 1, value: 30 }];
  assert.deepEqual(of({}), { hottest, coldest });
  assert.deepEqual(of({ maximum: 31, minimum: 12 }), { hottest: null, coldest: null });
  assert.deepEqual(of({ maximum: 31, minimum: 19, bound: 1 }), { hottest, coldest });
  assert.deepEqual(of({ maximum: 330, over: [[0, 1]] }), { hottest, coldest });
  assert.deepEqual(of({ rows: [null] }), { hottest: null, coldest: null });
});
