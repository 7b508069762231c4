/** The tables of the cells and of the values. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { details, find, findAll, mount, send, textOf, update } from "../page.js";
import { PAINT, cellOf, gridOf, imageOf, keyed, lookOf, texts, write } from "./nodes-and-areas.js";

import "../../../custom_components/battery_thermal/frontend/area-table.js";
import "../../../custom_components/battery_thermal/frontend/value-table.js";

/** The texts of each row. */
const rowsOf = (/** @type {any} */ element, part = "tbody") =>
  findAll(element, `${part} tr`).map((row) =>
    [...row.children].map((cell) => cell.textContent.replace(/\s+/g, " ").trim()),
  );

test("each cell with its figures and level", async () => {
  const grid = gridOf({ names: ["A1", "A2", "B1", "B2"] });
  const cells = [cellOf(31), cellOf(37, 6), cellOf(42, 11, { complete: false }), cellOf(null, null, { complete: false })];
  const table = await mount("battery-thermal-areas", { image: imageOf({ areas: keyed(cells) }), look: lookOf(grid), paint: PAINT, texts, write });
  assert.deepEqual(rowsOf(table), [
    ["A1", "31 °C", "31 °C", "+0 K", ""],
    ["A2 areas.warning", "37 °C", "37 °C", "+6 K", ""],
    ["B1 areas.alarm", "42 °C", "42 °C", "+11 K", ""],
    ["B2 areas.incomplete", "–", "–", "–", ""],
  ]);
  assert.deepEqual(findAll(table, ".level").map((it) => it.dataset.level), [undefined, "warning", "alarm", undefined]);
  assert.deepEqual(findAll(table, ".patch").map((it) => it.style.background !== ""), [true, true, true, false]);
  await update(table, { look: lookOf({ ...grid, drift: [{ key: "0", amount: 2, since: Date.now() / 1000 - 12 * 86_400 }] }) });
  assert.equal(rowsOf(table)[0][0], "A1 areas.warmed 2 K 12");
  await update(table, { image: imageOf({ areas: keyed([cellOf(320, 0, { over_range: true })]) }) });
  assert.equal(rowsOf(table)[0][1], "picture.over 307 °C");
  await update(table, { look: lookOf() });
  assert.equal(find(table, "table"), null);
});

test("a cell opens the history of its entity, if there is one, and shows its curve", async () => {
  const grid = gridOf({ entities: ["sensor.a1", null] });
  const now = Date.now();
  const points = { "sensor.a1": [[now - 3_600_000, 20], [now, 30]] };
  const image = imageOf({ areas: keyed([cellOf(31), cellOf(32)]) });
  const table = await mount("battery-thermal-areas", { image, look: lookOf(grid), paint: PAINT, points, texts, write });
  const asked = details(table, "hass-more-info");
  const [first, second] = findAll(table, "th button");
  await send(first, "click");
  assert.deepEqual([asked, second.disabled], [[{ entityId: "sensor.a1" }], true]);
  assert.deepEqual(findAll(table, ".trend path").map((it) => it.getAttribute("d") !== ""), [true, false]);
});

test("values are filled in only when the table is unfolded", async () => {
  const image = imageOf({ rows: [[20, null, 21], null], width: 3, over: [[0, 2]] });
  const table = await mount("battery-thermal-values", { image, texts, write });
  assert.equal(find(table, "table"), null);
  const folded = find(table, "details");
  folded.open = true;
  await send(folded, "toggle");
  assert.equal(textOf(table, "caption"), "card.table_caption");
  assert.deepEqual(rowsOf(table, "thead"), [["", "1", "2", "3"]]);
  assert.deepEqual(rowsOf(table), [["1", "20 °C", "–", "picture.over 307 °C"], ["2", "–", "–", "–"]]);
  await update(table, { image: imageOf({ rows: [[22, 23, 24]], width: 3 }) });
  assert.deepEqual(rowsOf(table), [["1", "22 °C", "23 °C", "24 °C"]]);
});
