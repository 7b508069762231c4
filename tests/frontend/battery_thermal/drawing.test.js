/** What is drawn over the heat, and where. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { recordingPen } from "../recording-pen.js";

import {
  drawBar,
  drawHatching,
  drawLabel,
  drawMark,
  drawIgnored,
  drawOutlines,
  markBox,
  measure,
} from "../../../custom_components/battery_thermal/frontend/drawing.js";

/** @type {any} */
const write = Object.assign((/** @type {number} */ celsius) => `${celsius}`, { unit: "°C" });
const GREY = Uint8Array.from({ length: 768 }, (_, at) => Math.floor(at / 3));

/** What was drawn by a method, without its name. */
const by = (/** @type {[string, ...any[]][]} */ drawn, /** @type {string} */ method) =>
  drawn.filter(([name]) => name === method).map(([, ...args]) => args);

test("what has not arrived is hatched, and nothing else", () => {
  const { pen, drawn } = recordingPen();
  /** @type {any} */
  const image = { rows: [[20, null], null], width: 2 };
  drawHatching(pen, image, 100, 40);
  assert.deepEqual(by(drawn, "rect"), [
    [50, 0, 50.5, 20.5],
    [0, 20, 50.5, 20.5],
    [50, 20, 50.5, 20.5],
  ]);
  assert.deepEqual(by(drawn, "fillRect"), [[0, 0, 100, 40, "rgba(20, 20, 20, 0.55)"]]);
  const order = drawn.map(([name]) => name);
  assert.ok(order.indexOf("clip") > order.lastIndexOf("rect"));
  assert.deepEqual([order[0], order.at(-1)], ["save", "restore"]);
  // Lines run from corner to corner over all of the picture.
  assert.deepEqual(by(drawn, "moveTo")[0], [-40, 40]);
  assert.deepEqual(by(drawn, "lineTo")[0], [0, 0]);
  assert.ok(/** @type {number} */ (by(drawn, "moveTo").at(-1)?.[0]) >= 92);
});

test("cells that are too warm are outlined last, each kind in its colour", () => {
  const { pen, drawn } = recordingPen();
  const areas = [0, 1, 2].map((index) => [
    { x: index * 10, y: 0 },
    { x: index * 10 + 10, y: 5 },
  ]);
  drawOutlines(pen, areas, [2, 0, 1]);
  assert.deepEqual(
    by(drawn, "stroke").map(([path, colour]) => [path.parts[0][1], colour]),
    [
      [10, "#0008"],
      [10, "#fffb"],
      [20, "#0008"],
      [20, "#ffb300"],
      [0, "#0008"],
      [0, "#ff5252"],
    ],
  );
});

test("what is ignored is covered, with a dashed outline", () => {
  const { pen, drawn } = recordingPen();
  drawIgnored(pen, [{ x: 0, y: 0 }, { x: 9, y: 0 }, { x: 9, y: 9 }]);
  assert.deepEqual(drawn.map(([name]) => name), ["fill", "save", "setLineDash", "stroke", "restore"]);
});

test("marks: a circle, a square and a cross, light on dark", () => {
  /** @type {(shape: "circle" | "square" | "cross") => any[]} */
  const strokes = (shape) => {
    const { pen, drawn } = recordingPen();
    drawMark(pen, { x: 50, y: 40 }, shape);
    return by(drawn, "stroke");
  };
  const [dark, light] = strokes("circle");
  assert.deepEqual([dark[1], light[1]], ["#000c", "#fff"]);
  assert.deepEqual(dark[0].parts, [["arc", 50, 40, 8, 0, 7]]);
  assert.deepEqual(strokes("square")[0][0].parts, [["rect", 43, 33, 14, 14]]);
  assert.deepEqual(strokes("cross")[0][0].parts, [
    ["moveTo", 38, 40],
    ["lineTo", 62, 40],
    ["moveTo", 50, 28],
    ["lineTo", 50, 52],
  ]);
  assert.deepEqual(markBox({ x: 50, y: 40 }), { left: 40, top: 30, width: 20, height: 20 });
});

test("a label is as large as it was measured, with a patch before the words or without", () => {
  const { pen, drawn } = recordingPen();
  assert.deepEqual(measure(pen, "31 °C"), { width: 36, height: 18 });
  assert.deepEqual(measure(pen, "31 °C", true), { width: 49, height: 18 });
  drawLabel(pen, "31 °C", { left: 10, top: 20, width: 36, height: 18 });
  assert.deepEqual(by(drawn, "fillText"), [["31 °C", 13, 29.5, "#fff"]]);
  assert.deepEqual(by(drawn, "fillRect"), [[10, 20, 36, 18, "rgba(0, 0, 0, 0.62)"]]);
  drawn.length = 0;
  drawLabel(pen, "31 °C", { left: 10, top: 20, width: 49, height: 18 }, "red");
  assert.deepEqual(by(drawn, "fillText"), [["31 °C", 26, 29.5, "#fff"]]);
  assert.deepEqual(by(drawn, "fillRect")[1], [13, 24, 9, 10, "red"]);
  assert.deepEqual(by(drawn, "strokeRect"), [[13, 24, 9, 10, "#fff"]]);
});

/**
 * Draw a bar of 116 pixels, of which the colours take 100: from 20 to 40 °C.
 *
 * @param {number | null} threshold
 * @param {{minimum?: number, maximum?: number}} [image]
 */
function barOf(threshold, image = {}) {
  const { pen, drawn } = recordingPen();
  const place = { left: 10, right: 64, height: 116, ink: "ink" };
  /** @type {any} */
  const seen = { minimum: 20, maximum: 40, ...image };
  drawBar(pen, place, [20, 40], GREY, threshold, write, seen);
  return drawn;
}

test("the bar has the colours from below to above", () => {
  const rects = by(barOf(null), "fillRect");
  assert.deepEqual(rects[0], [10, 8 + (100 * 255) / 256, 12, 100 / 256, "rgb(0,0,0)"]);
  assert.deepEqual(rects[255], [10, 8, 12, 100 / 256 + 1, "rgb(255,255,255)"]);
});

test("the bar has numbers where they belong", () => {
  // The labels' room ends with the card.
  assert.deepEqual(by(barOf(null), "fillText"), [
    ["20", 27, 108, 37, "ink"],
    ["30", 27, 58, 37, "ink"],
    ["40", 27, 8, 37, "ink"],
  ]);
});

test("the threshold is on the bar, in place of a number that is close to it", () => {
  const drawn = barOf(32);
  assert.deepEqual(by(drawn, "fillText").map(([text]) => text), ["20", "40", "32"]);
  assert.deepEqual(by(drawn, "fillRect").slice(-2), [
    [7, 46, 18, 4, "#000c"],
    [7, 47, 18, 2, "#fff"],
  ]);
  // At both ends it still is on the bar; beyond them it is not.
  for (const [threshold, shown] of /** @type {[number, boolean][]} */ ([[20, true], [40, true], [19, false], [41, false]])) {
    const texts = by(barOf(threshold), "fillText").map(([text]) => text);
    assert.equal(by(barOf(threshold), "fillRect").at(-1)?.at(-1) === "#fff", shown, `${threshold} °C`);
    assert.equal(texts.includes(String(threshold)), shown);
  }
});

test("arrows are where temperatures lie off the ends of the bar", () => {
  assert.deepEqual(by(barOf(null), "fill"), []);
  const hot = barOf(null, { maximum: 41 });
  assert.deepEqual([by(hot, "moveTo"), by(hot, "lineTo")], [[[10, 6]], [[22, 6], [16, 0]]]);
  const cold = barOf(null, { minimum: 19 });
  assert.deepEqual([by(cold, "moveTo"), by(cold, "lineTo")], [[[10, 110]], [[22, 110], [16, 116]]]);
  assert.equal(by(barOf(null, { minimum: 19, maximum: 41 }), "fill").length, 2);
});
