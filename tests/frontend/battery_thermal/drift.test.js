/** Cells that drift, in words. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { gridOf, lookOf, texts, write } from "./nodes-and-areas.js";

import { driftText, driftsText } from "../../../custom_components/battery_thermal/frontend/drift.js";

const daysAgo = (/** @type {number} */ days) => Date.now() / 1000 - days * 86_400;

test("by how much a cell has warmed or cooled, in how many days", () => {
  assert.equal(driftText({ key: "0", amount: 2.1, since: daysAgo(12.2) }, write, texts), "areas.warmed  2.1 K 12");
  assert.equal(driftText({ key: "0", amount: -1, since: daysAgo(0.1) }, write, texts), "areas.cooled  1 K 1");
  assert.equal(driftText({ key: "0", amount: 2, since: daysAgo(3) }, write, texts, "A1"), "alarms.warmed A1 2 K 3");
});

test("a sentence for each cell, at most three", () => {
  assert.equal(driftsText(lookOf(), write, texts), "");
  assert.equal(driftsText(lookOf(gridOf()), write, texts), "");
  const names = ["A1", "A2", "A3", "A4"];
  const drift = names.map((_, cell) => ({ key: String(cell), amount: 1, since: daysAgo(5) }));
  const all = names.map((name) => `alarms.warmed ${name} 1 K 5`);
  assert.equal(driftsText(lookOf({ ...gridOf({ names }), drift: drift.slice(0, 2) }), write, texts), all.slice(0, 2).join("; "));
  assert.equal(driftsText(lookOf({ ...gridOf({ names }), drift }), write, texts), [...all.slice(0, 3), "…"].join("; "));
});
