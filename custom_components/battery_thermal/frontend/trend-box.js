/** How warm an area was over a day, a week, a month or a year, beside the median of its kind. */

import { define } from "./common/define.js";
import { base } from "./common/styles.js";
import { errorText } from "./common/texts.js";
import { LitElement, css, html, nothing } from "./common/vendor/lit.js";
import { timeFormat } from "./home-assistant.js";
import { HEIGHT, SPANS, WIDTH, bandPath, linePath, peakOf, pointAt, scaleOf } from "./trend-line.js";

/** Milliseconds after which what was still calculated is asked for again. */
const AGAIN = 2000;

/**
 * @typedef {object} Found
 * @property {number} start milliseconds since the epoch
 * @property {number} end
 * @property {import("./trend-line.js").Curve} curve
 * @property {import("./trend-line.js").Curve} median
 * @property {boolean} complete
 */

/** Sends `image-asked` with the start of an image that shall be looked at. */
export class TrendBox extends LitElement {
  static styles = [
    base,
    css`
      section { display: grid; gap: 8px; border-top: 1px solid var(--line); padding-top: 12px; }
      .head, .keys { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 12px; }
      h3 { font-size: 16px; font-weight: 500; flex: 1 1 auto; margin: 0; }
      svg { display: block; width: 100%; height: 200px; direction: ltr; cursor: pointer; border: 1px solid var(--line); border-radius: 6px; }
      path { vector-effect: non-scaling-stroke; stroke-linejoin: round; stroke-linecap: round; fill: none; }
      .line { stroke: var(--primary-color); stroke-width: 2; }
      .median { stroke: var(--secondary-text-color); stroke-width: 1.5; stroke-dasharray: 4 4; }
      .band { fill: var(--primary-color); opacity: 0.2; }
      .ends { display: flex; justify-content: space-between; gap: 8px; font-size: 13px; font-variant-numeric: tabular-nums; }
      .key { display: inline-flex; align-items: center; gap: 6px; font-size: 13px; }
      .key i { width: 20px; border-top: 2px solid var(--primary-color); }
      .key i.of-median { border-top: 2px dashed var(--secondary-text-color); }
    `,
  ];
  static properties = {
    area: { attribute: false },
    found: { state: true },
    error: { state: true },
    hass: { attribute: false },
    node: { attribute: false },
    span: { state: true },
    texts: { attribute: false },
    write: { attribute: false },
  };

  constructor() {
    super();
    /** @type {import("./nodes.js").Area} */
    this.area = /** @type {any} */ (null);
    /** @type {Found | null} */
    this.found = null;
    this.error = "";
    /** @type {Hass} */
    this.hass = /** @type {any} */ (null);
    /** @type {string} id of the node's subentry */
    this.node = "";
    /** @type {keyof typeof SPANS} */
    this.span = "day";
    /** @type {import("./common/texts.js").Texts} */
    this.texts = () => "";
    /** @type {import("./home-assistant.js").Writer} */
    this.write = /** @type {any} */ (String);
    this.asked = "";
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
    this.asked = "";
  }

  willUpdate() {
    const asked = `${this.node} ${this.area.key} ${this.span}`;
    if (asked === this.asked) return;
    this.asked = asked;
    this.found = null;
    this.#ask(asked);
  }

  /** @param {string} asked */
  async #ask(asked) {
    clearTimeout(this.timer);
    const { key } = this.area;
    const end = Date.now();
    const start = end - SPANS[this.span];
    let error = "";
    /** @type {any} */
    let answer = null;
    try {
      answer = await this.hass.callWS({
        type: "battery_thermal/trend", node: this.node, start, end, areas: [key], median_of: key,
      });
    } catch (reason) {
      error = (await errorText(this.hass, reason)) || this.texts("archive.failed");
    }
    if (asked !== this.asked) return;
    this.error = error;
    this.found = answer && { start, end, curve: answer.areas[key], median: answer.median, complete: answer.complete };
    if (answer && !answer.complete) this.timer = setTimeout(() => this.#ask(asked), AGAIN);
  }

  render() {
    const { area, error, found, span, texts } = this;
    const scale = found && scaleOf([found.curve, found.median], found.start, found.end);
    const note = error || (found && !found.complete ? texts("trend.calculating") : found && !scale ? texts("trend.none") : "");
    return html`
      <section aria-label=${texts("trend.title", { area: area.name })}>
        <div class="head">
          <h3>${texts("trend.title", { area: area.name })}</h3>
          ${Object.keys(SPANS).map((name) => html`
            <button
              type="button"
              aria-pressed=${name === span ? "true" : "false"}
              @click=${() => (this.span = /** @type {keyof typeof SPANS} */ (name))}
            >
              ${texts(`trend.${name}`)}
            </button>
          `)}
        </div>
        <p class="secondary" role="status" ?hidden=${!note}>${note}</p>
        ${found && scale ? this.#drawing(found, scale) : nothing}
      </section>
    `;
  }

  /**
   * @param {Found} found
   * @param {import("./trend-line.js").Scale} scale
   */
  #drawing({ curve, median, start, end }, scale) {
    const { area, hass, texts, write } = this;
    const time = timeFormat(hass);
    const peak = peakOf(curve);
    return html`
      <div class="ends secondary"><span>${write(scale.high)}</span></div>
      <svg
        viewBox="0 -2 ${WIDTH} ${HEIGHT + 4}"
        preserveAspectRatio="none"
        role="img"
        aria-label=${texts("trend.title", { area: area.name })}
        @click=${(/** @type {MouseEvent} */ event) => this.#open(event, curve, scale)}
      >
        <path class="band" d=${bandPath(curve, scale)}></path>
        <path class="median" d=${linePath(median, scale)}></path>
        <path class="line" d=${linePath(curve, scale)}></path>
      </svg>
      <div class="ends secondary">
        <span>${write(scale.low)}</span><span>${time(start / 1000)}</span><span>${time(end / 1000)}</span>
      </div>
      <div class="keys">
        <span class="key"><i></i>${area.name}</span>
        <span class="key"><i class="of-median"></i>${texts("trend.median")}</span>
        ${peak
          ? html`<button type="button" @click=${() => this.#send(peak[0])}>
              ${texts("trend.peak", { value: write(peak[3]), time: time(peak[0] / 1000) })}
            </button>`
          : nothing}
      </div>
    `;
  }

  /**
   * @param {MouseEvent} event
   * @param {import("./trend-line.js").Curve} curve
   * @param {import("./trend-line.js").Scale} scale
   */
  #open(event, curve, scale) {
    const { left, width } = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    const point = pointAt(curve, scale, (event.clientX - left) / width);
    if (point) this.#send(point[0]);
  }

  /** @param {number} time when the image was started, milliseconds since the epoch */
  #send(time) {
    this.dispatchEvent(new CustomEvent("image-asked", { detail: time, bubbles: true, composed: true }));
  }
}

define({ "battery-thermal-trend": TrendBox });
