/** Filter, layout and count above the boards. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { details, find, findAll, mount, send, settle, textOf } from "../page.js";

import { NARROW_LAYOUTS, rememberLayout, rememberedLayout } from "../../../custom_components/esp32_sensors/frontend/toolbar.js";

const KEY = "esp32_sensors.layout.live";

beforeEach(() => localStorage.clear());

const toolbarOf = () =>
  mount("esp32-sensors-toolbar", { count: "3 boards", label: "Boards", layout: "list", texts: (/** @type {string} */ key) => key });

test("the layout is that of the browser, else that of the card, else a grid", () => {
  assert.equal(rememberedLayout("live", undefined), "grid");
  assert.equal(rememberedLayout("live", "list"), "list");
  assert.equal(rememberedLayout("live", "unknown"), "grid");
  rememberLayout("live", "compact");
  assert.equal(rememberedLayout("live", "list"), "compact");
  localStorage.setItem(KEY, "unknown");
  assert.equal(rememberedLayout("live", "list"), "list");
});

test("only the chosen layout is pressed, and another one is asked for", async () => {
  const toolbar = await toolbarOf();
  const chosen = details(toolbar, "layout-changed");
  const buttons = findAll(toolbar, "button");
  assert.deepEqual(buttons.map((it) => it.getAttribute("aria-pressed")), ["false", "true", "false"]);
  await send(buttons[2], "click");
  assert.deepEqual(chosen, ["compact"]);
});

test("only layouts that differ are offered", async () => {
  const toolbar = await toolbarOf();
  toolbar.layouts = NARROW_LAYOUTS;
  await settle();
  const buttons = findAll(toolbar, "button");
  assert.deepEqual(buttons.map((it) => [it.dataset.layout, it.getAttribute("aria-pressed")]), [["grid", "true"], ["compact", "false"]]);
});

test("the text of the field is sent with each letter", async () => {
  const toolbar = await toolbarOf();
  const filters = details(toolbar, "filter-changed");
  const search = find(toolbar, "input");
  search.value = "attic";
  await send(search, "input");
  assert.deepEqual(filters, ["attic"]);
});

test("it shows title and count, and has a place for further controls", async () => {
  const toolbar = await toolbarOf();
  assert.deepEqual([textOf(toolbar, "h2"), textOf(toolbar, ".count")], ["Boards", "3 boards"]);
  assert.ok(find(toolbar, "slot"));
});
