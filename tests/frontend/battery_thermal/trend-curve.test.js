/** The small curve of the last 24 hours: there with values, hidden without. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { drawTemplate } from "../page.js";

import { LitElement } from "../../../custom_components/battery_thermal/frontend/common/vendor/lit.js";
import { trendCurve } from "../../../custom_components/battery_thermal/frontend/trend-curve.js";

/** What is drawn of some points. */
async function drawn(/** @type {any} */ points) {
  const place = await drawTemplate(LitElement, trendCurve(points));
  const svg = /** @type {Element} */ (place.querySelector("svg"));
  return { hidden: svg.hasAttribute("hidden"), path: svg.querySelector("path")?.getAttribute("d") };
}

test("without points it is hidden", async () => {
  assert.deepEqual((await drawn(undefined)), { hidden: true, path: "" });
  assert.deepEqual((await drawn([])), { hidden: true, path: "" });
});

test("with points of the last day it has a path inside its box", async () => {
  const now = Date.now();
  const points = [20, 25, 22].map((value, hours) => [now - (3 - hours) * 3_600_000, value]);
  const { hidden, path } = await drawn(points);
  assert.equal(hidden, false);
  const numbers = [...String(path).matchAll(/-?[\d.]+/g)].map(Number);
  assert.ok(numbers.length >= 6);
  assert.ok(Math.max(...numbers) <= 96 && Math.min(...numbers) >= 0);
});
