/** One board on the live page. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { find, findAll, mount, send, textOf, update } from "../page.js";

import "../../../custom_components/esp32_sensors/frontend/board-tile.js";

/** @type {(more?: object) => any} */
const boardOf = (more = {}) => ({
  key: "n1/m1",
  mac: "61:EC:ED:3B:25:B1",
  online: true,
  identifying: false,
  led: false,
  button: false,
  light: 42,
  readings: { led: [], button: [], light: [[5, 41], [7, 42]] },
  ...more,
});

const tileOf = (more = {}, properties = {}) =>
  mount("esp32-sensors-tile", {
    board: boardOf(more),
    label: "Attic",
    texts: (/** @type {string} */ key, /** @type {any} */ values) => (values ? `${key} ${values.time}` : key),
    time: (/** @type {number} */ at) => `${at} s`,
    ...properties,
  });

test("it shows LED, button and light of its board", async () => {
  const tile = await tileOf();
  assert.deepEqual([textOf(tile, "h3"), find(tile, "h3").title], ["Attic", "Attic · 61:EC:ED:3B:25:B1"]);
  assert.deepEqual([textOf(tile, ".push"), textOf(tile, "output")], ["live.button_released", "42 %"]);
  assert.equal(find(tile, ".push").getAttribute("aria-label"), "live.button: live.button_released");
  await update(tile, { board: boardOf({ button: true, light: null }) });
  assert.equal(find(tile, ".push").hasAttribute("data-pushed"), true);
  assert.deepEqual([textOf(tile, ".push"), textOf(tile, "output")], ["live.button_pushed", "–"]);
  await update(tile, { board: boardOf({ button: null }) });
  assert.equal(textOf(tile, ".push"), "live.button_unknown");
});

test("a board that is offline says since when", async () => {
  const tile = await tileOf({ online: false }, { lastSeen: "12:00" });
  assert.deepEqual([tile.hasAttribute("data-offline"), textOf(tile, ".offline")], [true, "live.offline_since 12:00"]);
  await update(tile, { lastSeen: "" });
  assert.equal(textOf(tile, ".offline"), "history.offline");
  await update(tile, { board: boardOf() });
  assert.deepEqual([tile.hasAttribute("data-offline"), find(tile, ".offline").hidden], [false, true]);
});

test("the reading that is selected in the chart is shown with its time", async () => {
  const tile = await tileOf();
  const chart = find(tile, "esp32-sensors-chart");
  await send(find(chart, ".chart"), "keydown", { key: "Home" });
  assert.deepEqual([textOf(tile, "output"), textOf(tile, ".at")], ["41 %", "5 s"]);
  await send(find(chart, ".chart"), "keydown", { key: "Escape" });
  assert.deepEqual([textOf(tile, "output"), textOf(tile, ".at")], ["42 %", ""]);
});

test("the chart is flat in a list on a wide page", async () => {
  const tile = await tileOf({}, { layout: "list", wide: true });
  assert.equal(find(tile, "esp32-sensors-chart").flat, true);
  await update(tile, { layout: "grid" });
  assert.equal(find(tile, "esp32-sensors-chart").flat, false);
});

test("who may lets the LED blink, and sees that it does, or why it does not", async () => {
  const tile = await tileOf();
  assert.equal(find(tile, "esp32-sensors-identify"), null);
  /** @type {(error: string) => void} */
  let answer = () => {};
  /** @type {any[]} */
  const identified = [];
  const identify = (/** @type {any} */ board) => {
    identified.push(board.mac);
    return new Promise((resolve) => (answer = resolve));
  };
  await update(tile, { identifiable: true, identify });
  const element = find(tile, "esp32-sensors-identify");
  const button = () => find(element, "button");
  assert.deepEqual([button().ariaLabel ?? button().getAttribute("aria-label"), button().title], ["live.identify Attic", "live.identify_help"]);
  await send(button(), "click");
  await send(button(), "click");
  assert.deepEqual([identified.length, button().getAttribute("aria-busy")], [1, "true"]);
  answer("Too many.");
  await update(tile, {});
  await update(element, {});
  assert.deepEqual([textOf(tile, "p.error"), button().hasAttribute("aria-busy")], ["Too many.", false]);
  await send(button(), "click");
  assert.equal(textOf(tile, "p.error"), "");
  answer("Not now.");
  await update(tile, {});
  await update(tile, { board: boardOf({ identifying: true }) });
  assert.deepEqual(
    [textOf(tile, "p.error"), button().getAttribute("aria-busy"), textOf(element, "[role=status]"), button().title],
    ["", "true", "live.identifying", "live.identifying"],
  );
  await update(tile, { board: boardOf() });
  assert.deepEqual([button().hasAttribute("aria-busy"), textOf(element, "[role=status]")], [false, ""]);
  assert.equal(findAll(tile, "[role=alert]").length, 1);
});
