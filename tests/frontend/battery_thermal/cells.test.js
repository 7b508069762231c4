import assert from "node:assert/strict";
import { test } from "node:test";

import { cellAreas, levelOf } from "../../../custom_components/battery_thermal/frontend/cells.js";

test("cells lie row by row between their edges", () => {
  const grid = { row_edges: [0.1, 0.5, 0.9], column_edges: [0, 1] };
  assert.deepEqual(cellAreas(grid, { width: 100, height: 200 }), [
    { left: 0, top: 20, width: 100, height: 80 },
    { left: 0, top: 100, width: 100, height: 80 },
  ]);
});

test("a cell is worth a warning over one limit, and an alarm over the other", () => {
  const levels = [null, 0, 5, 5.1, 10, 10.1].map((deviation) => levelOf(deviation, [5, 10]));
  assert.deepEqual(levels, [0, 0, 0, 1, 1, 2]);
  // Limits are the owner's: the alarm may come first.
  assert.equal(levelOf(6, [10, 5]), 2);
});
