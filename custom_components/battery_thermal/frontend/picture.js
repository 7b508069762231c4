/** The picture: colours, cells, marks, what is missing, and the temperature under the finger. */

import { cellAreas, levelOf } from "./cells.js";
import { h, setAttribute } from "./dom.js";
import {
  drawBar,
  drawHatching,
  drawLabel,
  drawMark,
  drawOutlines,
  markBox,
  markDistance,
  measure,
} from "./drawing.js";
import { coloured, extremes, filled, sameSpot } from "./heat.js";
import { beside, inCorner } from "./labels.js";
import { colourOf, colours, span } from "./scale.js";

/** Pixels across that are coloured: the browser smooths the rest of the way. */
const FINENESS = 192;

/** What the colour bar and its numbers take, in CSS pixels. */
const BAR = 64;

/** The most of the window's height that the picture takes. */
const TALLEST = 0.72;

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * @typedef {object} Style
 * @property {string} palette
 * @property {string} scale
 * @property {number} low °C
 * @property {number} high
 * @property {number} minimumSpan K
 * @property {boolean} marks
 * @property {import("./nodes.js").Grid | null} grid the cells that are drawn
 * @property {number | null} threshold °C
 * @property {Record<string, Uint8Array>} palettes
 * @property {import("./home-assistant.js").Writer} write
 */

export class Picture {
  #image = null;
  /** @type {Style} */
  #style;
  #spots;
  #span;
  /** Row and column that are looked at, and whether they stay when the finger leaves. */
  #at = null;
  #pinned = false;
  #told;

  /**
   * @param {string} label
   * @param {(spot: import("./heat.js").Spot | null, pinned: boolean) => void} told of what
   *   is under the finger
   */
  constructor(label, told) {
    this.#told = told;
    this.heat = document.createElement("canvas");
    this.canvas = h("canvas", { "aria-hidden": "true" });
    this.element = h(
      "div",
      {
        class: "picture",
        role: "application",
        tabindex: 0,
        "aria-label": label,
        onpointermove: (event) => this.#pinned || this.#look(this.#placeOf(event)),
        onpointerleave: () => this.#pinned || this.#look(null),
        onclick: (event) => this.#pin(this.#placeOf(event)),
        onkeydown: (event) => this.#key(event),
      },
      this.canvas,
    );
    // Sizes come from the page: draw again when it gives another.
    this.resized = new ResizeObserver(() => this.#fit());
  }

  /**
   * @param {import("./nodes.js").ThermalImage} image
   * @param {Style} style
   */
  show(image, style) {
    if (this.#at && this.#image) this.#at = sameSpot(this.#at, this.#image, image);
    this.#image = image;
    this.#style = style;
    this.#spots = extremes(image);
    this.#span = span(image, style, style.threshold);
    this.colours = colours(style.palettes, style.palette, this.#span, style.threshold);
    const factor = Math.ceil(FINENESS / image.width);
    const pixels = coloured(filled(image), factor, this.#span, this.colours);
    this.heat.width = pixels.width;
    this.heat.height = pixels.height;
    this.heat.getContext("2d").putImageData(new ImageData(pixels.data, pixels.width), 0, 0);
    this.#fit();
    this.#tell();
  }

  /** @returns {string} the colour that a temperature has in the picture, for CSS */
  colourOf(celsius) {
    return colourOf(celsius, this.#span, this.colours);
  }

  /** Be as large as there is room, with square values. */
  #fit() {
    const room = this.element.clientWidth - BAR;
    if (!this.#image || room <= 0) return;
    const { rows, width } = this.#image;
    const across = Math.min(room, (window.innerHeight * TALLEST * width) / rows.length);
    setAttribute(this.canvas, "style", `width: ${across + BAR}px; height: ${(across * rows.length) / width}px`);
    this.#draw();
  }

  #draw() {
    const { clientWidth, clientHeight } = this.canvas;
    if (!clientWidth) return;
    const ratio = window.devicePixelRatio;
    this.canvas.width = Math.round(clientWidth * ratio);
    this.canvas.height = Math.round(clientHeight * ratio);
    const pen = this.canvas.getContext("2d");
    pen.scale(ratio, ratio);
    const room = { width: clientWidth - BAR, height: clientHeight };
    pen.imageSmoothingQuality = "high";
    pen.drawImage(this.heat, 0, 0, room.width, room.height);
    drawHatching(pen, this.#image, room.width, room.height);
    const { marks, threshold, write } = this.#style;
    const spots = marks && this.#spots ? Object.values(this.#spots) : [];
    const points = spots.map((spot) => this.#pointOf(spot, room));
    const taken = points.map(markBox);
    this.#drawCells(pen, room, taken);
    points.forEach((point, index) => drawMark(pen, point, index ? "square" : "circle"));
    points.forEach((point, index) => {
      const text = write(spots[index].value);
      const box = beside(point, measure(pen, text), markDistance, taken, room);
      taken.push(box);
      drawLabel(pen, text, box);
    });
    if (this.#at) drawMark(pen, this.#pointOf(this.#at, room), "cross");
    const place = { left: room.width + 10, right: clientWidth, height: clientHeight };
    const ink = getComputedStyle(this.element).color;
    drawBar(pen, { ...place, ink }, this.#span, this.colours, threshold, write, this.#image);
  }

  /** @param {import("./labels.js").Box[]} taken what is not to be covered; is added to */
  #drawCells(pen, room, taken) {
    const { grid, write } = this.#style;
    if (!grid) return;
    const { cells } = this.#image;
    const areas = cellAreas(grid, room);
    const levels = cells.map(({ deviation }) => levelOf(deviation, grid.imbalance));
    drawOutlines(pen, areas, levels);
    const free = [...taken];
    cells.forEach(({ maximum }, index) => {
      if (maximum === null) return;
      const name = grid.names[index];
      const mark = levels[index] ? " ▲" : "";
      const [long, short] = [write(maximum) + mark, write.number(maximum) + mark];
      // As much as there is room for; the table has all of it.
      for (const text of [`${name} ${long}`, `${name} ${short}`, short, name]) {
        const box = inCorner(areas[index], measure(pen, text, true), free);
        if (!box) continue;
        drawLabel(pen, text, box, this.colourOf(maximum));
        taken.push(box);
        return;
      }
    });
  }

  #pointOf({ row, column }, { width, height }) {
    const { rows, width: columns } = this.#image;
    return { x: ((column + 0.5) / columns) * width, y: ((row + 0.5) / rows.length) * height };
  }

  /** Row and column under the finger. */
  #placeOf(event) {
    const box = this.canvas.getBoundingClientRect();
    const x = (event.clientX - box.left) / (this.canvas.clientWidth - BAR);
    const y = (event.clientY - box.top) / box.height;
    if (!this.#image || x < 0 || x >= 1 || y < 0 || y >= 1) return null;
    return [Math.floor(y * this.#image.rows.length), Math.floor(x * this.#image.width)];
  }

  #pin(place) {
    const same = this.#pinned && place && this.#at?.row === place[0] && this.#at.column === place[1];
    this.#pinned = Boolean(place) && !same;
    this.#look(place);
  }

  #key(event) {
    if (event.key === "Escape") return this.#pin(null);
    const step = STEPS[event.key];
    if (!step || !this.#image) return;
    event.preventDefault();
    const from = this.#at ?? this.#spots?.hottest ?? { row: 0, column: 0 };
    const within = (value, count) => Math.min(Math.max(value, 0), count - 1);
    this.#pinned = true;
    this.#look([
      within(from.row + (this.#at ? step[0] : 0), this.#image.rows.length),
      within(from.column + (this.#at ? step[1] : 0), this.#image.width),
    ]);
  }

  #look(place) {
    this.#at = place && { row: place[0], column: place[1] };
    this.#draw();
    this.#tell();
  }

  /** The image under the finger may be another one by now. */
  #tell() {
    if (!this.#at) return this.#told(null, false);
    const { row, column } = this.#at;
    this.#told({ row, column, value: this.#image.rows[row]?.[column] ?? null }, this.#pinned);
  }
}
