/** The chart of the light under keys, and what readers are told of it. */

import assert from "node:assert/strict";
import { test } from "node:test";

import "../fake-dom.js";

import { LightChart } from "../../../custom_components/esp32_sensors/frontend/light-chart.js";

/** A chart with readings of these percents, one a second. */
function chartOf(...percents) {
  let looked = null;
  const chart = new LightChart((key) => key, (reading) => (looked = reading));
  const show = (...percents) => chart.show(percents.map((percent) => [percent / 10, percent]), (at) => `${at} s`);
  show(...percents);
  const value = (name) => chart.element.getAttribute(`aria-value${name}`);
  return {
    show,
    element: chart.element,
    press: (key) => chart.element.tell("keydown", { key }),
    looked: () => looked?.[1] ?? null,
    said: () => [value("min"), value("now"), value("max"), value("text")],
  };
}

test("its value is the reading that keys step through", () => {
  const chart = chartOf(10, 20, 30);
  assert.deepEqual(chart.said(), ["0", "2", "2", "30 %, 3 s"]);
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
    chart.press(key);
    assert.equal(chart.looked(), percent, key);
    assert.deepEqual(chart.said(), ["0", String(percent / 10 - 1), "2", `${percent} %, ${percent / 10} s`], key);
  }
  chart.press("Escape");
  assert.equal(chart.looked(), null);
  chart.press("Tab");
  assert.equal(chart.looked(), null);
});

test("readings that come are not read out to who is there", () => {
  const chart = chartOf(10, 20, 30);
  chart.show(20, 30, 40);
  assert.equal(chart.said()[3], "40 %, 4 s");
  chart.element.focus();
  chart.show(30, 40, 50);
  assert.equal(chart.said()[3], "40 %, 4 s");
  chart.press("ArrowLeft");
  assert.deepEqual(chart.said(), ["0", "1", "2", "40 %, 4 s"]);
  chart.show(40, 50, 60);
  assert.equal(chart.looked(), 40);
  assert.equal(chart.said()[1], "1");
  chart.element.blur();
  assert.deepEqual(chart.said(), ["0", "2", "2", "60 %, 6 s"]);
  assert.equal(chart.looked(), null);
});

test("without readings there is nothing to step through", () => {
  const chart = chartOf();
  chart.press("ArrowLeft");
  assert.deepEqual(chart.said(), ["0", "0", "0", "live.no_light"]);
  assert.equal(chart.looked(), null);
});
