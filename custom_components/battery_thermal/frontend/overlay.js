/** The whole picture on its canvas: the heat, and everything over it in the right order. */

import { boxOf, levelOf, measuredAreas, outlineOf } from "./areas.js";
import { drawBar, drawHatching, drawIgnored, drawLabel, drawMark, drawOutlines, markBox, markDistance, measure } from "./drawing.js";
import { shownExtremes } from "./heat.js";
import { beside, inCorner } from "./labels.js";
import { HIGHEST, heatAt, heatText } from "./over-range.js";
import { colourOf } from "./scale.js";

/** The width of the colour bar and its numbers, in CSS pixels. */
export const BAR = 64;

/**
 * @typedef {{width: number, height: number}} Size CSS pixels
 *
 * @typedef {object} Shown
 * @property {import("./nodes.js").ThermalImage} image
 * @property {import("./nodes.js").Look} look
 * @property {import("./paint.js").Paint} paint
 * @property {import("./home-assistant.js").Writer} write
 * @property {import("./common/texts.js").Texts} texts
 * @property {import("./spot.js").Place | null} at the place that is looked at
 * @property {string} value its temperature, to be written beside it; "": not written
 * @property {string} ink the colour of the numbers beside the bar
 */

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {CanvasRenderingContext2D}
 */
export function penOf(canvas) {
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
}

/**
 * @param {HTMLCanvasElement} canvas has its size in the page
 * @param {HTMLCanvasElement} heat the coloured temperatures
 * @param {Shown} shown
 */
export function drawPicture(canvas, heat, shown) {
  const { clientWidth, clientHeight } = canvas;
  if (!clientWidth) return;
  const { image, look, paint, write, texts, at } = shown;
  const ratio = window.devicePixelRatio;
  canvas.width = Math.round(clientWidth * ratio);
  canvas.height = Math.round(clientHeight * ratio);
  const pen = penOf(canvas);
  pen.scale(ratio, ratio);
  const room = { width: clientWidth - BAR, height: clientHeight };
  const pointOf = (/** @type {import("./spot.js").Place} */ { row, column }) => ({
    x: ((column + 0.5) / image.width) * room.width,
    y: ((row + 0.5) / image.rows.length) * room.height,
  });
  pen.imageSmoothingQuality = "high";
  pen.drawImage(heat, 0, 0, room.width, room.height);
  drawHatching(pen, image, room.width, room.height);
  const { hottest, coldest } = look.marks ? shownExtremes(image) : { hottest: null, coldest: null };
  const marks = /** @type {const} */ ([[hottest, "circle"], [coldest, "square"]]).flatMap(([spot, shape]) => (spot ? [{ spot, shape }] : []));
  const points = marks.map(({ spot }) => pointOf(spot));
  const taken = points.map(markBox);
  // The value of the pinned place is read first: its label gets the best place.
  if (at) taken.push(markBox(pointOf(at)));
  /**
   * @param {import("./spot.js").Place} place
   * @param {string} text
   */
  const label = (place, text) => {
    const box = beside(pointOf(place), measure(pen, text), markDistance, taken, room);
    taken.push(box);
    drawLabel(pen, text, box);
  };
  drawAreas(pen, room, taken, shown);
  points.forEach((point, index) => drawMark(pen, point, marks[index].shape));
  if (at && shown.value) label(at, shown.value);
  for (const { spot } of marks) label(spot, heatText(spot.value, heatAt(image, spot), write, texts));
  for (const [row, column] of image.over ?? []) drawMark(pen, pointOf({ row, column }), "arrow");
  for (const [row, column] of image.doubtful ?? []) drawMark(pen, pointOf({ row, column }), "question");
  if (at) drawMark(pen, pointOf(at), "cross");
  const place = { left: room.width + 10, right: clientWidth, height: clientHeight, ink: shown.ink };
  drawBar(pen, place, paint.span, paint.colours, paint.threshold, write, image);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Size} room
 * @param {import("./labels.js").Box[]} taken what must not be covered; the labels are added
 * @param {Shown} shown
 */
function drawAreas(pen, room, taken, { image, look, paint, write, texts }) {
  if (!look.areas_drawn) return;
  const ignored = look.areas.filter(({ kind }) => kind === "ignore");
  for (const { points } of ignored) drawIgnored(pen, outlineOf(points, look, room));
  const areas = measuredAreas(look.areas, image.areas).map(({ area, values }) => ({
    area,
    values,
    outline: outlineOf(area.points, look, room),
    level: levelOf(values, area, look.imbalance),
  }));
  drawOutlines(pen, areas.map(({ outline }) => outline), areas.map(({ level }) => level));
  const free = [...taken];
  for (const { area, values, outline, level } of areas) {
    const { maximum, over_range: isOver, may_be_hotter: mayBeHotter } = values;
    if (maximum === null) continue;
    const { name } = area;
    const mark = level ? " ▲" : "";
    const number = isOver ? `>${write.number(HIGHEST)}` : `${write.number(maximum)}${mayBeHotter ? "?" : ""}`;
    const short = `${number}${mark}`;
    const long = `${heatText(maximum, values, write, texts)}${mark}`;
    // As much as there is room for; the table has all of it.
    for (const text of [`${name} ${long}`, `${name} ${short}`, short, name]) {
      const box = inCorner(boxOf(outline), measure(pen, text, true), free);
      if (!box) continue;
      drawLabel(pen, text, box, colourOf(maximum, paint.span, paint.colours));
      taken.push(box);
      // Areas may be inside of others.
      free.push(box);
      break;
    }
  }
}
