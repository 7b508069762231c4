/** The curve of an area: its lines, and what is asked for. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { details, find, findAll, mount, send, settle, textOf, update } from "../page.js";
import { PAINT, areaOf, cellOf, gridOf, imageOf, keyed, lookOf, texts, write } from "./nodes-and-areas.js";

import "../../../custom_components/battery_thermal/frontend/area-table.js";
import {
  bandPath,
  linePath,
  peakOf,
  pointAt,
  scaleOf,
} from "../../../custom_components/battery_thermal/frontend/trend-line.js";

const HOUR = 3_600_000;
/** @type {import("../../../custom_components/battery_thermal/frontend/trend-line.js").Curve} */
const CURVE = [[0, 20, 21, 22], [HOUR, 21, 22, 24], null, [4 * HOUR, 20, 20, 20]];

test("a scale has all values, and two degrees at least", () => {
  assert.deepEqual(scaleOf([CURVE, []], 0, 4 * HOUR), { start: 0, end: 4 * HOUR, low: 20, high: 24 });
  assert.deepEqual(scaleOf([[[0, 20, 20, 20.5]]], 0, HOUR), { start: 0, end: HOUR, low: 19.25, high: 21.25 });
  assert.equal(scaleOf([[], [null]], 0, HOUR), null);
});

test("lines and bands have gaps", () => {
  const scale = { start: 0, end: 4 * HOUR, low: 20, high: 24 };
  assert.equal(linePath(CURVE, scale), "M0 100h0.01L150 0h0.01M600 200h0.01");
  // A point alone has no band.
  assert.equal(bandPath(CURVE, scale), "M0 100L150 0L150 150L0 200Z");
  assert.equal(linePath([], scale), "");
});

test("the image under a place of the curve is the nearest", () => {
  const scale = { start: 0, end: 4 * HOUR, low: 20, high: 24 };
  assert.deepEqual(pointAt(CURVE, scale, 0.3)?.[0], HOUR);
  assert.deepEqual(pointAt(CURVE, scale, 0.9)?.[0], 4 * HOUR);
  assert.equal(pointAt([null], scale, 0.5), null);
  assert.deepEqual([peakOf(CURVE)?.[0], peakOf([])], [HOUR, null]);
});

/** @param {(message: any) => any} answer */
async function boxOf(answer) {
  /** @type {any[]} */
  const asked = [];
  const hass = {
    locale: { language: "en", time_format: "24", time_zone: "server" },
    config: { time_zone: "UTC" },
    callWS: async (/** @type {any} */ message) => {
      asked.push(message);
      return answer(message);
    },
  };
  const box = await mount("battery-thermal-trend", { area: areaOf(), hass, node: "n", texts, write });
  await settle();
  return { asked, box, hass };
}

test("a curve with the median of its kind; a tap, or the hottest, asks for an image", async () => {
  const { asked, box } = await boxOf(() => ({ areas: { 0: CURVE }, median: CURVE, complete: true }));
  const [{ type, node, areas, median_of: medianOf, start, end }] = asked;
  assert.deepEqual([type, node, areas, medianOf, end - start], ["battery_thermal/trend", "n", ["0"], "0", 24 * HOUR]);
  assert.equal(textOf(box, "h3"), "trend.title A1");
  assert.equal(find(box, "[role=status]").hidden, true);
  const sent = details(box, "image-asked");
  const drawing = find(box, "svg");
  drawing.getBoundingClientRect = () => ({ left: 10, width: 100 });
  await send(drawing, "click", { clientX: 110 });
  await send(find(box, ".keys button"), "click");
  assert.deepEqual(sent, [4 * HOUR, HOUR]);
  const [, week] = findAll(box, ".head button");
  await send(week, "click");
  await settle();
  assert.deepEqual([asked.length, asked[1].end - asked[1].start], [2, 7 * 24 * HOUR]);
  assert.equal(week.getAttribute("aria-pressed"), "true");
});

test("what is still calculated is asked for again, until all of it is there", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  let complete = false;
  const { asked, box } = await boxOf(() => ({ areas: { 0: [] }, median: [], complete }));
  assert.equal(textOf(box, "[role=status]"), "trend.calculating");
  complete = true;
  mock.timers.tick(2000);
  mock.timers.reset();
  await settle();
  assert.deepEqual([asked.length, textOf(box, "[role=status]")], [2, "trend.none"]);
  assert.equal(find(box, "svg"), null);
});

test("a failure is said, and a late answer about another area is ignored", async () => {
  const failing = await boxOf(() => Promise.reject(new Error()));
  assert.equal(textOf(failing.box, "[role=status]"), "archive.failed");
  /** @type {((found: any) => void)[]} */
  const answers = [];
  const { asked, box } = await boxOf(() => new Promise((resolve) => answers.push(resolve)));
  await update(box, { area: areaOf({ key: "1", name: "A2" }) });
  answers[1]({ areas: { 1: CURVE }, median: [], complete: true });
  answers[0]({ areas: { 0: [] }, median: [], complete: true });
  await settle();
  assert.deepEqual([asked.length, findAll(box, "svg").length], [2, 1]);
  box.remove();
  assert.equal(box.asked, "");
});

test("the table shows the curve of one area, and hides it again", async () => {
  const hass = { callWS: () => new Promise(() => {}) };
  const image = imageOf({ areas: keyed([cellOf(31), cellOf(32)]) });
  const table = await mount("battery-thermal-areas", { hass, image, look: lookOf(gridOf()), node: "n", paint: PAINT, texts, write });
  const [first, second] = findAll(table, "button.curve");
  assert.equal(find(table, "battery-thermal-trend"), null);
  await send(second, "click");
  assert.equal(find(table, "battery-thermal-trend").area.name, "A2");
  await send(first, "click");
  assert.equal(find(table, "battery-thermal-trend").area.name, "A1");
  await send(first, "click");
  assert.equal(find(table, "battery-thermal-trend"), null);
});
