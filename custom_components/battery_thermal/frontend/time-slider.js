/** The archive's images of a day, to slide through; and the way back to the newest one. */

import { Album } from "./album.js";
import { boundsOf, dayOf } from "./days.js";
import { h, setAttribute, setText } from "./dom.js";
import { timeFormat, zoneOf } from "./home-assistant.js";
import { errorText } from "./texts.js";

/** Milliseconds after the end of an image by which the archive has it. */
const KEPT_AFTER = 2000;

/**
 * @typedef {object} Archived
 * @property {import("./nodes.js").ThermalImage} image
 * @property {number | null} ambient °C
 * @property {number | null} threshold
 */

export class TimeSlider {
  /** @type {Archived | null} what is looked at; null: the newest image */
  shown = null;
  #texts;
  #hass;
  #node = null;
  /** What all of its images are told in the terms of. */
  #terms;
  #changed;
  #album;
  /** Year-month-day; null: today, whichever day that is. */
  #day = null;
  /** When the image that is looked at was started; null: the newest one. */
  #time = null;
  #beside = { before: null, after: null };
  #asked = 0;
  #timer = 0;
  #heard;

  /**
   * @param {import("./texts.js").Texts} texts
   * @param {() => void} changed called when something else is shown
   */
  constructor(texts, changed) {
    this.#texts = texts;
    this.#changed = changed;
    const button = (icon, key, onclick) =>
      h("button", { type: "button", "aria-label": texts(`archive.${key}`), title: texts(`archive.${key}`), onclick }, h("ha-icon", { icon }));
    this.before = button("mdi:chevron-left", "before", () => this.#goTo(this.#beside.before));
    this.after = button("mdi:chevron-right", "after", () => this.#goTo(this.#beside.after));
    this.day = h("input", {
      type: "date",
      "aria-label": texts("archive.day"),
      onchange: () => this.#chooseDay(this.day.value || null),
    });
    this.live = h(
      "button",
      { type: "button", class: "live", onclick: () => this.reset() },
      texts("archive.live"),
    );
    this.range = h("input", {
      type: "range",
      min: 0,
      step: 1,
      "aria-label": texts("archive.slider"),
      oninput: () => this.#slideTo(this.#album.times[Number(this.range.value)]),
    });
    this.first = h("span");
    this.at = h("output", { "aria-live": "off" });
    this.last = h("span");
    this.note = h("p", { class: "secondary", role: "status" });
    this.element = h(
      "section",
      { class: "archive", "aria-label": texts("archive.title") },
      h("div", { class: "days" }, this.before, this.day, this.after, this.live),
      this.range,
      h("div", { class: "ends secondary" }, this.first, this.at, this.last),
      this.note,
    );
    this.#forget();
  }

  /**
   * @param {any} hass
   * @param {import("./nodes.js").Node} node
   * @param {boolean} live whether Home Assistant can be asked
   */
  show(hass, node, live) {
    this.#hass = hass;
    const { quarters, mirror, cells } = node.look;
    const terms = JSON.stringify([node.id, quarters, mirror, cells]);
    if (terms !== this.#terms) {
      this.#node = node.id;
      this.#terms = terms;
      this.#forget();
    }
    // What the day's images may depend on: another one has ended, the connection is back.
    const { started_at: start, closed } = node.image ?? {};
    const heard = `${node.id} ${live} ${start} ${closed} ${zoneOf(hass)}`;
    if (heard === this.#heard) return;
    const first = this.#heard === undefined;
    this.#heard = heard;
    clearTimeout(this.#timer);
    if (live) this.#timer = setTimeout(() => this.#ask(), first ? 0 : KEPT_AFTER);
  }

  /** Go back to the newest image, and to today. */
  reset() {
    this.#day = null;
    this.#look(null);
    this.#ask();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#heard = undefined;
  }

  /** Know nothing of a node's archive. */
  #forget() {
    this.#album = new Album(
      (time) => this.#command("archive_image", { time }),
      (time, archived) => this.#found(time, archived),
    );
    this.#beside = { before: null, after: null };
    this.#day = this.#time = this.shown = null;
    this.#heard = undefined;
  }

  #command(type, what) {
    return this.#hass.callWS({ type: `battery_thermal/${type}`, node: this.#node, ...what });
  }

  /** Ask which images there are on the day. Only the last answer counts. */
  async #ask() {
    const asked = ++this.#asked;
    const zone = zoneOf(this.#hass);
    const [start, end] = boundsOf(this.#day ?? dayOf(Date.now(), zone), zone);
    let error = "";
    try {
      const index = await this.#command("archive_index", { start, end });
      if (asked !== this.#asked) return;
      this.#album.times = index.times;
      this.#beside = index;
    } catch (reason) {
      if (asked !== this.#asked) return;
      this.#album.times = [];
      error = (await errorText(this.#hass, reason)) || this.#texts("archive.failed");
    }
    this.#draw(error);
  }

  /** Go to the day of an image, and to the image. */
  async #goTo(time) {
    this.#day = dayOf(time, zoneOf(this.#hass));
    await this.#ask();
    this.#look(time);
  }

  async #chooseDay(day) {
    this.#day = day;
    await this.#ask();
    // The first of the day; without any there is nothing to turn to.
    this.#look(this.#album.times[0] ?? null);
  }

  /** @param {number | undefined} time undefined: the newest image, after all of today's */
  #slideTo(time) {
    if (time === undefined) this.reset();
    else this.#look(time);
  }

  #look(time) {
    this.#time = time;
    this.#album.look(time);
    if (time === null && this.shown) {
      this.shown = null;
      this.#changed();
    }
    this.#draw();
  }

  #found(time, archived) {
    if (!archived) return this.#draw(this.#texts("archive.failed"));
    this.shown = archived;
    this.#changed();
  }

  #draw(error = "") {
    const { times } = this.#album;
    const zone = zoneOf(this.#hass);
    const clock = timeFormat(this.#hass, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
    const write = (time) => (time === undefined ? "" : clock(time / 1000));
    const today = dayOf(Date.now(), zone);
    setAttribute(this.day, "max", today);
    // Not while somebody is typing one.
    if (!this.day.matches(":focus")) this.day.value = this.#day ?? today;
    this.before.disabled = this.#beside.before === null;
    this.after.disabled = this.#beside.after === null;
    setAttribute(this.live, "aria-pressed", String(this.#time === null));
    const index = times.indexOf(this.#time);
    // Today's last stop is the newest image, which may still be on its way.
    const last = (this.#day ?? today) === today ? times.length : times.length - 1;
    setAttribute(this.range, "max", Math.max(last, 0));
    this.range.disabled = !times.length;
    this.range.value = String(index < 0 ? last : index);
    const of = { number: index + 1, count: times.length, time: write(times[index]) };
    const text = index < 0 ? this.#texts("archive.newest") : this.#texts("archive.at", of);
    setAttribute(this.range, "aria-valuetext", text);
    setText(this.at, times.length ? text : "");
    setText(this.first, write(times[0]));
    setText(this.last, times.length && last === times.length ? this.#texts("archive.live") : write(times.at(-1)));
    setText(this.note, error || (times.length ? "" : this.#texts("archive.none")));
    this.note.hidden = !this.note.textContent;
  }
}
