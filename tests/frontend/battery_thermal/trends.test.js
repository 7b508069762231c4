/** The curves of the last 24 hours. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { Trends, curve } from "../../../custom_components/battery_thermal/frontend/trends.js";

const HOUR = 3_600_000;
const NOW = 24 * HOUR;

test("points are fetched once in five minutes for the same entities", async () => {
  const changed = mock.fn();
  const callWS = mock.fn(async () => ({ "sensor.a": [{ start: 0, max: 20 }, { start: 1, max: null }] }));
  const trends = new Trends(changed);
  const show = (/** @type {string[]} */ ids, /** @type {number} */ now) => trends.show(/** @type {any} */ ({ callWS }), ids, now);
  await show([], NOW);
  assert.equal(callWS.mock.callCount(), 0);
  await show(["sensor.a"], NOW);
  await show(["sensor.a"], NOW + 5 * 60_000 - 1);
  assert.deepEqual([callWS.mock.callCount(), changed.mock.callCount(), trends.points], [1, 1, { "sensor.a": [[0, 20]] }]);
  const [asked] = /** @type {any} */ (callWS.mock.calls[0].arguments);
  assert.deepEqual([asked.start_time, asked.statistic_ids], ["1970-01-01T00:00:00.000Z", ["sensor.a"]]);
  await show(["sensor.a"], NOW + 5 * 60_000);
  await show(["sensor.b"], NOW + 5 * 60_000);
  assert.equal(callWS.mock.callCount(), 3);
});

test("without statistics there is no curve, and a late answer does not count", async () => {
  const refused = new Trends(() => {});
  await refused.show(/** @type {any} */ ({ callWS: () => Promise.reject(new Error()) }), ["sensor.a"], NOW);
  assert.deepEqual(refused.points, {});
  /** @type {((found: any) => void)[]} */
  const answers = [];
  const trends = new Trends(() => {});
  const hass = /** @type {any} */ ({ callWS: () => new Promise((resolve) => answers.push(resolve)) });
  const both = [trends.show(hass, ["sensor.a"], NOW), trends.show(hass, ["sensor.b"], NOW)];
  answers[1]({ "sensor.b": [] });
  answers[0]({ "sensor.a": [] });
  await Promise.all(both);
  assert.deepEqual(trends.points, { "sensor.b": [] });
});

test("a curve goes from a day ago to now, and has a range of one degree at least", () => {
  assert.equal(curve([[0, 20]], 100, 20, NOW), "");
  assert.equal(curve([[0, 20], [12 * HOUR, 30], [NOW, 40]], 100, 20, NOW), "M0 20L50 10L100 0");
  assert.equal(curve([[-HOUR, 20], [NOW, 20.1]], 100, 20, NOW), "M0 11L100 9");
});
