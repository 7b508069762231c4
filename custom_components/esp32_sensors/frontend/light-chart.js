/** The last readings of a board's light, as a line whose readings can be looked at one by one. */

import { define } from "./common/define.js";
import { base } from "./common/styles.js";
import { LitElement, css, html } from "./common/vendor/lit.js";
import { HEIGHT, WIDTH, linePath, nearest, points } from "./light-line.js";

/** Of nothing WebKit draws a wide ellipse, and not a round point. */
const POINT = "h0.01";
const FRAME = `M0 0H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT}H${WIDTH}`;

/** Sends `reading-shown` with the reading that is looked at; null: none. */
export class LightChart extends LitElement {
  static styles = [
    base,
    css`
      /* Time goes to the right in every language. */
      .chart { direction: ltr; touch-action: pan-y; border-radius: 6px; }
      svg { display: block; width: 100%; height: 72px; overflow: visible; }
      .times {
        display: flex; justify-content: space-between; font-size: 11px; min-height: 15px;
        font-variant-numeric: tabular-nums;
      }
      .frame { stroke: var(--line); stroke-width: 1; vector-effect: non-scaling-stroke; }
      .area { fill: var(--primary-color); fill-opacity: 0.18; }
      .line {
        fill: none; stroke: var(--primary-color); stroke-width: 2;
        stroke-linejoin: round; vector-effect: non-scaling-stroke;
      }
      .dots, .mark {
        fill: none; stroke: var(--primary-color); stroke-width: 5;
        stroke-linecap: round; vector-effect: non-scaling-stroke;
      }
      .mark { stroke: var(--primary-text-color); stroke-width: 9; }
      :host([flat]) svg { height: 36px; }
      :host([flat]) .times { display: none; }
    `,
  ];
  static properties = {
    at: { state: true },
    flat: { type: Boolean, reflect: true },
    focused: { state: true },
    readings: { attribute: false },
    texts: { attribute: false },
    time: { attribute: false },
  };

  constructor() {
    super();
    /** @type {import("./boards.js").Reading[]} */
    this.readings = [];
    /** @type {(seconds: number) => string} how to write a time */
    this.time = String;
    /** @type {import("./common/texts.js").Texts} */
    this.texts = () => "";
    this.flat = false;
    /** @type {number | null} seconds since the epoch of the reading that is looked at */
    this.at = null;
    this.focused = false;
    /** @type {[number, number][]} */
    this.points = [];
    /** What assistive technology reads out; kept while the chart has the focus. */
    this.value = { last: 0, now: 0, text: "" };
  }

  /** @param {import("./common/vendor/lit.js").PropertyValues} changed */
  willUpdate(changed) {
    if (changed.has("readings")) this.points = points(this.readings);
    // A reading that is looked at moves to the left, until it is gone.
    if (this.at !== null && this.#index() < 0) this.#look(-1);
    // Otherwise every reading would be announced, every two seconds.
    if (!this.focused || changed.has("at") || changed.has("focused")) this.#describe();
  }

  render() {
    const { readings, time } = this;
    const line = linePath(this.points);
    const [first, last] = [this.points[0], this.points[this.points.length - 1]];
    const point = this.points[this.#index()];
    return html`
      <div
        class="chart"
        role="slider"
        tabindex="0"
        aria-label=${this.texts("live.chart")}
        aria-valuemin="0"
        aria-valuemax=${this.value.last}
        aria-valuenow=${this.value.now}
        aria-valuetext=${this.value.text}
        @pointerdown=${this.#point}
        @pointermove=${this.#point}
        @pointerleave=${() => this.#look(-1)}
        @focus=${() => (this.focused = true)}
        @blur=${this.#blur}
        @keydown=${this.#key}
      >
        <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
          <path class="frame" d=${FRAME}></path>
          <path class="area" d=${last === first ? "" : `${line}V${HEIGHT}H${first[0]}Z`}></path>
          <path class="line" d=${line}></path>
          <path class="dots" d=${this.points.map(([x, y]) => `M${x} ${y}${POINT}`).join("")}></path>
          <path class="mark" d=${point ? `M${point[0]} ${point[1]}${POINT}` : ""}></path>
        </svg>
        <div class="times secondary" aria-hidden="true">
          <span>${readings.length > 1 ? time(readings[0][0]) : ""}</span>
          <span>${readings.length ? time(readings[readings.length - 1][0]) : ""}</span>
        </div>
      </div>
    `;
  }

  /** Index of the reading that is looked at; -1: none. */
  #index() {
    return this.readings.findIndex(([at]) => at === this.at);
  }

  /** @param {PointerEvent} event */
  #point(event) {
    const box = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    this.#look(nearest(this.points, ((event.clientX - box.left) / box.width) * WIDTH));
  }

  #blur() {
    this.focused = false;
    this.#look(-1);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const last = this.readings.length - 1;
    const index = this.#index();
    const now = index < 0 ? last : index;
    const [earlier, later] = [Math.max(now - 1, 0), Math.min(now + 1, last)];
    /** @type {Record<string, number | undefined>} */
    const steps = {
      ArrowLeft: earlier,
      ArrowDown: earlier,
      ArrowRight: later,
      ArrowUp: later,
      Home: 0,
      End: last,
      Escape: -1,
    };
    const next = steps[event.key];
    if (next === undefined) return;
    event.preventDefault();
    this.#look(next);
  }

  /** @param {number} index of a reading; -1: none */
  #look(index) {
    const reading = this.readings[index] ?? null;
    this.at = reading && reading[0];
    this.dispatchEvent(new CustomEvent("reading-shown", { detail: reading }));
  }

  /** Describe the reading that is looked at, or the last one: keys step from one to another. */
  #describe() {
    const index = this.#index();
    const last = Math.max(this.readings.length - 1, 0);
    const now = index < 0 ? last : index;
    const reading = this.readings[now];
    const text = reading ? `${reading[1]} %, ${this.time(reading[0])}` : this.texts("live.no_light");
    this.value = { last, now, text };
  }
}

define({ "esp32-sensors-chart": LightChart });
