/** How far a setting is, and why the fan runs, in words. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { texts, write } from "./nodes-and-areas.js";

import { fanText, progressOf } from "../../../custom_components/battery_thermal/frontend/setting-state.js";

/** @type {(more?: object) => any} */
const nodeOf = (more = {}) => ({ wanted: null, stage: "idle", error: null, ...more });
const wanted = { threshold: 60, mode: "fast", fan: true };

test("without a wish the known value is confirmed, or unknown", () => {
  assert.equal(progressOf("threshold", nodeOf(), 50, write, texts).state, "proven");
  assert.equal(progressOf("threshold", nodeOf(), null, write, texts).state, "unknown");
  assert.equal(progressOf("mode", nodeOf(), undefined, write, texts).state, "unknown");
});

test("a wanted value is pending until the node shows it", () => {
  const node = nodeOf({ wanted, stage: "sent" });
  assert.equal(progressOf("threshold", node, 50, write, texts).text, "settings.how_pending 60 °C settings.step_sent ");
  assert.equal(progressOf("mode", node, "slow", write, texts).text, "settings.how_pending settings.fast settings.step_sent ");
  assert.equal(progressOf("fan", nodeOf({ wanted }), false, write, texts).text, "settings.how_pending settings.fan_always settings.step_waiting ");
  assert.equal(progressOf("threshold", node, 60, write, texts).state, "proven");
});

test("while another value is chosen and not sent, the text says which one is confirmed", () => {
  const said = (/** @type {any} */ key, /** @type {any} */ known, node = nodeOf()) => progressOf(key, node, known, write, texts, true).text;
  assert.equal(said("threshold", 50), "settings.how_proven_value 50 °C");
  assert.equal(said("mode", "slow"), "settings.how_proven_value settings.slow");
  assert.equal(said("fan", true, nodeOf({ wanted })), "settings.how_proven_value settings.fan_always");
  assert.match(said("threshold", null), /^settings.how_unknown/);
  assert.match(said("threshold", 50, nodeOf({ wanted, stage: "sent" })), /^settings.how_pending .*60 °C/);
});

test("a failure gives its reason, in words where there are some", () => {
  const failed = (/** @type {string | null} */ error, of = texts) =>
    progressOf("threshold", nodeOf({ wanted, stage: "failed", error }), 50, write, of);
  assert.deepEqual(failed("no_answer"), { state: "failed", text: "settings.how_failed 60 °C  settings.error_no_answer" });
  const unknown = (/** @type {string} */ key, values = {}) => (key.startsWith("settings.error_") ? "" : texts(key, values));
  assert.equal(failed("strange", unknown).text, "settings.how_failed 60 °C  strange");
  assert.equal(failed(null).text, "settings.how_failed 60 °C  ");
});

test("a fan on automatic may run or not", () => {
  const node = nodeOf({ wanted: { ...wanted, fan: false }, stage: "queued" });
  for (const running of [false, true]) assert.equal(progressOf("fan", node, running, write, texts).state, "proven");
});

test("whether the fan runs, and why", () => {
  assert.equal(fanText(false, true, texts), "settings.fan_off");
  assert.equal(fanText(true, true, texts), "settings.fan_on_always");
  assert.equal(fanText(true, false, texts), "settings.fan_on_hot");
});
