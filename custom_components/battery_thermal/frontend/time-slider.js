/** The archive's images of a day, to slide through or to play; and the way back to the newest one. */

import { AlarmTimes } from "./alarm-times.js";
import { Archive } from "./archive.js";
import { define } from "./common/define.js";
import { zoneOf } from "./common/formats.js";
import { base } from "./common/styles.js";
import { LitElement, css, html, live, nothing, styleMap } from "./common/vendor/lit.js";
import { boundsOf, dayOf } from "./days.js";
import { timeFormat } from "./home-assistant.js";

/** Before the first answer, and where the archive cannot be read. */
/** @type {import("./archive.js").Index} */
const UNKNOWN = { times: [], before: null, after: null };

/** Milliseconds for which each image is shown while they are played. */
const FRAME = 250;

/** Sends `archive-changed` when another image may be shown, with that image; null: the newest one. */
export class TimeSlider extends LitElement {
  static styles = [
    base,
    css`
      .archive { display: grid; gap: 4px; border-top: 1px solid var(--line); padding-top: 12px; }
      .days { display: flex; flex-wrap: wrap; gap: 8px; }
      .rtl .days ha-icon:not(.play) { transform: scaleX(-1); }
      .live { margin-inline-start: auto; }
      .track { position: relative; }
      input[type="range"] {
        display: block; width: 100%; margin: 0; padding: 0; border: none; accent-color: var(--primary-color);
      }
      .mark {
        position: absolute; bottom: 0; width: 4px; margin-inline-start: -2px; height: 8px; border-radius: 2px;
        background: var(--error-color); pointer-events: none;
      }
      .mark[data-level="warning"] { background: var(--warning-line); }
      .ends {
        display: flex; justify-content: space-between; gap: 8px; font-size: 13px; font-variant-numeric: tabular-nums;
      }
      output { color: var(--primary-text-color); text-align: center; }
    `,
  ];
  static properties = {
    alarms: { attribute: false },
    hass: { attribute: false },
    live: { attribute: false },
    node: { attribute: false },
    playing: { state: true },
    texts: { attribute: false },
    write: { attribute: false },
  };

  constructor() {
    super();
    /** @type {Record<string, import("./alarms.js").Level>} levels of the node's alarms by their entities */
    this.alarms = {};
    /** @type {Hass} */
    this.hass = /** @type {any} */ (null);
    /** Whether Home Assistant can be asked. */
    this.live = false;
    /** @type {import("./nodes.js").Node} */
    this.node = /** @type {any} */ (null);
    /** @type {import("./common/texts.js").Texts} */
    this.texts = () => "";
    /** @type {import("./home-assistant.js").Writer} */
    this.write = /** @type {any} */ (String);
    /** Whether one image after the other is shown. */
    this.playing = false;
    this.archive = new Archive(
      (key, values) => this.texts(key, values),
      () => this.#changed(),
    );
    this.times = new AlarmTimes(() => this.requestUpdate());
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.archive.stop();
    this.#pause();
  }

  connectedCallback() {
    super.connectedCallback();
    this.requestUpdate();
  }

  willUpdate() {
    if (!this.isConnected) return;
    this.archive.show(this.hass, this.node, this.live);
    const { day, index } = this.archive;
    if (day && index && this.live) {
      this.times.show(this.hass, this.node.id, this.alarms, boundsOf(day, zoneOf(this.hass)), index.times.length);
    }
  }

  render() {
    const { texts } = this;
    const { index, time, day, error } = this.archive;
    const { times, before, after } = index ?? UNKNOWN;
    const clock = timeFormat(this.hass, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
    const write = (/** @type {number | undefined} */ at) => (at === undefined ? "" : clock(at / 1000));
    const today = dayOf(Date.now(), zoneOf(this.hass));
    const place = time === null ? -1 : times.indexOf(time);
    // Today's last stop is the newest image, which may still be on its way.
    const last = day === today ? times.length : times.length - 1;
    const text = this.#text(place, times.length, write);
    const note = error || (index && !times.length ? texts("archive.none") : "");
    return html`
      <section class="archive ${document.dir}" aria-label=${texts("archive.title")}>
        <div class="days">
          ${this.#button("mdi:chevron-left", "before", () => this.#goTo("before"), before === null)}
          <input
            type="date"
            aria-label=${texts("archive.day")}
            max=${today}
            .value=${day}
            @change=${(/** @type {Event} */ event) => {
              this.#pause();
              this.archive.choose(/** @type {HTMLInputElement} */ (event.target).value || null);
            }}
          />
          ${this.#button("mdi:chevron-right", "after", () => this.#goTo("after"), after === null)}
          ${this.#button(
            this.playing ? "mdi:pause" : "mdi:play",
            this.playing ? "pause" : "play",
            () => (this.playing ? this.#pause() : this.#play()),
            times.length < 2,
            "play",
          )}
          <button type="button" class="live" aria-pressed=${time === null ? "true" : "false"} @click=${() => this.#reset()}>
            ${texts("archive.live")}
          </button>
        </div>
        <div class="track">
          <input
            type="range"
            min="0"
            step="1"
            max=${Math.max(last, 0)}
            ?disabled=${!times.length}
            .value=${live(String(place < 0 ? Math.max(last, 0) : place))}
            aria-label=${texts("archive.slider")}
            aria-valuetext=${text}
            @input=${(/** @type {InputEvent} */ event) => {
              this.#pause();
              this.#slideTo(Number(/** @type {HTMLInputElement} */ (event.target).value));
            }}
          />
          ${this.#marks(times, last)}
        </div>
        <div class="ends secondary">
          <span>${write(times[0])}</span>
          <output aria-live="off">${times.length ? text : ""}</output>
          <span>${times.length && last === times.length ? texts("archive.live") : write(times[times.length - 1])}</span>
        </div>
        <p class="secondary" role="status" ?hidden=${!note}>${note}</p>
      </section>
    `;
  }

  /**
   * @param {string} icon
   * @param {string} key of the text
   * @param {() => void} act
   * @param {boolean} disabled
   * @param {string} [kind] of the icon
   */
  #button(icon, key, act, disabled, kind) {
    const text = this.texts(`archive.${key}`);
    return html`
      <button type="button" aria-label=${text} title=${text} ?disabled=${disabled} @click=${act}>
        <ha-icon class=${kind ?? nothing} icon=${icon}></ha-icon>
      </button>
    `;
  }

  /**
   * @param {number} place of the image that is looked at; -1: not one of the day's
   * @param {number} count
   * @param {(time: number | undefined) => string} write
   */
  #text(place, count, write) {
    const { shown, shownTime, time } = this.archive;
    if (time === null) return this.texts("archive.newest");
    const image = shown && shownTime === time ? shown.image : null;
    const at = image ? this.texts("archive.image", { time: write(time), value: this.write(image.maximum) }) : write(time);
    return place < 0 ? at : this.texts("archive.at", { image: at, number: place + 1, count });
  }

  /**
   * Mark the images during which there was an alarm.
   *
   * @param {number[]} times
   * @param {number} last the last stop of the slider
   */
  #marks(times, last) {
    return times.map((time, index) => {
      const level = this.times.levelIn(time, times[index + 1] ?? Infinity);
      if (!level || !last) return nothing;
      // The middle of the thumb is half its width from the ends.
      const at = index / last;
      const left = `calc(${at * 100}% + ${8 - 16 * at}px)`;
      return html`<i class="mark" data-level=${level} style=${styleMap({ "inset-inline-start": left })}></i>`;
    });
  }

  /**
   * Go to the nearest day with images before this one, or after it.
   *
   * @param {"before" | "after"} where
   */
  #goTo(where) {
    this.#pause();
    const time = this.archive.index?.[where];
    if (typeof time === "number") this.archive.goTo(time);
  }

  /**
   * Go to an image of any day, and show it to the viewer.
   *
   * @param {number} time when it was started, milliseconds since the epoch
   */
  goTo(time) {
    this.#pause();
    this.archive.goTo(time);
    this.scrollIntoView?.({ block: "center" });
  }

  /**
   * Show the image at a stop of the slider; after all of today's images is the newest one.
   *
   * @param {number} place
   */
  #slideTo(place) {
    const time = this.archive.index?.times[place];
    if (time === undefined) this.archive.reset();
    else this.archive.look(time);
  }

  #reset() {
    this.#pause();
    this.archive.reset();
  }

  #play() {
    const { index, time } = this.archive;
    const times = index?.times ?? [];
    this.playing = true;
    // From the beginning when there is nothing after the image that is looked at.
    if (time === null || time === times[times.length - 1]) this.#slideTo(0);
    this.#wait();
  }

  #wait() {
    this.timer = setTimeout(() => this.#next(), FRAME);
  }

  /** Go on to the next image, unless this one is still on its way. */
  #next() {
    const { error, index, time, shownTime } = this.archive;
    const times = index?.times ?? [];
    const next = time === null ? -1 : times.indexOf(time) + 1;
    if (error || next < 1 || next >= times.length) return this.#pause();
    if (shownTime === time) this.archive.look(times[next]);
    this.#wait();
  }

  #pause() {
    clearTimeout(this.timer);
    this.playing = false;
  }

  #changed() {
    this.requestUpdate();
    this.dispatchEvent(new CustomEvent("archive-changed", { detail: this.archive.shown }));
  }
}

define({ "battery-thermal-archive": TimeSlider });

/**
 * @param {ParentNode} root
 * @returns {TimeSlider | null}
 */
export const sliderIn = (root) => root.querySelector("battery-thermal-archive");
