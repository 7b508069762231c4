/** The chart of the light under keys and pointer, and what assistive technology gets of it. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { details, find, findAll, mount, send, update } from "../page.js";

import "../../../custom_components/esp32_sensors/frontend/light-chart.js";

const readingsOf = (/** @type {number[]} */ ...percents) => percents.map((percent) => [percent / 10, percent]);

/**
 * A chart with readings of these percents, one a second.
 *
 * @param {...number} first
 */
async function chartOf(...first) {
  const element = await mount("esp32-sensors-chart", {
    readings: readingsOf(...first),
    texts: (/** @type {string} */ key) => key,
    time: (/** @type {number} */ at) => `${at} s`,
  });
  const looked = details(element, "reading-shown");
  const chart = find(element, ".chart");
  const value = (/** @type {string} */ name) => chart.getAttribute(`aria-value${name}`);
  return {
    element,
    chart,
    show: (/** @type {number[]} */ ...percents) => update(element, { readings: readingsOf(...percents) }),
    /** The times at both ends. */
    ends: () => findAll(element, ".times span").map((it) => it.textContent),
    /** Where the mark is; "": nowhere. */
    mark: () => find(element, ".mark").getAttribute("d"),
    press: (/** @type {string} */ key) => send(chart, "keydown", { key }),
    looked: () => looked[looked.length - 1]?.[1] ?? null,
    described: () => [value("min"), value("now"), value("max"), value("text")],
  };
}

test("its value is the reading that keys step through", async () => {
  const chart = await chartOf(10, 20, 30);
  assert.deepEqual(chart.described(), ["0", "2", "2", "30 %, 3 s"]);
  /** @type {[string, number][]} */
  const steps = [
    ["ArrowLeft", 20],
    ["ArrowDown", 10],
    ["ArrowDown", 10],
    ["ArrowUp", 20],
    ["ArrowRight", 30],
    ["ArrowUp", 30],
    ["Home", 10],
    ["End", 30],
  ];
  for (const [key, percent] of steps) {
    await chart.press(key);
    assert.equal(chart.looked(), percent, key);
    assert.deepEqual(chart.described(), ["0", String(percent / 10 - 1), "2", `${percent} %, ${percent / 10} s`], key);
  }
  await chart.press("Escape");
  assert.equal(chart.looked(), null);
  await chart.press("Tab");
  assert.equal(chart.looked(), null);
});

test("readings that arrive are not announced while the chart has the focus", async () => {
  const chart = await chartOf(10, 20, 30);
  await chart.show(20, 30, 40);
  assert.equal(chart.described()[3], "40 %, 4 s");
  await send(chart.chart, "focus");
  await chart.show(30, 40, 50);
  assert.equal(chart.described()[3], "40 %, 4 s");
  await chart.press("ArrowLeft");
  assert.deepEqual(chart.described(), ["0", "1", "2", "40 %, 4 s"]);
  await chart.show(40, 50, 60);
  assert.equal(chart.looked(), 40);
  assert.equal(chart.described()[1], "1");
  await chart.show(50, 60, 70);
  assert.equal(chart.looked(), null);
  await send(chart.chart, "blur");
  assert.deepEqual(chart.described(), ["0", "2", "2", "70 %, 7 s"]);
});

test("without readings there is nothing to step through", async () => {
  const chart = await chartOf();
  await chart.press("ArrowLeft");
  assert.deepEqual(chart.described(), ["0", "0", "0", "live.no_light"]);
  assert.equal(chart.looked(), null);
});

test("the times at both ends are those of the first reading and of the last", async () => {
  assert.deepEqual((await chartOf()).ends(), ["", ""]);
  assert.deepEqual((await chartOf(10)).ends(), ["", "1 s"]);
  assert.deepEqual((await chartOf(10, 20)).ends(), ["1 s", "2 s"]);
  assert.deepEqual((await chartOf(10, 20, 30)).ends(), ["1 s", "3 s"]);
});

test("the pointer chooses the nearest reading, wherever the chart is on the page", async () => {
  const chart = await chartOf(10, 20, 30);
  chart.chart.getBoundingClientRect = () => ({ left: 200, top: 0, width: 50, height: 20 });
  for (const [clientX, percent, mark] of [[200, 10, "M0 36h0.01"], [224, 20, "M50 32h0.01"], [249, 30, "M100 28h0.01"]]) {
    await send(chart.chart, "pointermove", { clientX });
    assert.deepEqual([chart.looked(), chart.mark()], [percent, mark]);
  }
  await send(chart.chart, "pointerdown", { clientX: 201 });
  assert.equal(chart.looked(), 10);
  await send(chart.chart, "pointerleave");
  assert.deepEqual([chart.looked(), chart.mark()], [null, ""]);
});

test("a page does not scroll by the keys of the chart, but by all others", async () => {
  const chart = await chartOf(10, 20, 30);
  for (const key of ["ArrowLeft", "ArrowDown", "ArrowRight", "ArrowUp", "Home", "End", "Escape"]) {
    assert.equal(await chart.press(key), false, key);
  }
  for (const key of ["Tab", "PageDown", "a"]) assert.equal(await chart.press(key), true, key);
});
