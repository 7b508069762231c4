/** The picture: colours, cells, marks, what is missing, and the temperature of a place. */

import { define } from "./common/define.js";
import { base } from "./common/styles.js";
import { LitElement, css, html } from "./common/vendor/lit.js";
import { filled } from "./filling.js";
import { coloured, extremes, sameSpot } from "./heat.js";
import { BAR, drawPicture, penOf } from "./overlay.js";
import { heated } from "./over-range.js";
import { spotText, valueText } from "./spot.js";

/** Pixels across that are coloured: the browser smooths the rest of the way. */
const FINENESS = 192;

/** The largest part of the window's height that the picture takes. */
const TALLEST = 0.72;

/** @type {Record<string, [number, number] | undefined>} rows and columns that a key moves by */
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** Sends `place-pinned` with the place that was tapped, or chosen with Enter; null: with the one that is left. */
export class Picture extends LitElement {
  static styles = [
    base,
    css`
      :host { min-width: 0; }
      .picture { min-width: 0; overflow: hidden; cursor: crosshair; touch-action: pan-y; border-radius: 6px; }
      /* Half of a handle at the border is outside. */
      .picture[data-drawn] { overflow: visible; }
      canvas { display: block; }
      .frame { position: relative; width: fit-content; margin: 0 auto; }
      /* Elements over the picture, beside its bar. */
      .over { position: absolute; top: 0; bottom: 0; left: 0; right: ${BAR}px; pointer-events: none; }
      ::slotted(*) { pointer-events: auto; }
      .spot { min-height: 1.4em; margin-top: 8px; font-variant-numeric: tabular-nums; }
      .spot[data-pinned] { font-weight: 500; }
    `,
  ];
  static properties = {
    at: { state: true },
    drawn: { attribute: false },
    image: { attribute: false },
    look: { attribute: false },
    paint: { attribute: false },
    pinned: { state: true },
    texts: { attribute: false },
    themes: { attribute: false },
    write: { attribute: false },
  };

  constructor() {
    super();
    /** Whether areas are drawn over it, and pointers do not reach it. */
    this.drawn = false;
    /** @type {import("./nodes.js").ThermalImage} */
    this.image = /** @type {any} */ (null);
    /** @type {import("./nodes.js").Look} */
    this.look = /** @type {any} */ (null);
    /** @type {import("./paint.js").Paint} */
    this.paint = /** @type {any} */ (null);
    /** @type {import("./common/texts.js").Texts} */
    this.texts = () => "";
    /** @type {unknown} another object when the colours of the theme change */
    this.themes = null;
    /** @type {import("./home-assistant.js").Writer} */
    this.write = /** @type {any} */ (String);
    /** @type {import("./spot.js").Place | null} the place that is looked at */
    this.at = null;
    /** Whether it stays when the pointer leaves. */
    this.pinned = false;
    this.heat = document.createElement("canvas");
    // Sizes come from the page: draw again when it gives another.
    this.observer = new ResizeObserver(() => this.#fit());
  }

  connectedCallback() {
    super.connectedCallback();
    this.observer.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.observer.disconnect();
  }

  /** @param {import("./common/vendor/lit.js").PropertyValues} changed */
  willUpdate(changed) {
    const before = changed.get("image");
    if (before && this.at) this.at = sameSpot(this.at, before, this.image);
    if (changed.has("image") || changed.has("paint")) this.#colour();
  }

  updated() {
    this.#fit();
  }

  render() {
    const spot = this.#spot();
    const text = spot
      ? spotText(spot, this.image, this.look, this.write, this.texts)
      : this.drawn ? "" : this.texts("card.touch");
    return html`
      <div
        class="picture"
        role="application"
        ?data-drawn=${this.drawn}
        tabindex="0"
        aria-label=${this.texts("card.picture")}
        @pointermove=${(/** @type {PointerEvent} */ event) => this.pinned || (this.at = this.#placeOf(event))}
        @pointerleave=${() => this.pinned || (this.at = null)}
        @click=${(/** @type {MouseEvent} */ event) => {
          this.#pin(this.#placeOf(event));
          this.#dispatchPinned();
        }}
        @keydown=${this.#key}
      >
        <div class="frame">
          <canvas aria-hidden="true"></canvas>
          <div class="over"><slot></slot></div>
        </div>
      </div>
      <p class="spot" role="status" ?data-pinned=${this.pinned && Boolean(spot)}>${text}</p>
    `;
  }

  /** @returns {import("./spot.js").Spot | null} what is looked at */
  #spot() {
    if (!this.at) return null;
    const { row, column } = this.at;
    return { row, column, value: this.image.rows[row]?.[column] ?? null };
  }

  /** Colour the temperatures, in as many pixels as the browser can enlarge smoothly. */
  #colour() {
    const { image, paint } = this;
    const factor = Math.ceil(FINENESS / image.width);
    const pixels = coloured(heated(filled(image), image, paint.span), factor, paint.span, paint.colours);
    this.heat.width = pixels.width;
    this.heat.height = pixels.height;
    penOf(this.heat).putImageData(new ImageData(pixels.data, pixels.width), 0, 0);
  }

  get canvas() {
    return /** @type {HTMLCanvasElement | null} */ (this.renderRoot?.querySelector("canvas"));
  }

  /** Be as large as there is room, with square values. */
  #fit() {
    const { canvas } = this;
    const room = this.clientWidth - BAR;
    if (!canvas || room <= 0) return;
    const { rows, width } = this.image;
    const across = Math.min(room, (window.innerHeight * TALLEST * width) / rows.length);
    canvas.style.width = `${across + BAR}px`;
    canvas.style.height = `${(across * rows.length) / width}px`;
    this.#draw(canvas);
  }

  /** @param {HTMLCanvasElement} canvas */
  #draw(canvas) {
    const { image, look, paint, texts, write } = this;
    const spot = this.#spot();
    drawPicture(canvas, this.heat, {
      image,
      look,
      paint,
      write,
      texts,
      at: this.at,
      // Under the pointer the value would cover what is looked at.
      value: spot && this.pinned ? valueText(spot, image, write, texts) : "",
      ink: getComputedStyle(this).color,
    });
  }

  /**
   * @param {MouseEvent} event
   * @returns {import("./spot.js").Place | null} the place under the pointer
   */
  #placeOf(event) {
    const canvas = /** @type {HTMLCanvasElement} */ (this.canvas);
    const box = canvas.getBoundingClientRect();
    const x = (event.clientX - box.left) / (canvas.clientWidth - BAR);
    const y = (event.clientY - box.top) / box.height;
    if (x < 0 || x >= 1 || y < 0 || y >= 1) return null;
    return { row: Math.floor(y * this.image.rows.length), column: Math.floor(x * this.image.width) };
  }

  /** @param {import("./spot.js").Place | null} place */
  #pin(place) {
    const same = this.pinned && place && this.at?.row === place.row && this.at.column === place.column;
    this.pinned = Boolean(place) && !same;
    this.at = place;
  }

  #dispatchPinned() {
    this.dispatchEvent(new CustomEvent("place-pinned", { detail: this.pinned ? this.at : null }));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Escape") this.#pin(null);
    if (event.key === "Escape" || event.key === "Enter") return this.#dispatchPinned();
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const from = this.at ?? extremes(this.image)?.hottest ?? { row: 0, column: 0 };
    /**
     * @param {number} value
     * @param {number} count
     */
    const within = (value, count) => Math.min(Math.max(value, 0), count - 1);
    const [down, across] = this.at ? step : [0, 0];
    this.pinned = true;
    this.at = {
      row: within(from.row + down, this.image.rows.length),
      column: within(from.column + across, this.image.width),
    };
  }
}

define({ "battery-thermal-picture": Picture });
