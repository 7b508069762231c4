/** What the history page shows of one board, and the link to its device. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { KINDS } from "../../../custom_components/esp32_sensors/frontend/boards.js";
import { find, findAll, mount, textOf, update } from "../page.js";
import { NO_READINGS } from "./cards.js";

import "../../../custom_components/esp32_sensors/frontend/history-box.js";

/** @type {(more?: object) => any} */
const boardOf = (more = {}) => ({
  mac: "61:EC:ED:3B:25:B1",
  online: true,
  last_seen: 9,
  joined_at: 1,
  readings: { ...NO_READINGS, led: [[1, 0], [2, 1]], button: [[3, 1], [4, 0]], light: [[5, 40], [6, 50], [7, 60]] },
  ...more,
});

/** A box that shows a board. */
const boxOf = (board = boardOf(), path = /** @type {string | null} */ (null)) =>
  mount("esp32-sensors-box", {
    board,
    label: "Attic",
    path,
    texts: (/** @type {string} */ key) => key,
    moment: (/** @type {number} */ at) => ({ day: at < 6 ? "Monday" : "Tuesday", clock: `${at} s` }),
    time: (/** @type {number} */ at) => `${at} s`,
  });

/** Each kind: whether the note about no values is hidden, and its rows. */
const written = (/** @type {any} */ box) =>
  findAll(box, ".values section").map((section) => [
    section.querySelector("p").hidden,
    [...section.querySelectorAll("li")].map((row) => row.textContent.replace(/\s+/g, " ").trim()),
  ]);

test("values are newest first, in words", async () => {
  const [led, button, light] = written(await boxOf());
  assert.deepEqual(led, [true, ["2 s live.led_on", "1 s live.led_off"]]);
  assert.deepEqual(button, [true, ["4 s live.button_released", "3 s live.button_pushed"]]);
  assert.deepEqual(light, [true, ["7 s 60 %", "6 s 50 %", "5 s 40 %"]]);
});

test("the day is a heading above its values", async () => {
  const [led, , light] = findAll(await boxOf(), ".values section");
  const headings = (/** @type {any} */ section) => [...section.querySelectorAll("h5")].map((it) => it.textContent);
  assert.deepEqual([headings(led), headings(light)], [["Monday"], ["Tuesday", "Monday"]]);
});

test("without room the values are folded, beside the newest of each kind", async () => {
  const box = await boxOf();
  const folded = () => findAll(box, "details").map((it) => it.open);
  assert.deepEqual(folded(), KINDS.map(() => true));
  await update(box, { wide: false });
  assert.deepEqual(folded(), KINDS.map(() => false));
  const [led, button, light] = findAll(box, ".newest").map((it) => it.textContent);
  assert.deepEqual([led, button, light], ["live.led_on", "live.button_released", "60 %"]);
});

test("a kind without values says so, and has rows again when there are some", async () => {
  const readings = { ...NO_READINGS, light: [[5, 40]] };
  const box = await boxOf(boardOf({ readings }));
  const [led, , light] = written(box);
  assert.deepEqual([led, light], [[false, []], [true, ["5 s 40 %"]]]);
  await update(box, { board: boardOf({ readings: { ...readings, led: [[6, 1]] } }) });
  assert.deepEqual(written(box)[0], [true, ["6 s live.led_on"]]);
  await update(box, { board: boardOf({ readings }) });
  assert.deepEqual(written(box)[0], [false, []]);
});

test("times are written again in another zone, and stay the same for machines", async () => {
  const box = await boxOf();
  await update(box, { moment: (/** @type {number} */ at) => ({ day: "", clock: `${at} UTC` }) });
  assert.deepEqual(written(box)[2][1], ["7 UTC 60 %", "6 UTC 50 %", "5 UTC 40 %"]);
  const [, , light] = findAll(box, ".values section");
  assert.equal(light.querySelector("time").dateTime, "1970-01-01T00:00:07.000Z");
});

test("whether it is online, when it was seen and when it joined", async () => {
  const box = await boxOf();
  const facts = () => [textOf(box, ".mark"), ...findAll(box, "dd").map((it) => it.textContent)];
  assert.deepEqual(facts(), ["history.online", "9 s", "1 s", "61:EC:ED:3B:25:B1"]);
  assert.equal(find(box, ".mark").hasAttribute("data-online"), true);
  await update(box, { board: boardOf({ online: false, last_seen: null }) });
  assert.deepEqual(facts(), ["history.offline", "history.never", "1 s", "61:EC:ED:3B:25:B1"]);
  assert.equal(find(box, ".mark").hasAttribute("data-online"), false);
});

test("the name leads to the device for who may rename it", async () => {
  const plain = find(await boxOf(), "h3 a");
  assert.deepEqual([plain.textContent, plain.hasAttribute("href")], ["Attic", false]);
  const linked = find(await boxOf(boardOf(), "/config/devices/device/d1"), "h3 a");
  assert.equal(linked.getAttribute("href"), "/config/devices/device/d1");
});

test("the firmware is shown as text, and marked when others have a newer version", async () => {
  const box = await boxOf(boardOf({ firmware: null }));
  assert.equal(findAll(box, ".facts dt").length, 3);
  await update(box, { board: boardOf({ firmware: { name: "<b>Mine</b>", version: "1.0" } }) });
  const shown = () => findAll(box, ".facts dd")[3].textContent.replace(/\s+/g, " ").trim();
  assert.deepEqual([shown(), find(box, ".behind"), find(box, "b")], ["<b>Mine</b> 1.0", null, null]);
  await update(box, { newer: "1.2" });
  assert.deepEqual([shown(), textOf(box, ".behind")], ["<b>Mine</b> 1.0 history.behind", "history.behind"]);
});
