/** The picture: colours, marks, what is missing, and the temperature under the finger. */

import { h, setAttribute } from "./dom.js";
import { coloured, extremes, filled } from "./heat.js";
import { colours, span, ticks } from "./scale.js";

/** Pixels across that are coloured: the browser smooths the rest of the way. */
const FINENESS = 192;

/** What the colour bar and its numbers take, in CSS pixels. */
const BAR = 64;

/** The most of the window's height that the picture takes. */
const TALLEST = 0.72;

export class Picture {
  #image = null;
  #rows;
  #spots;
  #span;
  /** Row and column that are looked at, and whether they stay when the finger leaves. */
  #at = null;
  #pinned = false;
  #told;
  #write;

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
        onpointermove: (event) => this.#pinned || this.#look(this.#spotAt(event)),
        onpointerleave: () => this.#pinned || this.#look(null),
        onclick: (event) => this.#pin(this.#spotAt(event)),
        onkeydown: (event) => this.#key(event),
      },
      this.canvas,
    );
    // Sizes come from the page: draw again when it gives another.
    this.resized = new ResizeObserver(() => this.#fit());
  }

  /**
   * @param {import("./nodes.js").ThermalImage} image
   * @param {object} style
   * @param {string} style.palette
   * @param {string} style.scale
   * @param {number} [style.low]
   * @param {number} [style.high]
   * @param {number | null} style.threshold
   * @param {Record<string, Uint8Array>} style.palettes
   * @param {(celsius: number) => string} style.write a temperature as the user reads it
   */
  show(image, style) {
    this.#image = image;
    this.#write = style.write;
    this.#rows = filled(image);
    this.#spots = extremes(image);
    this.#span = span(image, style, style.threshold);
    this.colours = colours(style.palettes, style.palette, this.#span, style.threshold);
    this.threshold = style.threshold;
    const factor = Math.ceil(FINENESS / image.width);
    const pixels = coloured(this.#rows, factor, this.#span, this.colours);
    this.heat.width = pixels.width;
    this.heat.height = pixels.height;
    this.heat.getContext("2d").putImageData(new ImageData(pixels.data, pixels.width), 0, 0);
    this.#fit();
    this.#tell();
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
    const [width, height] = [this.#width, clientHeight];
    pen.imageSmoothingQuality = "high";
    pen.drawImage(this.heat, 0, 0, width, height);
    this.#hatch(pen, width, height);
    if (this.#spots) {
      this.#mark(pen, this.#spots.coldest, "square");
      this.#mark(pen, this.#spots.hottest, "circle");
    }
    if (this.#at) this.#mark(pen, this.#at, "cross");
    this.#bar(pen, width, clientWidth, height);
  }

  get #width() {
    return this.canvas.clientWidth - BAR;
  }

  /** Missing values were not measured: nobody shall take them for temperatures. */
  #hatch(pen, width, height) {
    const { rows, width: columns } = this.#image;
    const [w, x] = [width / columns, height / rows.length];
    pen.save();
    pen.beginPath();
    rows.forEach((values, row) => {
      for (let column = 0; column < columns; column++) {
        if ((values?.[column] ?? null) === null) pen.rect(column * w, row * x, w + 0.5, x + 0.5);
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

  #mark(pen, { row, column, value }, shape) {
    const { rows, width: columns } = this.#image;
    const x = ((column + 0.5) / columns) * this.#width;
    const y = ((row + 0.5) / rows.length) * this.canvas.clientHeight;
    const outline = new Path2D();
    if (shape === "circle") outline.arc(x, y, 8, 0, 7);
    if (shape === "square") outline.rect(x - 7, y - 7, 14, 14);
    if (shape === "cross") {
      outline.moveTo(x - 12, y);
      outline.lineTo(x + 12, y);
      outline.moveTo(x, y - 12);
      outline.lineTo(x, y + 12);
    }
    for (const [width, colour] of [[4, "#000c"], [2, "#fff"]]) {
      pen.lineWidth = width;
      pen.strokeStyle = colour;
      pen.stroke(outline);
    }
    if (value === null) return;
    const right = x > this.#width / 2;
    pen.font = "13px Roboto, sans-serif";
    pen.textAlign = right ? "right" : "left";
    pen.textBaseline = "middle";
    pen.lineWidth = 3;
    pen.strokeStyle = "#000c";
    pen.fillStyle = "#fff";
    const place = [x + (right ? -14 : 14), Math.min(Math.max(y, 10), this.canvas.clientHeight - 10)];
    pen.strokeText(this.#write(value), ...place);
    pen.fillText(this.#write(value), ...place);
  }

  #bar(pen, from, to, height) {
    const left = from + 10;
    const [low, high] = this.#span;
    const y = (celsius) => height * (1 - (celsius - low) / (high - low));
    for (let index = 0; index < 256; index++) {
      pen.fillStyle = `rgb(${this.colours.subarray(index * 3, index * 3 + 3).join()})`;
      pen.fillRect(left, (height * (255 - index)) / 256, 12, height / 256 + 1);
    }
    const text = getComputedStyle(this.element).color;
    pen.font = "11px Roboto, sans-serif";
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    pen.fillStyle = text;
    for (const value of ticks(low, high, Math.max(height / 40, 2))) {
      if (y(value) < 7 || y(value) > height - 7) continue;
      pen.fillRect(left + 12, y(value), 3, 1);
      pen.fillText(this.#write(value, 0), left + 17, y(value), to - left - 17);
    }
    if (this.threshold !== null && this.threshold >= low && this.threshold <= high) {
      pen.fillStyle = getComputedStyle(this.element).getPropertyValue("--error-color") || "red";
      pen.fillRect(left - 3, y(this.threshold) - 1, 18, 2);
    }
  }

  #spotAt(event) {
    const box = this.canvas.getBoundingClientRect();
    const x = (event.clientX - box.left) / this.#width;
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
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (event.key === "Escape") return this.#pin(null);
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
    this.#at = place && { row: place[0], column: place[1], value: null };
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
