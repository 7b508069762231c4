import assert from "node:assert/strict";
import { test } from "node:test";

import { beside, inCorner } from "../../../custom_components/battery_thermal/frontend/labels.js";

const room = { width: 200, height: 100 };
const size = { width: 40, height: 10 };
/** @typedef {import("../../../custom_components/battery_thermal/frontend/labels.js").Box} Box */
const overlap = (/** @type {Box} */ one, /** @type {Box} */ other) =>
  one.left < other.left + other.width &&
  other.left < one.left + one.width &&
  one.top < other.top + other.height &&
  other.top < one.top + one.height;

test("a label is to the right of its point, or where there is room", () => {
  assert.deepEqual(beside({ x: 50, y: 50 }, size, 14, [], room), { left: 64, top: 45, ...size });
  assert.deepEqual(beside({ x: 190, y: 50 }, size, 14, [], room), { left: 136, top: 45, ...size });
  assert.equal(beside({ x: 50, y: 1 }, size, 14, [], room).top, 0);
});

test("labels of close points cover neither each other nor the points", () => {
  for (let dx = -60; dx <= 60; dx += 3) {
    for (let dy = -40; dy <= 40; dy += 3) {
      const points = [{ x: 100, y: 50 }, { x: 100 + dx, y: 50 + dy }];
      const marks = points.map(({ x, y }) => ({ left: x - 8, top: y - 8, width: 16, height: 16 }));
      const taken = [...marks];
      for (const point of points) taken.push(beside(point, size, 14, taken, room));
      const [, , one, other] = taken;
      assert(!overlap(one, other), `${dx} ${dy}`);
      for (const mark of marks) assert(!overlap(one, mark) && !overlap(other, mark), `${dx} ${dy}`);
    }
  }
});

test("a label in a corner of its area, the first that is free", () => {
  const area = { left: 10, top: 10, width: 60, height: 50 };
  assert.deepEqual(inCorner(area, size, []), { left: 10, top: 50, ...size });
  const mark = { left: 0, top: 40, width: 30, height: 30 };
  assert.deepEqual(inCorner(area, size, [mark]), { left: 10, top: 10, ...size });
  assert.equal(inCorner(area, { width: 61, height: 10 }, []), null);
  assert.equal(inCorner(area, { width: 10, height: 51 }, []), null);
});
