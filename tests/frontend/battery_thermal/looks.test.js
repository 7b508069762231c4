/** Which palette and scale hold, and with which colours an image is drawn. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { details, find, findAll, mount, send, update } from "../page.js";
import { GREY, imageOf, lookOf } from "./nodes-and-areas.js";

import "../../../custom_components/battery_thermal/frontend/look-choice.js";
import { chosen, remember } from "../../../custom_components/battery_thermal/frontend/looks.js";
import { Painter } from "../../../custom_components/battery_thermal/frontend/paint.js";

beforeEach(() => localStorage.clear());

/** The colours as they come from the integration: the last ones are no palette. */
const PALETTES = { inferno: GREY, rainbow: GREY, arctic: GREY, alarm: GREY, above: GREY };

const valueOf = (config = {}) => [
  chosen("palette", config, lookOf(), PALETTES).value,
  chosen("scale", config, lookOf(), PALETTES).value,
];

test("the card's own look goes before the owner's, an unknown one does not", () => {
  assert.deepEqual(valueOf(), ["inferno", "automatic"]);
  assert.deepEqual(valueOf({ palette: "arctic" }), ["arctic", "automatic"]);
  assert.deepEqual(valueOf({ palette: "green", scale: "fixed" }), ["inferno", "fixed"]);
  assert.deepEqual(valueOf({ palette: "above" }), ["inferno", "automatic"]);
});

test("the choice of the browser goes before both, but not on a small card", () => {
  remember("palette", "rainbow");
  localStorage.setItem("battery_thermal.scale", "nonsense");
  assert.deepEqual(valueOf({ palette: "arctic" }), ["rainbow", "automatic"]);
  assert.deepEqual(valueOf({ small: true }), ["inferno", "automatic"]);
  localStorage.setItem("battery_thermal.palette", "above");
  assert.deepEqual(valueOf({ palette: "arctic" }), ["arctic", "automatic"]);
  remember("palette", "");
  assert.deepEqual(valueOf(), ["inferno", "automatic"]);
});

test("the controls show what holds and remember another choice", async () => {
  const both = () => ({
    palette: chosen("palette", {}, lookOf(), PALETTES),
    scale: chosen("scale", { scale: "threshold" }, lookOf(), PALETTES),
  });
  const texts = (/** @type {string} */ key, /** @type {any} */ values) => (values ? `${key} ${values.name}` : key);
  const element = await mount("battery-thermal-look", { chosen: both(), texts });
  const changes = details(element, "look-changed");
  const [palette, scale] = findAll(element, "select");
  assert.deepEqual([palette.value, scale.value], ["", ""]);
  const values = (/** @type {any} */ select) => Array.from(select.options, ({ value }) => value);
  assert.deepEqual(values(palette), ["", "inferno", "rainbow", "arctic", "alarm"]);
  assert.deepEqual(values(scale), ["", "automatic", "threshold", "fixed"]);
  assert.equal(palette.options[0].textContent, "look.usual selector.palette.options.inferno");
  assert.equal(palette.options[2].textContent, "selector.palette.options.rainbow");
  assert.equal(scale.options[0].textContent, "look.usual look.threshold");
  palette.value = "arctic";
  await send(palette, "change");
  assert.deepEqual([localStorage.getItem("battery_thermal.palette"), changes.length], ["arctic", 1]);
  await update(element, { chosen: both() });
  assert.equal(find(element, "select").value, "arctic");
});

test("a paint stays the same until something that it depends on changes", () => {
  const painter = new Painter();
  const palettes = { inferno: GREY };
  const inputs = { look: lookOf({ scale: "fixed" }), image: imageOf(), threshold: null, config: {}, unit: "°C" };
  const first = painter.paint(inputs, palettes);
  assert.deepEqual([first.span, first.colours], [[0, 100], GREY]);
  assert.equal(painter.paint({ ...inputs }, palettes), first);
  assert.equal(painter.last, first);
  const own = painter.paint({ ...inputs, config: { low: 50, high: 212 }, unit: "°F" }, palettes);
  assert.deepEqual(own.span.map(Math.round), [10, 100]);
});
