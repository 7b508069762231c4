/** The archive's images of a day, to slide through; and the way back to the newest one. */

import { Archive } from "./archive.js";
import { dayOf } from "./days.js";
import { h, setAttribute, setText } from "./dom.js";
import { timeFormat, zoneOf } from "./home-assistant.js";

/** Before the first answer, and where the archive cannot be read. */
const UNKNOWN = { times: [], before: null, after: null };

export class TimeSlider {
  #texts;
  #hass;

  /**
   * @param {import("./texts.js").Texts} texts
   * @param {() => void} changed called when something else may be shown
   */
  constructor(texts, changed) {
    this.#texts = texts;
    this.archive = new Archive(texts, () => {
      this.#draw();
      changed();
    });
    const button = (icon, key, onclick) =>
      h("button", { type: "button", "aria-label": texts(`archive.${key}`), title: texts(`archive.${key}`), onclick }, h("ha-icon", { icon }));
    this.before = button("mdi:chevron-left", "before", () => this.archive.goTo(this.archive.index.before));
    this.after = button("mdi:chevron-right", "after", () => this.archive.goTo(this.archive.index.after));
    this.day = h("input", {
      type: "date",
      "aria-label": texts("archive.day"),
      onchange: () => this.archive.choose(this.day.value || null),
    });
    this.live = h(
      "button",
      { type: "button", class: "live", onclick: () => this.archive.reset() },
      texts("archive.live"),
    );
    this.range = h("input", {
      type: "range",
      min: 0,
      step: 1,
      "aria-label": texts("archive.slider"),
      oninput: () => this.#slideTo(Number(this.range.value)),
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
  }

  /** @returns {import("./archive.js").Archived | null} null: the newest image */
  get shown() {
    return this.archive.shown;
  }

  /**
   * @param {any} hass
   * @param {import("./nodes.js").Node} node
   * @param {boolean} live whether Home Assistant can be asked
   */
  show(hass, node, live) {
    const rewrite = this.#hass && hass.locale !== this.#hass.locale;
    this.#hass = hass;
    this.archive.show(hass, node, live);
    if (rewrite) this.#draw();
  }

  stop() {
    this.archive.stop();
  }

  /** After all of today's images is the newest one. */
  #slideTo(place) {
    const time = this.archive.index?.times[place];
    if (time === undefined) this.archive.reset();
    else this.archive.look(time);
  }

  #draw() {
    const { index, time, day, error } = this.archive;
    const { times, before, after } = index ?? UNKNOWN;
    const clock = timeFormat(this.#hass, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
    const write = (at) => (at === undefined || at === null ? "" : clock(at / 1000));
    const today = dayOf(Date.now(), zoneOf(this.#hass));
    setAttribute(this.day, "max", today);
    // Not while somebody is typing one.
    if (!this.day.matches(":focus")) this.day.value = day;
    this.before.disabled = before === null;
    this.after.disabled = after === null;
    setAttribute(this.live, "aria-pressed", String(time === null));
    const place = times.indexOf(time);
    // Today's last stop is the newest image, which may still be on its way.
    const last = day === today ? times.length : times.length - 1;
    setAttribute(this.range, "max", Math.max(last, 0));
    this.range.disabled = !times.length;
    this.range.value = String(place < 0 ? last : place);
    const of = { number: place + 1, count: times.length, time: write(time) };
    // An image that is not among the day's has but its time.
    const elsewhere = time === null ? this.#texts("archive.newest") : of.time;
    const text = place < 0 ? elsewhere : this.#texts("archive.at", of);
    setAttribute(this.range, "aria-valuetext", text);
    setText(this.at, times.length ? text : "");
    setText(this.first, write(times[0]));
    setText(this.last, times.length && last === times.length ? this.#texts("archive.live") : write(times.at(-1)));
    setText(this.note, error || (index && !times.length ? this.#texts("archive.none") : ""));
    this.note.hidden = !this.note.textContent;
  }
}
