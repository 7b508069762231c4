/** Drawing areas over the picture with pointer and keys. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { details, find, findAll, mount, send, settle, textOf, update } from "../page.js";
import { areaOf, lookOf, texts } from "./nodes-and-areas.js";

import { draftOf } from "../../../custom_components/battery_thermal/frontend/area-draft.js";
import "../../../custom_components/battery_thermal/frontend/area-layer.js";

const A1 = areaOf({ key: "a", points: [[4, 4], [8, 10]] });
const LAMP = areaOf({ key: "b", name: "Lamp", kind: "ignore", points: [[20, 0], [30, 0], [20, 9]] });
const LOOK = lookOf({ areas: [A1, LAMP] });

/** A layer of ten CSS pixels for each of the picture; `draft` is what it has made of its draft. */
async function layerOf(more = {}) {
  const element = await mount("battery-thermal-area-layer", { draft: { ...draftOf(LOOK), ...more }, texts, turned: LOOK });
  element.getBoundingClientRect = () => ({ left: 100, top: 50, width: 240, height: 320 });
  let count = 0;
  element.addEventListener("draft-changed", (/** @type {CustomEvent} */ { detail }) => {
    element.draft = detail;
    count++;
  });
  const at = (/** @type {number} */ row, /** @type {number} */ column, pointerId = 1) => ({
    button: 0, pointerId, clientX: 100 + column * 10, clientY: 50 + row * 10,
  });
  return {
    element,
    changes: () => count,
    chosen: () => element.draft.areas.find((/** @type {any} */ { id }) => id === element.draft.chosen),
    down: (/** @type {number} */ row, /** @type {number} */ column, target = element, pointer = 1) =>
      send(target, "pointerdown", at(row, column, pointer)),
    move: (/** @type {number} */ row, /** @type {number} */ column, pointer = 1) =>
      send(element, "pointermove", at(row, column, pointer)),
    up: (/** @type {number} */ row, /** @type {number} */ column, pointer = 1) =>
      send(element, "pointerup", at(row, column, pointer)),
    corner: (/** @type {number} */ index) => find(element, `[data-corner="${index}"]`),
    press: (/** @type {EventTarget} */ target, /** @type {string} */ key, shiftKey = false) => send(target, "keydown", { key, shiftKey }),
  };
}

test("every area is drawn with its name, and the chosen one has handles", async () => {
  const it = await layerOf({ chosen: "a" });
  assert.deepEqual(findAll(it.element, ".name").map((one) => one.textContent), ["A1", "Lamp"]);
  assert.equal(find(it.element, ".ignored").getAttribute("d"), "M0 20L0 30L9 20Z");
  assert.equal(find(it.element, ".chosen").getAttribute("d"), "M4 4L10 4L10 8L4 8Z");
  assert.equal(findAll(it.element, ".corner").length, 4);
  assert.equal(findAll(it.element, ".edge").length, 0);
  assert.equal(it.corner(1).getAttribute("aria-label"), "area_editor.corner 2 A1");
});

test("a handle leaves room to take hold of the area, and names are cut at the border", async () => {
  const it = await layerOf({ chosen: "a" });
  assert.match(it.corner(0).style.width, /^clamp\(24px, calc\(25% - 24px\), var\(--target\)\)$/);
  assert.match(it.corner(0).style.height, /^clamp\(24px, calc\(12.5% - 24px\), var\(--target\)\)$/);
  assert.equal(it.corner(2).style.top, "25%");
  assert.equal(findAll(it.element, ".names .name").length, 2);
  assert.equal(findAll(it.element, ".names .corner").length, 0);
});

test("a rectangle is drawn where no area is", async () => {
  const it = await layerOf();
  await it.down(10, 12);
  await it.move(15, 20);
  assert.equal(find(it.element, ".drawing").getAttribute("d"), "M12 10L20 10L20 15L12 15Z");
  await it.up(16.2, 20);
  assert.deepEqual(it.chosen().points, [[10, 12], [16, 20]]);
  assert.equal(it.chosen().area.name, "area_editor.area 1");
  // A tap draws none, and chooses none.
  await it.down(28, 20);
  await it.up(28, 20);
  assert.equal(it.element.draft.areas.length, 3);
  assert.equal(it.chosen(), undefined);
});

test("a second finger neither takes over nor ends what the first does", async () => {
  const it = await layerOf();
  await it.down(10, 12);
  await it.down(5, 5, it.element, 2);
  await it.move(31, 23, 2);
  await it.up(31, 23, 2);
  for (const type of ["pointercancel", "lostpointercapture"]) await send(it.element, type, { pointerId: 2 });
  assert.equal(it.changes(), 0);
  await it.move(15, 20);
  assert.equal(find(it.element, ".drawing").getAttribute("d"), "M12 10L20 10L20 15L12 15Z");
  await it.up(15, 20);
  assert.deepEqual(it.chosen().points, [[10, 12], [15, 20]]);
  await it.down(12, 14);
  await it.down(10, 12, it.corner(0), 2);
  await it.move(5, 5, 2);
  await it.move(13, 15);
  assert.deepEqual(it.chosen().points, [[11, 13], [16, 21]]);
  // A pointer whose end is not reported leaves the next one free to draw.
  await send(it.element, "lostpointercapture", { pointerId: 1 });
  await it.down(1, 14, it.element, 2);
  await it.up(3, 20, 2);
  assert.deepEqual(it.chosen().points, [[1, 14], [3, 20]]);
});

test("over other areas one is drawn, or put where the tap is, once that is asked for", async () => {
  const it = await layerOf();
  const scrolled = mock.fn();
  it.element.scrollIntoView = scrolled;
  await update(it.element, { draft: { ...it.element.draft, adding: true } });
  assert.equal(scrolled.mock.callCount(), 1);
  await it.down(5, 5);
  await it.up(5, 5);
  assert.deepEqual(it.chosen().points, [[2, 2], [8, 8]]);
  assert.equal(it.element.draft.adding, false);
  it.element.draft = { ...it.element.draft, adding: true };
  await it.down(5, 5);
  await it.up(7, 7);
  assert.deepEqual(it.chosen().points, [[5, 5], [7, 7]]);
});

test("an area is chosen by a tap, and moved", async () => {
  const it = await layerOf();
  await it.down(5, 5);
  await it.move(5.1, 5.1);
  await it.up(5.1, 5.1);
  assert.deepEqual([it.chosen().id, it.chosen().isMoved], ["a", false]);
  await it.down(5, 5);
  await it.move(7, 5.6);
  await it.up(7, 5.6);
  assert.deepEqual(it.chosen().points, [[6, 4.5], [10, 10.5]]);
  await it.move(9, 9);
  assert.deepEqual(it.chosen().points, [[6, 4.5], [10, 10.5]]);
});

test("a corner is dragged", async () => {
  const it = await layerOf({ chosen: "a" });
  await it.down(8, 10, it.corner(2));
  await it.move(12.2, 13);
  await it.up(12.2, 13);
  assert.deepEqual(it.chosen().points, [[4, 4], [12, 13]]);
});

test("other buttons do nothing, and a drag can be taken away", async () => {
  const it = await layerOf();
  await send(it.element, "pointerdown", { button: 2, clientX: 150, clientY: 100 });
  assert.equal(it.chosen(), undefined);
  await it.down(10, 12);
  await send(it.element, "pointercancel", { pointerId: 1 });
  await it.up(20, 20);
  assert.equal(it.changes(), 0);
});

test("keys move corners and areas by half a pixel, with shift by four", async () => {
  const it = await layerOf({ chosen: "a" });
  assert.equal(await it.press(it.corner(0), "ArrowUp"), false);
  await it.press(it.corner(0), "ArrowLeft");
  assert.deepEqual(it.chosen().points, [[3.5, 3.5], [8, 10]]);
  const whole = find(it.element, ".whole");
  await it.press(whole, "ArrowDown", true);
  await it.press(whole, "ArrowRight");
  assert.deepEqual(it.chosen().points, [[7.5, 4], [12, 10.5]]);
  assert.equal(await it.press(whole, "Tab"), true);
  assert.equal(await it.press(it.corner(0), "Delete"), true);
  assert.equal(await it.press(whole, "Delete"), false);
  assert.deepEqual([it.element.draft.removed, it.chosen()], [["a"], undefined]);
  await it.press(it.element, "Delete");
});

test("corners of a polygon are added at its edges and removed by a key", async () => {
  const it = await layerOf({ chosen: "b" });
  const [, edge] = findAll(it.element, ".edge");
  await send(edge, "pointerdown", { button: 0, clientX: 0, clientY: 0 });
  await send(edge, "click");
  assert.deepEqual(it.chosen().points, [[20, 0], [30, 0], [25, 4.5], [20, 9]]);
  await it.press(it.corner(0), "Delete");
  assert.deepEqual(it.chosen().points, [[30, 0], [25, 4.5], [20, 9]]);
  assert.match(find(it.element, ".edge").getAttribute("aria-label"), /add_corner 1 Lamp/);
});

test("the picture below gets nothing of it", async () => {
  const it = await layerOf();
  for (const type of ["click", "pointermove", "keydown"]) {
    const found = details(document.body, type);
    await send(it.element, type, { clientX: 0, clientY: 0 });
    assert.deepEqual(found, [], type);
  }
  await settle();
  assert.equal(textOf(it.element, ".name"), "A1");
});
