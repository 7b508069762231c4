/** Dragging the grid of cells with pointer and keys, and its rows and columns. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { details, find, findAll, mount, send, textOf, update } from "../page.js";
import { areaOf, lookOf, texts } from "./nodes-and-areas.js";

import { changesOf, draftOf, isNothing } from "../../../custom_components/battery_thermal/frontend/area-draft.js";
import { frameOf } from "../../../custom_components/battery_thermal/frontend/grid-frame.js";
import "../../../custom_components/battery_thermal/frontend/grid-form.js";
import "../../../custom_components/battery_thermal/frontend/grid-layer.js";

const GRID = { rows: 2, columns: 1, top: 25, right: 0, bottom: 0, left: 50, keys: ["a", "b"] };
const AREAS = [
  areaOf({ key: "a", name: "Upper", points: [[8, 12], [20, 24]] }),
  areaOf({ key: "b", name: "Lower", points: [[20, 12], [32, 24]] }),
  areaOf({ key: "c", name: "Lamp", points: [[0, 0], [2, 2]] }),
];
const LOOK = lookOf({ areas: AREAS, grid: GRID });

/** A layer of ten CSS pixels for each of the picture. */
async function layerOf(look = LOOK) {
  const element = await mount("battery-thermal-grid-layer", { draft: { ...draftOf(look), frame: frameOf(look) }, look, texts });
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
    frame: () => element.draft.frame,
    handle: (/** @type {string} */ name) => find(element, `[data-handle="${name}"]`),
    down: (/** @type {number} */ row, /** @type {number} */ column, target = element, pointer = 1) =>
      send(target, "pointerdown", at(row, column, pointer)),
    move: (/** @type {number} */ row, /** @type {number} */ column, pointer = 1) =>
      send(element, "pointermove", at(row, column, pointer)),
    end: (type = "pointerup", pointerId = 1) => send(element, type, { pointerId }),
    press: (/** @type {EventTarget} */ target, /** @type {string} */ key, shiftKey = false) => send(target, "keydown", { key, shiftKey }),
  };
}

test("cells, other areas, the frame and its handles are drawn", async () => {
  const it = await layerOf();
  assert.deepEqual(findAll(it.element, ".name").map((one) => one.textContent), ["Upper", "Lower"]);
  assert.equal(find(it.element, ".over").getAttribute("d"), "M12 8L24 8L24 20L12 20ZM12 20L24 20L24 32L12 32ZM0 0L2 0L2 2L0 2Z");
  assert.equal(find(it.element, ".chosen").getAttribute("d"), "M12 8L24 8L24 32L12 32Z");
  assert.deepEqual(findAll(it.element, "button").map((one) => one.getAttribute("aria-label")), [
    "area_editor.grid_whole",
    ...["top", "right", "bottom", "left"].map((edge) => `area_editor.grid_${edge}`),
    ...["top_left", "top_right", "bottom_right", "bottom_left"].map((corner) => `area_editor.grid_corner_${corner}`),
  ]);
  const turned = await layerOf(lookOf({ areas: AREAS, quarters: 1 }));
  assert.equal(find(turned.element, "svg").getAttribute("viewBox"), "0 0 32 24");
  assert.equal(findAll(turned.element, ".name").length, 16);
  assert.equal(it.handle("bottom right").style.top, "clamp(16px, 100%, 100% - 16px)");
});

test("edges are sliders for a screen reader, with values as the viewer writes them", async () => {
  const it = await layerOf();
  await update(it.element, { percent: (/** @type {number} */ value) => `${String(value).replace(".", ",")} %` });
  const names = ["role", "aria-orientation", "aria-valuemin", "aria-valuemax", "aria-valuenow", "aria-valuetext"];
  const said = (/** @type {string} */ edge) => names.map((name) => it.handle(edge).getAttribute(name));
  assert.deepEqual(said("right"), ["slider", "horizontal", "0", "45", "0", "0 %"]);
  await it.press(it.handle("top"), "ArrowUp");
  assert.deepEqual(said("top"), ["slider", "vertical", "0", "45", "24.5", "24,5 %"]);
  assert.equal(await it.press(it.handle("bottom"), "End"), false);
  assert.deepEqual(said("bottom"), ["slider", "vertical", "0", "45", "45", "45 %"]);
  await it.press(it.handle("bottom"), "Home");
  assert.equal(it.frame().bottom, 0);
  for (const target of [it.handle("top left"), find(it.element, ".whole")]) {
    assert.equal(await it.press(target, "Home"), true);
  }
  assert.equal(textOf(it.element, "[role=status]"), "");
  // What moves more than one margin has no value of its own.
  await it.press(it.handle("top left"), "ArrowUp");
  assert.equal(textOf(it.element, "[role=status]"), "area_editor.grid_margins 24 % 0 % 0 % 45 %");
  await it.press(find(it.element, ".whole"), "ArrowDown");
  assert.equal(textOf(it.element, "[role=status]"), "area_editor.grid_margins 24 % 0 % 0 % 45 %");
  await it.down(20, 20);
  await it.move(18, 18);
  assert.equal(textOf(it.element, "[role=status]"), "");
});

test("corners have the names of where they are displayed", async () => {
  const it = await layerOf(lookOf({ areas: AREAS, grid: { ...GRID, left: 10, right: 10 }, quarters: 1, mirror: true }));
  const named = (/** @type {string} */ name) => find(it.element, `[aria-label="area_editor.grid_corner_${name}"]`).style;
  assert.match(named("top_left").top, /25%/);
  assert.match(named("top_left").left, / 10%/);
  assert.match(named("bottom_right").top, / 100%/);
  assert.match(named("bottom_right").left, /90%/);
});

test("names are beside the handles", async () => {
  const it = await layerOf();
  const [upper] = findAll(it.element, ".name");
  assert.match(upper.style.top, /^max\(28px, .*25% \+ min\(16px, 12\.375%\)/);
  assert.match(upper.style.left, /^max\(28px, .*50% \+ min\(16px, 16\.5%\)/);
});

test("an edge and a corner are dragged, and the cells follow", async () => {
  const it = await layerOf();
  // A handle is taken anywhere: the edge moves as far as the pointer does.
  await it.down(9, 18, it.handle("top"));
  await it.move(17, 3);
  await it.end();
  assert.deepEqual(it.frame(), { ...frameOf(LOOK), top: 45 });
  await it.down(31, 13, it.handle("bottom left"));
  await it.move(29, 10);
  await it.move(27.8, 7);
  await it.move(27.8, 7);
  await it.end();
  await it.move(20, 20);
  assert.deepEqual(it.frame(), { ...frameOf(LOOK), top: 45, bottom: 10, left: 25 });
  assert.equal(it.changes(), 3);
  assert.equal(find(it.element, ".chosen").getAttribute("d"), "M6 14.4L24 14.4L24 28.8L6 28.8Z");
});

test("all of it is dragged from its inside, and nothing from its outside", async () => {
  const it = await layerOf();
  await it.down(4, 4);
  await it.move(10, 10);
  assert.equal(it.changes(), 0);
  await send(it.element, "pointerdown", { button: 2, clientX: 300, clientY: 300 });
  await it.move(10, 10);
  assert.equal(it.changes(), 0);
  await it.down(20, 20);
  await it.move(16.8, 17.6);
  await it.down(1, 1, it.handle("top"));
  await it.end("pointercancel");
  await it.move(1, 1);
  assert.deepEqual(it.frame(), { ...frameOf(LOOK), top: 15, bottom: 10, left: 40, right: 10 });
});

test("a second finger neither takes over nor ends what the first drags", async () => {
  const it = await layerOf();
  await it.down(9, 18, it.handle("top"));
  await it.down(20, 12, it.handle("left"), 2);
  await it.move(30, 1, 2);
  assert.equal(it.changes(), 0);
  for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) await it.end(type, 2);
  await it.move(17, 18);
  assert.deepEqual(it.frame(), { ...frameOf(LOOK), top: 45 });
  // A pointer whose end is not reported leaves the next one free to drag.
  await it.end("lostpointercapture");
  await it.down(17, 18, it.handle("top"), 2);
  await it.move(13.8, 18, 2);
  assert.deepEqual(it.frame(), { ...frameOf(LOOK), top: 35 });
});

test("keys move edges, corners and all of it", async () => {
  const it = await layerOf();
  assert.equal(await it.press(it.handle("top"), "ArrowUp"), false);
  await it.press(it.handle("right"), "ArrowLeft", true);
  await it.press(it.handle("bottom right"), "ArrowRight");
  assert.deepEqual(it.frame(), { ...frameOf(LOOK), top: 24.5, right: 3.5 });
  await it.press(find(it.element, ".whole"), "ArrowRight", true);
  assert.deepEqual(it.frame(), { ...frameOf(LOOK), top: 24.5, right: 8.5, left: 45 });
  assert.equal(await it.press(it.handle("top"), "Enter"), true);
  assert.equal(await it.press(it.element, "ArrowUp"), true);
});

test("it is brought into view, and the picture below gets nothing of it", async () => {
  const scrolled = mock.fn();
  HTMLElement.prototype.scrollIntoView = scrolled;
  const it = await layerOf();
  assert.equal(scrolled.mock.callCount(), 1);
  const found = details(document.body, "pointerdown");
  await it.down(20, 20);
  assert.deepEqual(found, []);
  // jsdom has none.
  delete (/** @type {any} */ (HTMLElement.prototype).scrollIntoView);
});

test("rows and columns are whole numbers from 1 to 16", async () => {
  const element = await mount("battery-thermal-grid-form", { frame: frameOf(LOOK), texts });
  element.addEventListener("frame-changed", (/** @type {CustomEvent} */ { detail }) => (element.frame = detail));
  const field = (/** @type {string} */ key) => find(element, `[data-number="${key}"]`);
  const enter = async (/** @type {string} */ key, /** @type {string} */ value) => {
    field(key).value = value;
    await send(field(key), "change");
  };
  await enter("rows", "4");
  await enter("columns", "3");
  assert.deepEqual([element.frame.rows, element.frame.columns], [4, 3]);
  for (const wrong of ["0", "17", "", "x"]) await enter("rows", wrong);
  assert.equal(element.frame.rows, 4);
  assert.equal(field("rows").value, "4");
});

test("a grid that was changed is sent and nothing else", () => {
  const before = frameOf(LOOK);
  assert.ok(isNothing(changesOf({ ...draftOf(LOOK), frame: before }, LOOK)));
  const grid = { ...before, left: 40 };
  const changes = changesOf({ ...draftOf(LOOK), frame: grid }, LOOK);
  assert.deepEqual(changes, { changed: [], removed: [], grid });
  assert.ok(!isNothing(changes));
});

test("a removed cell that comes back is shown without a name", async () => {
  const look = lookOf({ areas: AREAS.slice(1), grid: GRID });
  const it = await layerOf(look);
  await update(it.element, { draft: { ...it.element.draft, frame: { ...frameOf(look), columns: 2 } } });
  assert.deepEqual(findAll(it.element, ".name").map((one) => one.textContent), ["A2", "Lower", "B2"]);
});
