/** What is drawn over the heat: hatching, areas, marks, words, and the colour bar. */

import { fromUnit, inUnit, ticks } from "./scale.js";

const LIGHT = "#fff";
const DARK = "#000c";

/** @type {[number, string][]} light on dark, each with its width in CSS pixels: to be seen on any colour */
const STROKES = [[4, DARK], [2, LIGHT]];

/** @typedef {{x: number, y: number}[]} Outline corners, in CSS pixels */

/** How far from its middle a mark reaches, in CSS pixels, and the words beside it begin. */
const MARK = 8;
const AWAY = 14;

/** How areas are outlined: as usual, worth a warning, worth an alarm. */
const OUTLINES = ["#fffb", "#ffb300", "#ff5252"];

/**
 * Missing values were not measured: nobody shall take them for temperatures.
 *
 * @param {CanvasRenderingContext2D} pen
 * @param {import("./nodes.js").ThermalImage} image
 * @param {number} width CSS pixels
 * @param {number} height
 */
export function drawHatching(pen, { rows, width: columns }, width, height) {
  const [across, down] = [width / columns, height / rows.length];
  pen.save();
  pen.beginPath();
  rows.forEach((values, row) => {
    for (let column = 0; column < columns; column++) {
      if ((values?.[column] ?? null) !== null) continue;
      pen.rect(column * across, row * down, across + 0.5, down + 0.5);
    }
  });
  pen.clip();
  pen.fillStyle = "rgba(20, 20, 20, 0.55)";
  pen.fillRect(0, 0, width, height);
  pen.strokeStyle = "rgba(200, 200, 200, 0.5)";
  pen.beginPath();
  for (let from = -height; from < width; from += 8) {
    pen.moveTo(from, height);
    pen.lineTo(from + height, 0);
  }
  pen.stroke();
  pen.restore();
}

/**
 * Outline the areas; those that are too warm in other colours and on top of the others.
 *
 * @param {CanvasRenderingContext2D} pen
 * @param {Outline[]} areas
 * @param {number[]} levels 0, 1: warning, 2: alarm
 */
export function drawOutlines(pen, areas, levels) {
  const paths = areas.map(pathOf);
  for (const level of OUTLINES.keys()) {
    paths.forEach((path, index) => {
      if (levels[index] !== level) return;
      /** @type {[number, string][]} */
      const lines = [[level ? 5 : 3, "#0008"], [level ? 3 : 1, OUTLINES[level]]];
      for (const [line, colour] of lines) {
        pen.lineWidth = line;
        pen.strokeStyle = colour;
        pen.stroke(path);
      }
    });
  }
}

/**
 * Cover a part of the picture that does not count.
 *
 * @param {CanvasRenderingContext2D} pen
 * @param {Outline} outline
 */
export function drawIgnored(pen, outline) {
  const path = pathOf(outline);
  pen.fillStyle = "rgba(20, 20, 20, 0.45)";
  pen.fill(path);
  pen.save();
  pen.setLineDash([5, 4]);
  pen.lineWidth = 1;
  pen.strokeStyle = OUTLINES[0];
  pen.stroke(path);
  pen.restore();
}

/**
 * @param {Outline} outline
 * @returns {Path2D}
 */
function pathOf([first, ...others]) {
  const path = new Path2D();
  path.moveTo(first.x, first.y);
  for (const { x, y } of others) path.lineTo(x, y);
  path.closePath();
  return path;
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {{x: number, y: number}} point
 * @param {"circle" | "square" | "cross" | "arrow" | "question"} shape of the hottest, the
 *   coldest, the finger, what is above the range, and what may be
 */
export function drawMark(pen, { x, y }, shape) {
  const outline = new Path2D();
  if (shape === "circle") outline.arc(x, y, MARK, 0, 7);
  if (shape === "square") outline.rect(x - MARK + 1, y - MARK + 1, 2 * MARK - 2, 2 * MARK - 2);
  if (shape === "arrow") {
    outline.moveTo(x - 5, y + 3);
    outline.lineTo(x, y - 4);
    outline.lineTo(x + 5, y + 3);
    outline.closePath();
  }
  if (shape === "question") {
    outline.arc(x, y - 3, 3, Math.PI, Math.PI / 2);
    outline.lineTo(x, y + 3);
    outline.moveTo(x, y + 5);
    outline.lineTo(x, y + 6);
  }
  if (shape === "cross") {
    outline.moveTo(x - 12, y);
    outline.lineTo(x + 12, y);
    outline.moveTo(x, y - 12);
    outline.lineTo(x, y + 12);
  }
  for (const [width, colour] of STROKES) {
    pen.lineWidth = width;
    pen.strokeStyle = colour;
    pen.stroke(outline);
  }
}

/**
 * @param {{x: number, y: number}} point
 * @returns {import("./labels.js").Box} what a mark covers
 */
export function markBox({ x, y }) {
  return { left: x - MARK - 2, top: y - MARK - 2, width: 2 * MARK + 4, height: 2 * MARK + 4 };
}

export const markDistance = AWAY;

/**
 * Words on a dark plate, with a patch of a colour before them or without.
 *
 * @param {CanvasRenderingContext2D} pen
 * @param {string} text
 * @param {import("./labels.js").Box} box as large as `measure` says
 * @param {string} [colour]
 */
export function drawLabel(pen, text, box, colour) {
  pen.fillStyle = "rgba(0, 0, 0, 0.62)";
  pen.fillRect(box.left, box.top, box.width, box.height);
  let left = box.left + 3;
  if (colour) {
    pen.fillStyle = colour;
    pen.fillRect(left, box.top + 4, 9, box.height - 8);
    pen.lineWidth = 1;
    pen.strokeStyle = LIGHT;
    pen.strokeRect(left, box.top + 4, 9, box.height - 8);
    left += 13;
  }
  setFont(pen, 12);
  pen.textAlign = "left";
  pen.fillStyle = LIGHT;
  pen.fillText(text, left, box.top + box.height / 2 + 0.5);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {string} text
 * @param {boolean} [patch] whether there is a patch of a colour
 */
export function measure(pen, text, patch = false) {
  setFont(pen, 12);
  return { width: Math.ceil(pen.measureText(text).width) + (patch ? 19 : 6), height: 18 };
}

/** What an arrow at an end of the bar takes, in CSS pixels, and what a line of words does. */
const ARROW = 8;
const LINE = 14;

/**
 * The bar, with arrows where temperatures lie off its ends.
 *
 * @param {CanvasRenderingContext2D} pen
 * @param {{left: number, right: number, height: number, ink: string}} place
 * @param {[number, number]} span °C
 * @param {Uint8Array} colours
 * @param {number | null} threshold °C
 * @param {import("./home-assistant.js").Writer} write
 * @param {import("./nodes.js").ThermalImage} image
 */
export function drawBar(pen, { left, right, height, ink }, [low, high], colours, threshold, write, image) {
  const length = height - 2 * ARROW;
  const y = (/** @type {number} */ celsius) => ARROW + length * (1 - (celsius - low) / (high - low));
  for (let index = 0; index < 256; index++) {
    pen.fillStyle = `rgb(${colours.subarray(index * 3, index * 3 + 3).join()})`;
    pen.fillRect(left, ARROW + (length * (255 - index)) / 256, 12, length / 256 + (index ? 1 : 0));
  }
  pen.fillStyle = ink;
  if (image.maximum > high) drawArrow(pen, left, ARROW - 2, 0);
  if (image.minimum < low) drawArrow(pen, left, height - ARROW + 2, height);
  setFont(pen, 11);
  pen.textAlign = "left";
  const label = (/** @type {number} */ celsius) => pen.fillText(write(celsius, 0), left + 17, y(celsius), right - left - 17);
  const marked = threshold !== null && threshold >= low && threshold <= high;
  const [first, last] = [low, high].map((celsius) => inUnit(celsius, write.unit));
  for (const value of ticks(first, last, Math.max(length / 40, 2))) {
    const celsius = fromUnit(value, write.unit);
    // The threshold's own number stands there.
    if (marked && Math.abs(y(celsius) - y(threshold)) < LINE) continue;
    pen.fillRect(left + 12, y(celsius), 3, 1);
    label(celsius);
  }
  if (!marked) return;
  pen.font = `bold ${pen.font}`;
  label(threshold);
  // Light and dark: it is to be seen on whatever colour is there.
  for (const [thick, colour] of STROKES) {
    pen.fillStyle = colour;
    pen.fillRect(left - 3, y(threshold) - thick / 2, 18, thick);
  }
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} left
 * @param {number} base
 * @param {number} tip
 */
function drawArrow(pen, left, base, tip) {
  pen.beginPath();
  pen.moveTo(left, base);
  pen.lineTo(left + 12, base);
  pen.lineTo(left + 6, tip);
  pen.fill();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} pixels
 */
function setFont(pen, pixels) {
  pen.font = `${pixels}px Roboto, sans-serif`;
  pen.textBaseline = "middle";
}
