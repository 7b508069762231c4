/** The last readings of a board's light, as a line one can put a finger on. */

import { h, setAttribute, setText, svg } from "./dom.js";
import { HEIGHT, WIDTH, linePath, nearest, points } from "./light-line.js";

export class LightChart {
  #readings = [];
  /** Seconds since the epoch of the reading that is looked at. */
  #at = null;
  #points = [];
  #time;
  #texts;
  #told;

  /**
   * @param {import("./texts.js").Texts} texts
   * @param {(reading: import("./boards.js").Reading | null) => void} told of what is
   *   under the finger
   */
  constructor(texts, told) {
    this.#texts = texts;
    this.#told = told;
    this.area = svg("path", { class: "area" });
    this.line = svg("path", { class: "line" });
    this.dots = svg("path", { class: "dots" });
    this.mark = svg("path", { class: "mark" });
    this.from = h("span");
    this.to = h("span");
    const drawing = svg(
      "svg",
      { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" },
      svg("path", { class: "frame", d: `M0 0H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT}H${WIDTH}` }),
      this.area,
      this.line,
      this.dots,
      this.mark,
    );
    const look = (event) => this.#lookAt(nearest(this.#points, this.#x(event)));
    this.element = h(
      "div",
      {
        class: "chart",
        role: "slider",
        tabindex: 0,
        "aria-label": texts("live.chart"),
        onpointerdown: look,
        onpointermove: look,
        onpointerleave: () => this.#lookAt(null),
        onblur: () => this.#lookAt(null),
        onkeydown: (event) => this.#key(event),
      },
      drawing,
      h("div", { class: "times secondary", "aria-hidden": "true" }, this.from, this.to),
    );
  }

  /**
   * @param {import("./boards.js").Reading[]} readings
   * @param {(seconds: number) => string} time how to write it
   */
  show(readings, time) {
    this.#time = time;
    if (readings !== this.#readings) {
      this.#readings = readings;
      this.#points = points(readings);
      const line = linePath(this.#points);
      setAttribute(this.line, "d", line);
      const [first, last] = [this.#points[0], this.#points.at(-1)];
      const down = first ? `V${HEIGHT}H${first[0]}Z` : "";
      setAttribute(this.area, "d", last === first ? "" : `${line}${down}`);
      setAttribute(this.dots, "d", this.#points.map(([x, y]) => `M${x} ${y}h0`).join(""));
    }
    setText(this.from, readings.length > 1 ? time(readings[0][0]) : "");
    setText(this.to, readings.length ? time(readings.at(-1)[0]) : "");
    // What is looked at moves to the left with its point, until it is gone.
    this.#choose(this.#index());
    // Readers who are here would read out every reading, every two seconds.
    if (!this.element.matches(":focus")) this.#say();
  }

  /** Of the reading that is looked at; -1: none. */
  #index() {
    return this.#readings.findIndex(([at]) => at === this.#at);
  }

  #x(event) {
    const box = this.element.getBoundingClientRect();
    return ((event.clientX - box.left) / box.width) * WIDTH;
  }

  #key(event) {
    const last = this.#readings.length - 1;
    const index = this.#index();
    const now = index < 0 ? last : index;
    const [earlier, later] = [Math.max(now - 1, 0), Math.min(now + 1, last)];
    const next = {
      ArrowLeft: earlier,
      ArrowDown: earlier,
      ArrowRight: later,
      ArrowUp: later,
      Home: 0,
      End: last,
      Escape: -1,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    this.#lookAt(next);
  }

  /** @param {number | null} index of a reading; -1 and null: none */
  #lookAt(index) {
    this.#choose(index);
    this.#say();
  }

  #choose(index) {
    const reading = this.#readings[index ?? -1] ?? null;
    this.#at = reading && reading[0];
    const point = reading && this.#points[index];
    setAttribute(this.mark, "d", point ? `M${point[0]} ${point[1]}h0` : "");
    this.#told(reading);
  }

  /** Tell readers which reading is looked at, or that the last one is: keys step from one to another. */
  #say() {
    const index = this.#index();
    const last = Math.max(this.#readings.length - 1, 0);
    const now = index < 0 ? last : index;
    const reading = this.#readings[now];
    setAttribute(this.element, "aria-valuemin", 0);
    setAttribute(this.element, "aria-valuemax", last);
    setAttribute(this.element, "aria-valuenow", now);
    setAttribute(
      this.element,
      "aria-valuetext",
      reading ? `${reading[1]} %, ${this.#time(reading[0])}` : this.#texts("live.no_light"),
    );
  }
}
