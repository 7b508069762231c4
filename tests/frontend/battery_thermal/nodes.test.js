import assert from "node:assert/strict";
import { test } from "node:test";

import { applyEvent } from "../../../custom_components/battery_thermal/frontend/nodes.js";

const image = { rows: [[20]], width: 1 };

test("an image stays until another one is sent", () => {
  const before = applyEvent(new Map(), { snapshot: true, gone: [], nodes: { a: { image, stage: "idle" } } });
  const after = applyEvent(before, { gone: [], nodes: { a: { stage: "queued" } } });
  assert.deepEqual(after.get("a"), { id: "a", image, stage: "queued" });
  assert.equal(before.get("a")?.stage, "idle");
});

test("nodes go, and a snapshot replaces all", () => {
  const before = applyEvent(new Map(), { snapshot: true, gone: [], nodes: { a: {}, b: {} } });
  assert.deepEqual([...applyEvent(before, { gone: ["a"], nodes: {} }).keys()], ["b"]);
  const fresh = applyEvent(before, { snapshot: true, gone: [], nodes: { c: {} } });
  assert.deepEqual([...fresh.keys()], ["c"]);
});
