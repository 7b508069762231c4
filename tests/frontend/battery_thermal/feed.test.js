/** The feed of the nodes: what an event changes, and palettes as bytes. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { NodeFeed } from "../../../custom_components/battery_thermal/frontend/feed.js";

/** @type {any} */
const connection = { addEventListener: () => undefined };

test("palettes are read from base64, and kept when an event has none", () => {
  const feed = new NodeFeed(connection);
  feed.take({ snapshot: true, nodes: {}, gone: [], palettes: { two: btoa(String.fromCharCode(0, 127, 255, 1, 2, 3)) } });
  assert.deepEqual([...feed.palettes.two], [0, 127, 255, 1, 2, 3]);
  feed.take({ nodes: {}, gone: [] });
  assert.deepEqual(Object.keys(feed.palettes), ["two"]);
});

test("nodes come and go, and are forgotten with the connection", () => {
  const feed = new NodeFeed(connection);
  feed.take({ snapshot: true, nodes: { a: { heard_at: 1 }, b: { heard_at: 2 } }, gone: [] });
  assert.deepEqual([...feed.nodes.keys()], ["a", "b"]);
  feed.take({ nodes: {}, gone: ["a"] });
  assert.deepEqual([...feed.nodes.keys()], ["b"]);
  feed.clear();
  assert.equal(feed.nodes.size, 0);
});
