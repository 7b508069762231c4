/** How warm an area or a pixel was over an hour, a day, a week, a month or a year, beside others, with the alarms meanwhile. */

import { define } from "./common/define.js";
import { base } from "./common/styles.js";
import { errorText } from "./common/texts.js";
import { LitElement, html, live, nothing, svg } from "./common/vendor/lit.js";
import { timeFormat } from "./home-assistant.js";
import { HIGHEST, overText } from "./over-range.js";
import { boxStyles } from "./trend-box-styles.js";
import { MOST_COMPARED, alarmsOn, askCurves, offered } from "./trend-data.js";
import { HEIGHT, SPANS, WIDTH, bandPath, linePath, peakOf, pointAt, scaleOf, spansPath, timesPath } from "./trend-line.js";

/** @typedef {import("./trend-data.js").Found} Found */

const LEVELS = /** @type {const} */ (["warning", "alarm"]);

/** Milliseconds after which what was still calculated is asked for again. */
const AGAIN = 2000;

/** Sends `image-asked` with the start of an image that shall be looked at. */
export class TrendBox extends LitElement {
  static styles = [
    base,
    boxStyles,
  ];
  static properties = {
    areas: { attribute: false },
    compared: { state: true },
    found: { state: true },
    error: { state: true },
    hass: { attribute: false },
    node: { attribute: false },
    span: { state: true },
    state: { attribute: false },
    subject: { attribute: false },
    texts: { attribute: false },
    write: { attribute: false },
  };

  constructor() {
    super();
    /** @type {import("./nodes.js").Area[]} that it can be compared with, and itself */
    this.areas = [];
    /** @type {string[]} keys of those that it is compared with */
    this.compared = [];
    /** @type {Found | null} */
    this.found = null;
    this.error = "";
    /** @type {Hass} */
    this.hass = /** @type {any} */ (null);
    /** @type {string} id of the node's subentry */
    this.node = "";
    /** @type {keyof typeof SPANS} */
    this.span = "day";
    /** Of images and alarms: with another one the curve is asked for anew. */
    this.state = "";
    /** @type {import("./trend-data.js").Subject} */
    this.subject = /** @type {any} */ (null);
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

  /** @param {import("./common/vendor/lit.js").PropertyValues} changed */
  willUpdate(changed) {
    const { areas, compared, node, span, subject } = this;
    const { key, spot, medianOf } = subject;
    const asked = JSON.stringify([node, key, spot, medianOf, span, compared]);
    if (asked === this.asked) {
      // What is there stays until the answer.
      if (changed.has("state")) this.#ask(asked);
      return;
    }
    // Areas may have been removed meanwhile, or one of them is the subject now.
    const kept = compared.filter((other) => other !== key && areas.some((area) => area.key === other));
    if (kept.length < compared.length) this.compared = kept;
    this.asked = JSON.stringify([node, key, spot, medianOf, span, kept]);
    this.found = null;
    this.#ask(this.asked);
  }

  /** @param {string} asked */
  async #ask(asked) {
    clearTimeout(this.timer);
    const { compared, hass, node, span, subject } = this;
    const end = Date.now();
    let error = "";
    /** @type {Found | null} */
    let found = null;
    try {
      found = await askCurves(hass, node, subject, compared, [end - SPANS[span], end]);
    } catch (reason) {
      error = (await errorText(hass, reason)) || this.texts("archive.failed");
    }
    if (asked !== this.asked) return;
    this.error = error;
    this.found = found;
    if (found && !found.complete) this.timer = setTimeout(() => this.#ask(asked), AGAIN);
  }

  render() {
    const { error, found, span, subject, texts } = this;
    const curves = found ? [found.curve, found.median, ...Object.values(found.others)] : [];
    const scale = found && scaleOf(curves, found.start, found.end);
    const nothingFound = found && !scale && !found.hidden.length;
    const note = error || (found && !found.complete ? texts("trend.calculating") : nothingFound ? texts("trend.none") : "");
    const title = texts("trend.title", { area: subject.name });
    return html`
      <section aria-label=${title}>
        <div class="head">
          <h3>${title}</h3>
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
        ${found && scale ? this.#drawing(found, scale, title) : nothing}
        ${found ? this.#hidden(found.hidden) : nothing}
        ${this.#comparison()}
        ${found ? this.#alarms(found) : nothing}
      </section>
    `;
  }

  /**
   * @param {Found} found
   * @param {import("./trend-line.js").Scale} scale
   * @param {string} title
   */
  #drawing({ curve, median, others, hidden, alarms, end }, scale, title) {
    const { hass, subject, texts, write } = this;
    const time = timeFormat(hass);
    const peak = peakOf(curve);
    const marked = alarmsOn(alarms, subject).map((alarm) => ({
      level: alarm.level,
      start: alarm.begin_image ?? alarm.since,
      end: alarm.end_image ?? alarm.ended_at ?? end,
    }));
    return html`
      <div class="ends secondary"><span>${write(scale.high)}</span></div>
      <svg
        viewBox="0 -2 ${WIDTH} ${HEIGHT + 4}"
        preserveAspectRatio="none"
        role="img"
        aria-label=${title}
        @click=${(/** @type {MouseEvent} */ event) => this.#open(event, [...curve, ...hidden.map(pointOf)], scale)}
      >
        ${LEVELS.map((level) => svg`<path class="spans" data-level=${level} d=${spansPath(marked.filter((one) => one.level === level), scale)}></path>`)}
        <path class="band" d=${bandPath(curve, scale)}></path>
        <path class="median" d=${linePath(median, scale)}></path>
        ${Object.values(others).map((other, index) => svg`<path class="other other-${index}" d=${linePath(other, scale)}></path>`)}
        <path class="line" d=${linePath(curve, scale)}></path>
        <path class="hidden" d=${timesPath(hidden, scale)}></path>
      </svg>
      <div class="ends secondary"><span>${write(scale.low)}</span></div>
      <div class="ends times secondary"><span>${time(scale.start / 1000)}</span><span>${time(end / 1000)}</span></div>
      <div class="keys">
        <span class="key"><i></i>${subject.name}</span>
        ${subject.medianOf === undefined ? nothing : html`<span class="key"><i class="of-median"></i>${texts("trend.median")}</span>`}
        ${marked.length ? html`<span class="key"><i class="of-alarm"></i>${texts("trend.alarms", { count: marked.length })}</span>` : nothing}
        ${peak
          ? html`<button type="button" @click=${() => this.#send(peak[0])}>
              ${texts("trend.peak", { value: peak[3] > HIGHEST ? overText(texts, write.unit) : write(peak[3]), time: time(peak[0] / 1000) })}
            </button>`
          : nothing}
      </div>
    `;
  }

  /**
   * Images that are not in the curve, because something may be far hotter than all values of them.
   *
   * @param {number[]} hidden when they were started, milliseconds since the epoch
   */
  #hidden(hidden) {
    const last = hidden[hidden.length - 1];
    if (last === undefined) return nothing;
    const text = this.texts("trend.hidden", { count: hidden.length, time: timeFormat(this.hass)(last / 1000) });
    return html`
      <div class="keys">
        <button type="button" class="key" @click=${() => this.#send(last)}><i class="of-hidden"></i>${text}</button>
      </div>
    `;
  }

  /** The areas that the curve is compared with, and a choice of others. */
  #comparison() {
    const { areas, compared, subject, texts } = this;
    const others = areas.filter(({ key, kind }) => kind !== "ignore" && key !== subject.key && !compared.includes(key));
    const nameOf = (/** @type {string} */ key) => areas.find((area) => area.key === key)?.name ?? "";
    return html`
      <div class="keys">
        ${compared.map((key, index) => html`
          <button
            type="button"
            class="key compared"
            aria-label=${texts("trend.without", { area: nameOf(key) })}
            @click=${() => (this.compared = compared.filter((one) => one !== key))}
          >
            <i class="other-${index}"></i>${nameOf(key)}<ha-icon icon="mdi:close"></ha-icon>
          </button>
        `)}
        ${others.length && compared.length < MOST_COMPARED
          ? html`<select
              aria-label=${texts("trend.compare")}
              .value=${live("")}
              @change=${(/** @type {Event} */ event) =>
                (this.compared = [...compared, /** @type {HTMLSelectElement} */ (event.target).value])}
            >
              <option value="">${texts("trend.compare")}</option>
              ${others.map(({ key, name }) => html`<option value=${key}>${name}</option>`)}
            </select>`
          : nothing}
      </div>
    `;
  }

  /**
   * The images of alarms, also for those who cannot point at the curve.
   *
   * @param {Found} found
   */
  #alarms({ alarms }) {
    const { hass, subject, texts } = this;
    const time = timeFormat(hass);
    const shown = offered(alarmsOn(alarms, subject));
    if (!shown.length) return nothing;
    return html`
      <div class="keys">
        ${shown.map(({ alarm, image }) => html`
          <button type="button" class="of-alarm" @click=${() => this.#send(image)}>
            <span class="level" data-level=${alarm.level}>${texts(`areas.${alarm.level}`)}</span>
            ${texts(`alarm_log.kind_${alarm.kind}`)}, ${time(image / 1000)}
          </button>
        `)}
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

/**
 * @param {number} time when an image without a value was started, milliseconds since the epoch
 * @returns {import("./trend-line.js").Point} to be found by its time
 */
const pointOf = (time) => [time, 0, 0, 0];

define({ "battery-thermal-trend": TrendBox });
