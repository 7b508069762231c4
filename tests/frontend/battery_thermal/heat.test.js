import assert from "node:assert/strict";
import { test } from "node:test";

import {
  coloured,
  extremes,
  filled,
  onSensor,
  sameSpot,
} from "../../../custom_components/battery_thermal/frontend/heat.js";

const image = (rows) => ({ rows, width: rows.find(Boolean)?.length ?? 2, mean: 20 });
/** Red is the index of the colour. */
const RED = Uint8Array.from({ length: 768 }, (_, at) => (at % 3 ? 0 : at / 3));

test("the hottest and the coldest, of what has arrived", () => {
  const { hottest, coldest } = extremes(image([[20, null], null, [-5.5, 21]]));
  assert.deepEqual(hottest, { row: 2, column: 1, value: 21 });
  assert.deepEqual(coldest, { row: 2, column: 0, value: -5.5 });
  assert.equal(extremes(image([null, [null, null]])), null);
});

test("what is missing is filled from the nearest, or with the mean", () => {
  const rows = filled(image([[1, 2], null, null, [null, 4]]));
  assert.deepEqual(rows.map((row) => [...row]), [[1, 2], [1, 2], [1, 4], [4, 4]]);
  assert.deepEqual([...filled(image([null]))[0]], [20, 20]);
});

test("temperatures are interpolated, then coloured", () => {
  const rows = [Float32Array.of(0, 256), Float32Array.of(0, 256)];
  const { width, height, data } = coloured(rows, 4, [0, 256], RED);
  assert.deepEqual([width, height, data.length], [8, 8, 8 * 8 * 4]);
  const line = Array.from({ length: 8 }, (_, at) => data[at * 4]);
  assert.deepEqual(line, [0, 0, 32, 96, 160, 224, 255, 255]);
  assert.equal(data[3], 255);
});

test("temperatures off the scale have its first and last colour", () => {
  const { data } = coloured([Float32Array.of(-50, 500)], 1, [0, 100], RED);
  assert.deepEqual([data[0], data[4]], [0, 255]);
});

test("a place in a turned picture, on the sensor", () => {
  // A sensor of 2 rows and 3 columns, mirrored and then turned as Python's side does it.
  const sensor = [["a", "b", "c"], ["d", "e", "f"]];
  const mirrored = (rows) => rows.map((row) => row.toReversed());
  const turned = (rows) => rows[0].map((_, column) => rows.map((row) => row[column]).toReversed());
  for (const mirror of [false, true]) {
    let rows = mirror ? mirrored(sensor) : sensor;
    for (let quarters = 0; quarters < 4; quarters++) {
      rows.forEach((values, row) =>
        values.forEach((value, column) => {
          const place = onSensor({ row, column }, { rows, width: values.length }, { quarters, mirror });
          assert.equal(sensor[place.row][place.column], value, `${quarters} ${mirror}`);
        }),
      );
      rows = turned(rows);
    }
  }
});

test("a place stays the same when images of blocks follow those of pixels, and back", () => {
  const [slow, fast] = [24, 6].map((height) => ({ rows: Array(height), width: (height * 4) / 3 }));
  assert.deepEqual(sameSpot({ row: 23, column: 13 }, slow, fast), { row: 5, column: 3 });
  assert.deepEqual(sameSpot({ row: 5, column: 3 }, fast, slow), { row: 22, column: 14 });
  assert.deepEqual(sameSpot({ row: 7, column: 8 }, slow, slow), { row: 7, column: 8 });
});
