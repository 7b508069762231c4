/** Corners of areas while they are drawn. */

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  asPolygon,
  asRectangle,
  displayed,
  drawn,
  inTheMiddle,
  isFlat,
  moved,
  onSensor,
  shapeAt,
  snappedPoint,
  withCorner,
  withCornerAfter,
  withoutCorner,
} from "../../../custom_components/battery_thermal/frontend/area-shapes.js";

/** @typedef {import("../../../custom_components/battery_thermal/frontend/areas.js").Point} Point */

const UPRIGHT = { quarters: 0, mirror: false };
/** 24 rows and 32 columns. */
const ON_ITS_SIDE = { quarters: 1, mirror: true };
/** @type {Point[]} */
const RECTANGLE = [[4, 4], [8, 10]];
/** @type {Point[]} */
const TRIANGLE = [[0, 0], [8, 0], [0, 8]];

test("what is displayed is stored where it is on the sensor, in every orientation", () => {
  for (const mirror of [false, true]) {
    for (const quarters of [0, 1, 2, 3]) {
      const turned = { quarters, mirror };
      assert.deepEqual(onSensor(displayed(RECTANGLE, turned), turned), RECTANGLE);
      assert.deepEqual(onSensor(displayed(TRIANGLE, turned), turned), TRIANGLE);
    }
  }
});

test("corners are on half pixels, and within the picture", () => {
  assert.deepEqual(snappedPoint([3.3, 4.2], UPRIGHT), [3.5, 4]);
  assert.deepEqual(snappedPoint([-1, 40], UPRIGHT), [0, 24]);
  assert.deepEqual(snappedPoint([40, 40], ON_ITS_SIDE), [24, 32]);
});

test("an area is moved as far as it stays inside", () => {
  assert.deepEqual(moved(RECTANGLE, [1.2, -1], UPRIGHT), [[5, 3], [9, 9]]);
  assert.deepEqual(moved(RECTANGLE, [-9, 99], UPRIGHT), [[0, 18], [4, 24]]);
  assert.deepEqual(moved(TRIANGLE, [99, 0], UPRIGHT), [[24, 0], [32, 0], [24, 8]]);
});

test("each corner of a rectangle takes two edges with it", () => {
  const corners = [0, 1, 2, 3].map((corner) => withCorner(RECTANGLE, corner, [6, 6], UPRIGHT));
  assert.deepEqual(corners, [[[6, 6], [8, 10]], [[6, 4], [8, 6]], [[4, 4], [6, 6]], [[4, 6], [6, 10]]]);
  // It can be turned inside out, but not made flat.
  assert.deepEqual(withCorner(RECTANGLE, 0, [12, 12], UPRIGHT), [[12, 12], [8, 10]]);
  assert.equal(withCorner(RECTANGLE, 0, [8, 2], UPRIGHT), RECTANGLE);
  assert.deepEqual(onSensor([[12, 12], [8, 10]], UPRIGHT), [[8, 10], [12, 12]]);
});

test("corners of a polygon are moved, added and removed", () => {
  assert.deepEqual(withCorner(TRIANGLE, 1, [9, 1], UPRIGHT), [[0, 0], [9, 1], [0, 8]]);
  assert.deepEqual(withCornerAfter(TRIANGLE, 2, UPRIGHT), [...TRIANGLE, [0, 4]]);
  const most = Array.from({ length: 32 }, (_, index) => /** @type {Point} */ ([index, index % 2]));
  assert.equal(withCornerAfter(most, 0, UPRIGHT), most);
  assert.deepEqual(withoutCorner([...TRIANGLE, [0, 4]], 3), TRIANGLE);
  assert.equal(withoutCorner(TRIANGLE, 0), TRIANGLE);
  assert.deepEqual([isFlat(TRIANGLE), isFlat([[1, 1], [5, 1], [9, 1]])], [false, true]);
});

test("a rectangle becomes a polygon, and a polygon the rectangle around it", () => {
  const polygon = asPolygon(RECTANGLE);
  assert.deepEqual(polygon, [[4, 4], [4, 10], [8, 10], [8, 4]]);
  assert.equal(asPolygon(TRIANGLE), TRIANGLE);
  assert.deepEqual(asRectangle(TRIANGLE), [[0, 0], [8, 8]]);
});

test("a rectangle is drawn from any corner, if it is large enough", () => {
  assert.deepEqual(drawn([8, 10], [4, 4], UPRIGHT), RECTANGLE);
  assert.equal(drawn([8, 10], [8.4, 4], UPRIGHT), null);
  assert.deepEqual(inTheMiddle(UPRIGHT), [[13, 9], [19, 15]]);
  assert.deepEqual(inTheMiddle(ON_ITS_SIDE), [[9, 13], [15, 19]]);
});

test("the smallest area under a finger is meant", () => {
  /** @type {Point[][]} */
  const shapes = [[[0, 0], [32, 24]], RECTANGLE, TRIANGLE];
  assert.deepEqual([[20, 20], [5, 9], [1, 1], [5, 5]].map((point) => shapeAt(shapes, /** @type {Point} */ (point))), [0, 1, 2, 1]);
  assert.equal(shapeAt([RECTANGLE], [0, 0]), -1);
});
