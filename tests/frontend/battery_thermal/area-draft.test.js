/** Areas while they are drawn, and what is saved of them. */

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  changesOf,
  chosenOf,
  draftOf,
  isNothing,
  withNew,
  withPoints,
  withValues,
  withoutChosen,
} from "../../../custom_components/battery_thermal/frontend/area-draft.js";
import { areaOf, lookOf } from "./nodes-and-areas.js";

const A1 = areaOf({ key: "a", points: [[0, 0], [10, 10.3333]], highest: 60 });
const LAMP = areaOf({ key: "b", name: "Lamp", kind: "ignore", points: [[20, 0], [30, 0], [20, 9]] });
const LOOK = lookOf({ areas: [A1, LAMP], quarters: 1 });

test("nothing is changed at first", () => {
  const draft = draftOf(LOOK);
  assert.deepEqual(draft.areas[1].points, [[0, 12], [0, 2], [9, 12]]);
  assert.equal(chosenOf(draft), undefined);
  assert.ok(isNothing(changesOf(draft, LOOK)));
});

test("a new area has the kind of the one before, and a name of its own", () => {
  let draft = withNew(draftOf(LOOK), [[0, 0], [4, 4]], "Area");
  assert.deepEqual([chosenOf(draft)?.area.name, chosenOf(draft)?.area.kind], ["Area 1", "cell"]);
  draft = withNew(withValues(draft, { kind: "terminal" }), [[8, 8], [9, 9]], "Area");
  assert.deepEqual([chosenOf(draft)?.area.name, chosenOf(draft)?.area.kind], ["Area 2", "terminal"]);
  const { changed, removed } = changesOf(draft, LOOK);
  assert.deepEqual(removed, []);
  // Without a key, where it is on the sensor.
  assert.deepEqual(changed[1], {
    name: "Area 2", kind: "terminal", points: [[23, 8], [24, 9]], emissivity: null, highest: null, warning: null, alarm: null,
  });
  // One that was added and removed again leaves nothing.
  draft = withoutChosen({ ...withoutChosen(draft), chosen: "new 0" });
  assert.ok(isNothing(changesOf(draft, LOOK)));
});

test("another name leaves the corners as they are, to the last digit", () => {
  const draft = withValues({ ...draftOf(LOOK), chosen: "a" }, { name: "B1" });
  assert.deepEqual(changesOf(draft, LOOK).changed, [
    { key: "a", name: "B1", kind: "cell", points: A1.points, emissivity: null, highest: 60, warning: null, alarm: null },
  ]);
});

test("what is moved or removed is saved, and nothing else", () => {
  let draft = withPoints({ ...draftOf(LOOK), chosen: "b" }, [[0, 12], [0, 4], [9, 12]]);
  assert.deepEqual(changesOf(draft, LOOK).changed.map(({ points }) => points), [[[20, 0], [28, 0], [20, 9]]]);
  draft = withoutChosen({ ...draft, chosen: "a" });
  assert.deepEqual([changesOf(draft, LOOK).removed, draft.chosen], [["a"], null]);
  assert.equal(withoutChosen(draft), draft);
});
