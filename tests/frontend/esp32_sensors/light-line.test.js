import assert from "node:assert/strict";
import { test } from "node:test";

import {
  HEIGHT,
  WIDTH,
  linePath,
  nearest,
  points,
} from "../../../custom_components/esp32_sensors/frontend/light-line.js";

test("time goes from left to right, light from below to above", () => {
  const at = points([[10, 0], [12, 100], [20, 50]]);
  assert.deepEqual(at, [[0, HEIGHT], [WIDTH / 5, 0], [WIDTH, HEIGHT / 2]]);
  assert.equal(linePath(at), "M0 40L20 0L100 20");
});

test("one reading, readings of one moment, and none", () => {
  assert.deepEqual(points([[10, 100]]), [[WIDTH, 0]]);
  assert.deepEqual(points([[10, 0], [10, 100]]), [[WIDTH, HEIGHT], [WIDTH, 0]]);
  assert.deepEqual(points([]), []);
  assert.equal(linePath([]), "");
});

test("the finger finds the nearest point", () => {
  const at = [[0, 0], [20, 0], [100, 0]];
  assert.equal(nearest(at, -5), 0);
  assert.equal(nearest(at, 11), 1);
  assert.equal(nearest(at, 61), 2);
  assert.equal(nearest([], 1), -1);
});
