/** Acknowledging an alarm: what is asked of Home Assistant, and what is said when it refuses. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { texts } from "./nodes-and-areas.js";

import { acknowledge } from "../../../custom_components/battery_thermal/frontend/acknowledge.js";

/** A house with the device of node "a"; `answer` is what the action does. */
function houseOf(answer = async () => undefined) {
  /** @type {any[]} */
  const calls = [];
  /** @type {any} */
  const hass = {
    language: "en",
    devices: { d: { id: "d", identifiers: [["battery_thermal", "a"]] } },
    callService: (/** @type {any[]} */ ...call) => {
      calls.push(call);
      return answer();
    },
    callWS: async () => ({ resources: {} }),
  };
  return { hass, calls };
}

test("the action is called on the device of the node, and nothing is said", async () => {
  const { hass, calls } = houseOf();
  assert.equal(await acknowledge(hass, texts, "a", { kind: "rise", note: "seen" }), "");
  assert.deepEqual(calls, [
    ["battery_thermal", "acknowledge_alarm", { kind: "rise", note: "seen" }, { device_id: "d" }, false],
  ]);
});

test("a refusal is said in its own words, or in ours if it has none", async () => {
  for (const [error, said] of /** @type {[object, string][]} */ ([
    [new Error("not allowed"), "not allowed"],
    [new Error(""), "alarm_log.not_acknowledged"],
  ])) {
    const { hass } = houseOf(() => Promise.reject(error));
    assert.equal(await acknowledge(hass, texts, "a", {}), said);
  }
});
