/** The picture under pointer and keys, and what is drawn in which order. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { details, find, mount, penOf, resize, send, settle, textOf, update } from "../page.js";
import { RecordedPath } from "../recording-pen.js";
import { GREY, PAINT, cellOf, gridOf, imageOf, keyed, lookOf, texts, write } from "./nodes-and-areas.js";

import "../../../custom_components/battery_thermal/frontend/picture.js";

/** A picture on a page, 400 pixels wide and 300 high, beside which the bar has 64. */
async function pictureOf(image = imageOf(), look = lookOf()) {
  /** @type {any} */ (window).innerHeight = 1000;
  const element = await mount("battery-thermal-picture", { image, look, paint: PAINT, texts, write });
  const [area, canvas] = [find(element, ".picture"), find(element, "canvas")];
  Object.defineProperty(canvas, "clientWidth", { value: 464 });
  Object.defineProperty(canvas, "clientHeight", { value: 300 });
  canvas.getBoundingClientRect = () => ({ left: 100, top: 50, width: 464, height: 300 });
  const { drawn } = penOf(canvas);
  resize(element, 464);
  const at = (/** @type {number} */ row, /** @type {number} */ column) => ({
    clientX: 100 + (column + 0.5) * 100,
    clientY: 50 + (row + 0.5) * 100,
  });
  return {
    element,
    area,
    canvas,
    /** What is drawn anew. */
    drawn: async () => {
      drawn.length = 0;
      element.requestUpdate();
      await settle();
      return drawn;
    },
    show: (/** @type {object} */ properties) => update(element, properties),
    spot: () => textOf(element, ".spot"),
    pinned: () => find(element, ".spot").hasAttribute("data-pinned"),
    point: (/** @type {number} */ row, /** @type {number} */ column) => send(area, "pointermove", at(row, column)),
    click: (/** @type {number} */ row, /** @type {number} */ column) => send(area, "click", at(row, column)),
    leave: () => send(area, "pointerleave"),
    press: (/** @type {string} */ key) => send(area, "keydown", { key }),
  };
}

const textsOf = (/** @type {[string, ...any[]][]} */ drawn) =>
  drawn.flatMap(([name, text]) => (name === "fillText" ? [String(text)] : []));
const shapesOf = (/** @type {[string, ...any[]][]} */ drawn) =>
  drawn.flatMap(([name, path]) => (name === "stroke" && path instanceof RecordedPath ? [path.parts[0].slice(0, 3)] : []));

test("it does not ask for a touch while areas are drawn over it", async () => {
  const it = await pictureOf();
  await it.show({ drawn: true });
  assert.equal(it.spot(), "");
  await it.press("ArrowDown");
  assert.equal(it.spot(), "card.spot 3 4 31 °C");
});

test("the place under the pointer is described until the pointer leaves", async () => {
  const it = await pictureOf();
  assert.equal(it.spot(), "card.touch");
  await it.point(0, 0);
  assert.equal(it.spot(), "card.spot 1 1 20 °C");
  await it.point(1, 1);
  assert.equal(it.spot(), "card.spot_missing 2 2");
  await it.leave();
  assert.equal(it.spot(), "card.touch");
});

test("outside the picture, and on its bar, there is nothing to describe", async () => {
  const it = await pictureOf();
  for (const [clientX, clientY] of [[99, 100], [500, 100], [540, 100], [200, 49], [200, 350]]) {
    await it.point(0, 0);
    await send(it.area, "pointermove", { clientX, clientY });
    assert.equal(it.spot(), "card.touch", `${clientX} ${clientY}`);
  }
  for (const [clientX, clientY] of [[100, 50], [499, 349]]) {
    await send(it.area, "pointermove", { clientX, clientY });
    assert.notEqual(it.spot(), "card.touch");
  }
});

test("a place that was tapped stays until it is tapped again, or another one is", async () => {
  const it = await pictureOf();
  await it.click(0, 1);
  assert.deepEqual([it.spot(), it.pinned()], ["card.spot 1 2 21 °C", true]);
  await it.point(2, 2);
  await it.leave();
  assert.equal(it.spot(), "card.spot 1 2 21 °C");
  for (const [row, column] of [[2, 1], [2, 2], [0, 2]]) {
    await it.click(row, column);
    assert.deepEqual([it.spot().slice(0, 13), it.pinned()], [`card.spot ${row + 1} ${column + 1}`, true]);
  }
  await it.click(0, 2);
  assert.equal(it.pinned(), false);
  await it.leave();
  assert.equal(it.spot(), "card.touch");
});

test("who pins a place, or presses Enter at one, wants to know more of it", async () => {
  const it = await pictureOf();
  const events = details(it.element, "place-pinned");
  await it.click(0, 1);
  await it.press("ArrowDown");
  await it.press("Enter");
  await it.press("Escape");
  await it.click(2, 2);
  await it.click(2, 2);
  assert.deepEqual(events, [{ row: 0, column: 1 }, { row: 1, column: 1 }, null, { row: 2, column: 2 }, null]);
});

test("a pinned place has its value beside it, a place under the pointer has not", async () => {
  const it = await pictureOf(imageOf(), lookOf({ marks: false }));
  await it.point(1, 3);
  assert.equal(textsOf(await it.drawn()).includes("27 °C"), false);
  await it.click(1, 3);
  const drawn = await it.drawn();
  assert.equal(textsOf(drawn).filter((text) => text === "27 °C").length, 1);
  assert.deepEqual(shapesOf(drawn)[0], ["moveTo", 338, 150]);
});

test("keys begin at the hottest place and stay inside", async () => {
  const it = await pictureOf();
  assert.equal(await it.press("ArrowLeft"), false);
  assert.equal(it.spot(), "card.spot 3 4 31 °C");
  for (const [key, place] of [
    ["ArrowLeft", "3 3"],
    ["ArrowUp", "2 3"],
    ["ArrowUp", "1 3"],
    ["ArrowUp", "1 3"],
    ["ArrowRight", "1 4"],
    ["ArrowRight", "1 4"],
    ["ArrowDown", "2 4"],
  ]) {
    await it.press(key);
    assert.ok(it.spot().startsWith(`card.spot ${place} `), `${key} ${it.spot()}`);
  }
  assert.equal(await it.press("Tab"), true);
  await it.press("Escape");
  assert.equal(it.spot(), "card.touch");
});

test("keys begin in the corner of an image without a value", async () => {
  const it = await pictureOf(imageOf({ rows: [[null, null]], width: 2 }));
  await it.press("ArrowRight");
  assert.equal(it.spot(), "card.spot_missing 1 1");
});

test("the next image is described at the same place, in blocks as well", async () => {
  const it = await pictureOf();
  await it.click(2, 3);
  await it.show({ image: imageOf({ rows: [[1, 2]], width: 2, mode: "fast" }) });
  assert.equal(it.spot(), "card.spot_block 1 2 2 °C");
});

test("the hottest has a circle, the coldest a square, and both have their temperature", async () => {
  const it = await pictureOf();
  const drawn = await it.drawn();
  assert.deepEqual(shapesOf(drawn), [["arc", 350, 250], ["arc", 350, 250], ["rect", 43, 43], ["rect", 43, 43]]);
  assert.deepEqual(textsOf(drawn).slice(0, 2), ["31 °C", "20 °C"]);
  const marked = (/** @type {number} */ row, /** @type {number} */ value) => ({ row, column: 0, value });
  await it.show({ image: imageOf({ extremes: { hottest: marked(0, 42), coldest: marked(2, 19) } }) });
  assert.deepEqual(textsOf(await it.drawn()).slice(0, 2), ["42 °C", "19 °C"]);
  await it.show({ look: lookOf({ marks: false }) });
  assert.deepEqual(shapesOf(await it.drawn()), []);
});

test("pixels above the range have an arrow, and doubtful ones a question mark", async () => {
  const it = await pictureOf(imageOf({ over: [[0, 0]], doubtful: [[0, 1]] }), lookOf({ marks: false }));
  assert.deepEqual(shapesOf(await it.drawn()), [["moveTo", 45, 53], ["moveTo", 45, 53], ["arc", 150, 47], ["arc", 150, 47]]);
});

test("cells have as much of name and temperature as there is room for", async () => {
  const cells = [cellOf(29), cellOf(31, 6)];
  const labels = async (/** @type {number[]} */ edges) => {
    const look = lookOf({ marks: false, ...gridOf({ names: ["Left", "Right"], edges }) });
    const it = await pictureOf(imageOf({ areas: keyed(cells) }), look);
    return (await it.drawn()).flatMap(([name, text, , , colour]) => (name === "fillText" && colour === "#fff" ? [text] : []));
  };
  assert.deepEqual(await labels([0, 0.5, 1]), ["Left 29 °C", "Right 31 °C ▲"]);
  // 40 of 400 pixels: no room for the unit, nor for the name.
  assert.deepEqual(await labels([0, 0.1, 1]), ["29", "Right 31 °C ▲"]);
  assert.deepEqual(await labels([0, 0.17, 1]), ["Left 29", "Right 31 °C ▲"]);
  assert.deepEqual(await labels([0, 0.02, 1]), ["Right 31 °C ▲"]);
});

test("cells that were not received, or that the owner does not want drawn, have no label", async () => {
  const look = lookOf({ marks: false, ...gridOf() });
  const missing = await pictureOf(imageOf({ areas: keyed([cellOf(null, null), cellOf(null, null)]) }), look);
  assert.equal(textsOf(await missing.drawn()).some((text) => text.startsWith("A")), false);
  const hidden = await pictureOf(imageOf({ areas: keyed([cellOf(29), cellOf(30)]) }), lookOf(gridOf({ drawn: false })));
  assert.equal(textsOf(await hidden.drawn()).some((text) => text.startsWith("A")), false);
});

test("a cell above the range shows the highest value that the node can say", async () => {
  const look = lookOf({ marks: false, ...gridOf({ names: ["A1"], edges: [0, 1] }) });
  const it = await pictureOf(imageOf({ areas: keyed([cellOf(320, 0, { over_range: true })]) }), look);
  assert.ok(textsOf(await it.drawn()).includes("A1 picture.over 307 °C"));
});

test("a picture is as wide as its place, and no higher than most of the window", async () => {
  const { element, canvas } = await pictureOf();
  const size = () => [canvas.style.width, canvas.style.height];
  assert.deepEqual(size(), ["464px", "300px"]);
  assert.deepEqual([canvas.width, canvas.height], [464, 300]);
  /** @type {any} */ (window).innerHeight = 250;
  resize(element, 464);
  assert.deepEqual(size(), ["304px", "180px"]);
  /** @type {any} */ (window).innerHeight = 1000;
  resize(element, 264);
  assert.deepEqual(size(), ["264px", "150px"]);
  resize(element, 60);
  assert.deepEqual(size(), ["264px", "150px"]);
  element.remove();
  resize(element, 464);
  assert.deepEqual(size(), ["264px", "150px"]);
});

test("the heat is coloured anew for another image or paint only", async () => {
  const it = await pictureOf();
  const { drawn } = penOf(it.element.heat);
  const before = drawn.length;
  await it.point(0, 0);
  assert.equal(drawn.length, before);
  await it.show({ paint: { ...PAINT, colours: GREY } });
  assert.equal(drawn.length, before + 1);
});
