import assert from "node:assert/strict";
import { test } from "node:test";

import {
  boxOf,
  contains,
  levelOf,
  measuredAreas,
  outlineOf,
  sizeOf,
  toDisplay,
  toSensor,
} from "../../../custom_components/battery_thermal/frontend/areas.js";
import { areaOf, cellOf, keyed } from "./nodes-and-areas.js";

const ROOM = { width: 240, height: 320 };

test("a point is displayed where the picture has it, in every orientation, and found again", () => {
  for (const mirror of [false, true]) {
    for (const quarters of [0, 1, 2, 3]) {
      const turned = { quarters, mirror };
      for (const point of /** @type {[number, number][]} */ ([[0, 0], [3.5, 20], [32, 24]])) {
        const displayed = toDisplay(point, turned);
        const [height, width] = sizeOf(turned);
        assert.ok(displayed[0] >= 0 && displayed[0] <= height && displayed[1] >= 0 && displayed[1] <= width);
        assert.deepEqual(toSensor(displayed, turned), point);
      }
    }
  }
  // As `model/orientation.py` says: mirrored first, then a quarter clockwise.
  assert.deepEqual(toDisplay([2, 5], { quarters: 1, mirror: false }), [5, 30]);
  assert.deepEqual(toDisplay([2, 5], { quarters: 1, mirror: true }), [19, 30]);
});

test("a rectangle has four corners in the picture, a polygon its own", () => {
  const rectangle = outlineOf([[8, 6], [16, 12]], { quarters: 0, mirror: false }, ROOM);
  assert.deepEqual(boxOf(rectangle), { left: 60, top: 80, width: 60, height: 80 });
  const triangle = outlineOf([[0, 0], [0, 24], [32, 0]], { quarters: 2, mirror: false }, ROOM);
  assert.deepEqual(triangle, [{ x: 240, y: 320 }, { x: 0, y: 320 }, { x: 240, y: 0 }]);
  assert.deepEqual([{ x: 200, y: 300 }, { x: 20, y: 20 }].map((point) => contains(triangle, point)), [true, false]);
});

test("areas have their values by key, and those that are ignored have none", () => {
  const areas = [areaOf({ key: "x", kind: "ignore" }), areaOf()];
  assert.deepEqual(measuredAreas(areas, keyed([cellOf(29)])).map(({ area }) => area.key), ["0"]);
});

test("an area is worth a warning over one limit, and an alarm over the other", () => {
  const levels = (/** @type {object} */ more, /** @type {[number, number]} */ imbalance) =>
    [null, 0, 5, 5.1, 10, 10.1].map((deviation) => levelOf(cellOf(30, deviation), areaOf(more), imbalance));
  assert.deepEqual(levels({}, [5, 10]), [0, 0, 0, 1, 1, 2]);
  // Limits are the owner's: the alarm may come first.
  assert.equal(levelOf(cellOf(30, 6), areaOf(), [10, 5]), 2);
  assert.deepEqual(levels({ warning: 1, alarm: 5 }, [5, 10]), [0, 0, 1, 2, 2, 2]);
  // Other things differ anyway.
  assert.deepEqual(levels({ kind: "other" }, [5, 10]), [0, 0, 0, 0, 0, 0]);
  assert.equal(levelOf(cellOf(30, null), areaOf({ highest: 29 }), [5, 10]), 2);
  assert.equal(levelOf(cellOf(30, 0, { over_range: true }), areaOf({ highest: 300 }), [5, 10]), 2);
  assert.equal(levelOf(cellOf(30, 0), areaOf({ highest: 30 }), [5, 10]), 0);
  assert.equal(levelOf(cellOf(null, null), areaOf({ highest: 29 }), [5, 10]), 0);
});
