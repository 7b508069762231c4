/** The grid of cells while its margins are dragged. */

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  cellsOf,
  cornersOfFrame,
  frameMoved,
  frameOf,
  isDragged,
  isInside,
  isOther,
  stepsBetween,
  withEdges,
} from "../../../custom_components/battery_thermal/frontend/grid-frame.js";
import { areaOf, lookOf } from "./nodes-and-areas.js";

const FRAME = { rows: 2, columns: 2, top: 25, right: 0, bottom: 0, left: 50 };
const GRID = { ...FRAME, keys: ["0", "1", "7", "3"] };
const areasOf = (/** @type {string[]} */ ...keys) => keys.map((key) => areaOf({ key, name: `Cell ${key}` }));
const LOOK = lookOf({ grid: GRID, areas: areasOf("0", "1", "7", "3", "own") });
const namesOf = (/** @type {any} */ frame, /** @type {any} */ look) => cellsOf(frame, look).map(({ name }) => name);

test("the frame is that of the grid, or a first one", () => {
  assert.deepEqual(frameOf(LOOK), FRAME);
  assert.deepEqual(frameOf(lookOf()), { rows: 4, columns: 4, top: 10, right: 10, bottom: 10, left: 10 });
});

test("cells fill the frame in the picture as it is displayed", () => {
  assert.deepEqual(cornersOfFrame(FRAME, LOOK), [[8, 12], [32, 24]]);
  assert.deepEqual(cellsOf(FRAME, LOOK).map(({ points }) => points), [
    [[8, 12], [20, 18]], [[8, 18], [20, 24]], [[20, 12], [32, 18]], [[20, 18], [32, 24]],
  ]);
  assert.deepEqual(cornersOfFrame(FRAME, lookOf({ quarters: 1 })), [[6, 16], [24, 32]]);
});

test("a cell stays the same area while its row and column are there", () => {
  assert.deepEqual(cellsOf({ ...FRAME, rows: 1, columns: 3 }, LOOK).map(({ key, name }) => [key, name]), [
    ["0", "Cell 0"], ["1", "Cell 1"], [null, "A3"],
  ]);
  assert.deepEqual(namesOf({ ...FRAME, rows: 3, columns: 1 }, LOOK), ["Cell 0", "Cell 7", "C1"]);
  assert.deepEqual(namesOf({ ...FRAME, columns: 1 }, lookOf()), ["A1", "B1"]);
});

test("a removed cell stays removed unless rows, columns or nothing else is left", () => {
  const gap = lookOf({ grid: GRID, areas: areasOf("0", "3") });
  assert.deepEqual(namesOf(FRAME, gap), ["Cell 0", "Cell 3"]);
  assert.deepEqual(namesOf({ ...FRAME, rows: 3 }, gap), ["Cell 0", "", "", "Cell 3", "C1", "C2"]);
  assert.deepEqual(namesOf(FRAME, lookOf({ grid: GRID, areas: areasOf("own") })), ["", "", "", ""]);
});

test("a new cell has no name that another area has", () => {
  const named = (/** @type {string[]} */ ...names) => names.map((name) => areaOf({ key: name, name }));
  const own = lookOf({ areas: named("A1", "A3", "B2") });
  assert.deepEqual(namesOf({ ...FRAME, columns: 2 }, own), ["A4", "A2", "B1", "B3"]);
  // As Home Assistant does: one whose row or column is no more leaves its name to others.
  const areas = ["C1", "D1", "Low", "B2"].map((name, at) => areaOf({ key: GRID.keys[at], name }));
  assert.deepEqual(namesOf({ ...FRAME, rows: 3, columns: 1 }, lookOf({ grid: GRID, areas })), ["C1", "Low", "C2"]);
  assert.deepEqual(namesOf({ ...FRAME, rows: 1, columns: 3 }, lookOf({ grid: GRID, areas })), ["C1", "D1", "A3"]);
  assert.deepEqual(namesOf({ ...FRAME, rows: 4, columns: 1 }, lookOf({ grid: GRID, areas })), ["C1", "Low", "C2", "D1"]);
});

test("the frame of the grid that is there changes nothing while it has a cell", () => {
  for (const key of /** @type {const} */ (["rows", "columns", "top", "right", "bottom", "left"])) {
    assert.ok(isOther({ ...FRAME, [key]: FRAME[key] + 1 }, LOOK));
    assert.ok(isDragged({ ...FRAME, [key]: FRAME[key] + 1 }, LOOK));
  }
  assert.deepEqual([isDragged(FRAME, LOOK), isOther(FRAME, LOOK)], [false, false]);
  for (const look of [lookOf({ areas: areasOf("own") }), lookOf({ grid: GRID, areas: areasOf("own") })]) {
    assert.deepEqual([isDragged(frameOf(look), look), isOther(frameOf(look), look)], [false, true]);
  }
});

test("edges are moved by half a percent, and no farther than 45", () => {
  assert.deepEqual(withEdges(FRAME, ["top", "right"], [2, -3]), { ...FRAME, top: 26, right: 1.5 });
  assert.deepEqual(withEdges(FRAME, ["bottom", "left"], [1, 8]), { ...FRAME, left: 45 });
});

test("all of it is moved as far as its margins allow", () => {
  const frame = { rows: 1, columns: 1, top: 10, right: 20, bottom: 5, left: 40 };
  assert.deepEqual(frameMoved(frame, [4, -10]), { ...frame, top: 12, bottom: 3, left: 35, right: 25 });
  assert.deepEqual(frameMoved(frame, [40, 40]), { ...frame, top: 15, bottom: 0, left: 45, right: 15 });
  assert.deepEqual(frameMoved(frame, [-40, -100]), { ...frame, top: 0, bottom: 15, left: 15, right: 45 });
  assert.deepEqual(stepsBetween([1, 1], [17, 4], LOOK), [100, 25]);
  assert.deepEqual(stepsBetween([1, 1], [13, 1.1], lookOf({ quarters: 1 })), [100, 1]);
  assert.ok(isInside(FRAME, LOOK, [20, 20]));
  assert.ok(!isInside(FRAME, LOOK, [20, 10]));
  assert.ok(!isInside(FRAME, LOOK, [6, 20]));
});
