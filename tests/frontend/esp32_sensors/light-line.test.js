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

for (const [name, jump] of /** @type {[string, number][]} */ ([["an hour", 3600], ["a day", 86400], ["a moment", 1]])) {
  test(`a clock that was set back by ${name} puts no point outside or before another`, () => {
    const times = [0, 2, 4, 6, 8, 10, 12, 14, 16, 18];
    for (let set = 1; set < times.length; set++) {
      const at = points(times.map((time, index) => [1e6 + time - (index < set ? 0 : jump), 50]));
      assert.equal(at[0][0], 0);
      assert.equal(at[at.length - 1][0], WIDTH);
      at.slice(1).forEach(([x], index) => assert.ok(x > at[index][0], `${set}: ${at}`));
      if (jump > 2) assert.deepEqual(at, points(times.map((time) => [time, 50])));
    }
  });
}

test("a clock that was set back with every reading", () => {
  assert.deepEqual(points([[10, 0], [9, 100], [8, 50]]), [[WIDTH, HEIGHT], [WIDTH, 0], [WIDTH, HEIGHT / 2]]);
});

test("the finger finds the nearest point", () => {
  /** @type {[number, number][]} */
  const at = [[0, 0], [20, 0], [100, 0]];
  assert.equal(nearest(at, -5), 0);
  assert.equal(nearest(at, 11), 1);
  assert.equal(nearest(at, 61), 2);
  assert.equal(nearest([], 1), -1);
});
