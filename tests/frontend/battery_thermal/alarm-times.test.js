/** When alarms were on, and during which images. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { AlarmTimes } from "../../../custom_components/battery_thermal/frontend/alarm-times.js";

/** @type {Record<string, any>} */
const LEVELS = { "binary_sensor.a": "alarm", "binary_sensor.w": "warning" };

/**
 * @param {() => Promise<any>} callWS answers of the recorder
 * @param {any[]} alarms of the log
 */
async function timesOf(callWS, alarms = []) {
  const changed = mock.fn();
  const asked = mock.fn(async (/** @type {any} */ { type }) => {
    if (type.startsWith("battery_thermal/")) return { alarms };
    return callWS();
  });
  const times = new AlarmTimes(changed);
  const show = (count = 1, entities = LEVELS) => times.show(/** @type {any} */ ({ callWS: asked }), "a", entities, [0, 100_000], count);
  await show();
  return { times, asked, changed, show };
}

const history = async () => ({
  "binary_sensor.a": [{ s: "on", lu: 20, lc: 10 }, { s: "off", lu: 30 }, { s: "on", lu: 90 }],
  "binary_sensor.w": [{ s: "on", lu: 40 }, { s: "unavailable", lu: 50 }],
});

test("a time between two images has the highest level that was on", async () => {
  const { times } = await timesOf(history);
  const levels = [[0, 10], [0, 11], [29, 31], [30, 40], [45, 60], [25, 45], [95, Infinity]].map(([start, end]) =>
    times.levelIn(start * 1000, end * 1000),
  );
  assert.deepEqual(levels, [null, "alarm", "alarm", null, "warning", "alarm", "alarm"]);
});

test("the history is fetched again when there are other images or entities", async () => {
  const { asked, changed, show } = await timesOf(history);
  await show();
  assert.deepEqual([asked.mock.callCount(), changed.mock.callCount()], [2, 1]);
  await show(2);
  assert.equal(asked.mock.callCount(), 4);
  await show(2, {});
  assert.equal(asked.mock.callCount(), 5);
});

test("without the recorder there is no mark, and a late answer does not count", async () => {
  const { times } = await timesOf(() => Promise.reject(new Error("unknown command")));
  assert.deepEqual(times.spans, []);
  /** @type {() => Promise<any>} */
  let answer = history;
  const { times: late, show } = await timesOf(() => answer());
  const first = show(2);
  answer = async () => ({});
  await Promise.all([show(3), first]);
  assert.deepEqual(late.spans, []);
});

test("what the log knows of a day is used in place of the history", async () => {
  const alarms = [
    { since: 25_000, begin_image: 20_000, end_image: 40_000, ended_at: 45_000, level: "warning" },
    { since: 50_000, begin_image: null, end_image: null, ended_at: 60_000, level: "warning" },
    { since: 70_000, begin_image: 70_000, end_image: null, ended_at: null, level: "alarm" },
  ];
  const { asked, times } = await timesOf(history, alarms);
  assert.deepEqual(times.spans, [
    { start: 20_000, end: 40_000, level: "warning" },
    { start: 50_000, end: 60_000, level: "warning" },
    { start: 70_000, end: 100_000, level: "alarm" },
  ]);
  assert.equal(asked.mock.callCount(), 1);
  assert.deepEqual(asked.mock.calls[0].arguments[0], { type: "battery_thermal/alarms_between", node: "a", start: 0, end: 100_000 });
  // The image that was the first without an alarm has no mark.
  assert.deepEqual([times.levelIn(20_000, 30_000), times.levelIn(40_000, 45_000)], ["warning", null]);
});

test("without the log there is the history", async () => {
  const callWS = async (/** @type {any} */ { type }) =>
    type.startsWith("battery_thermal/") ? Promise.reject(new Error("busy")) : history();
  const times = new AlarmTimes(() => {});
  await times.show(/** @type {any} */ ({ callWS }), "a", LEVELS, [0, 100_000], 1);
  assert.equal(times.spans.length, 3);
});
