/** What the layers over the picture share: places of points, paths, and events that stay in the layer. */

import assert from "node:assert/strict";
import { test } from "node:test";

import "../page.js";

import { ARROWS, listen, pathOf, pointOf } from "../../../custom_components/battery_thermal/frontend/layer.js";

const UPRIGHT = { quarters: 0, mirror: false };
const LYING = { quarters: 1, mirror: false };

/** An element of 240 x 320 pixels at (10, 20). */
function layerOf() {
  const layer = document.createElement("div");
  layer.getBoundingClientRect = () => /** @type {any} */ ({ left: 10, top: 20, width: 240, height: 320 });
  return layer;
}

test("a pointer is at a row and a column of the picture as it is turned", () => {
  const at = (/** @type {number} */ clientX, /** @type {number} */ clientY, turned = UPRIGHT) =>
    pointOf(layerOf(), /** @type {any} */ ({ clientX, clientY }), turned);
  assert.deepEqual(at(10, 20), [0, 0]);
  assert.deepEqual(at(250, 340), [32, 24]);
  assert.deepEqual(at(130, 180), [16, 12]);
  assert.deepEqual(at(250, 340, LYING), [24, 32]);
});

test("a path goes around each shape; two points are the corners of a rectangle", () => {
  assert.equal(pathOf([]), "");
  assert.equal(pathOf([[[0, 1], [2, 3], [4, 0]]]), "M1 0L3 2L0 4Z");
  const rectangle = pathOf([[[0, 1], [2, 3]]]);
  assert.equal(rectangle.split("L").length, 4);
  assert.ok(rectangle.startsWith("M") && rectangle.endsWith("Z"));
  assert.equal(pathOf([[[0, 1], [2, 3]], [[0, 1], [2, 3]]]), rectangle + rectangle);
});

test("each arrow key moves by one row or one column", () => {
  const moves = Object.values(ARROWS).map((move) => /** @type {number[]} */ (move));
  assert.deepEqual(moves.map(([row, column]) => Math.abs(row) + Math.abs(column)), [1, 1, 1, 1]);
  assert.deepEqual(moves.reduce(([r, c], [row, column]) => [r + row, c + column], [0, 0]), [0, 0]);
});

test("the picture below does not take the events of a layer for its own", () => {
  const picture = document.createElement("div");
  const layer = layerOf();
  picture.append(layer);
  /** @type {string[]} */
  const heard = [];
  for (const type of ["pointerdown", "click", "pointerleave", "keydown"]) {
    picture.addEventListener(type, () => heard.push(`picture ${type}`));
  }
  listen(layer, [["pointerdown", () => heard.push("layer")]]);
  for (const type of ["pointerdown", "click", "pointerleave", "keydown"]) {
    layer.dispatchEvent(new Event(type, { bubbles: true }));
  }
  assert.deepEqual(heard, ["layer", "picture keydown"]);
});
