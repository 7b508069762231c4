/**
 * A node's archive, as somebody leafs through it: on which day they are, at which image, and
 * what went wrong. Pure, but for what it asks of Home Assistant.
 */

import { Album } from "./album.js";
import { boundsOf, dayOf } from "./days.js";
import { zoneOf } from "./home-assistant.js";
import { errorText } from "./texts.js";

/** Milliseconds after the end of an image by which the archive has it. */
const KEPT_AFTER = 2000;

/**
 * @typedef {object} Archived
 * @property {import("./nodes.js").ThermalImage} image
 * @property {number | null} ambient °C
 * @property {number | null} threshold
 *
 * @typedef {object} Index
 * @property {number[]} times when the day's images were started, milliseconds since the epoch
 * @property {number | null} before when the last one before the day was
 * @property {number | null} after
 */

export class Archive {
  /** @type {Archived | null} what is looked at; null: the newest image */
  shown = null;
  /** When the image that is wanted was started; null: the newest one. */
  time = null;
  /** Year-month-day: whose images were asked for last. */
  day = null;
  /** @type {Index | null} null: not known */
  index = null;
  #texts;
  #changed;
  #hass;
  #node;
  /** What all of its images are told in the terms of. */
  #terms;
  #album;
  /** Year-month-day; null: today, whichever day that is. */
  #chosen = null;
  /** Which image to turn to as soon as the day's are known; null: none but the one wanted. */
  #turnTo = null;
  #errors = { index: "", image: "" };
  #asked = 0;
  #timer = 0;
  #heard;

  /**
   * @param {import("./texts.js").Texts} texts
   * @param {() => void} changed called when anything of it has changed
   */
  constructor(texts, changed) {
    this.#texts = texts;
    this.#changed = changed;
  }

  /** What went wrong and has not gone well since; "": nothing. */
  get error() {
    return this.#errors.index || this.#errors.image;
  }

  /**
   * @param {any} hass
   * @param {import("./nodes.js").Node} node
   * @param {boolean} live whether Home Assistant can be asked
   */
  show(hass, node, live) {
    this.#hass = hass;
    const { quarters, mirror, cells, correction } = node.look;
    const edges = cells && [cells.row_edges, cells.column_edges];
    const terms = JSON.stringify([node.id, quarters, mirror, edges, correction]);
    if (terms !== this.#terms) {
      this.#terms = terms;
      this.#forget(node.id);
    }
    // What the day's images may depend on: another one has ended, another day has begun,
    // the connection is back.
    const { started_at: start, closed } = node.image ?? {};
    const zone = zoneOf(hass);
    const heard = `${live} ${start} ${closed} ${zone} ${dayOf(Date.now(), zone)}`;
    if (heard === this.#heard) return;
    const first = this.#heard === undefined;
    this.#heard = heard;
    clearTimeout(this.#timer);
    if (live) this.#timer = setTimeout(() => this.#ask(), first ? 0 : KEPT_AFTER);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#heard = undefined;
  }

  /** Go back to the newest image, and to today. */
  reset() {
    this.#chosen = null;
    this.#ask();
    this.look(null);
  }

  /**
   * Go to the first image of a day; without any there is nothing to turn to.
   *
   * @param {string | null} day year-month-day; null: today
   */
  choose(day) {
    this.#turn(day, ({ times }) => times[0] ?? null);
  }

  /** Go to the day of an image, and to the image. */
  goTo(time) {
    this.#turn(this.#dayOf(time), () => time);
  }

  /** @param {number | null} time null: the newest image */
  look(time) {
    this.#turnTo = null;
    this.time = time;
    if (time === null) {
      this.shown = null;
      this.#errors.image = "";
    } else {
      // It stays on its day when another one begins.
      this.#chosen = this.#dayOf(time);
    }
    this.#album.look(time);
    // What was turned to, and is not wanted any more, may be of another day.
    if (time !== null && this.#chosen !== this.day) this.#ask();
    this.#changed();
  }

  #turn(day, turnTo) {
    this.#chosen = day;
    this.#turnTo = turnTo;
    this.#ask();
  }

  /** Know nothing but the node: no answer that is on its way counts. */
  #forget(node) {
    this.#asked++;
    // It fetches nothing more, and tells of nothing.
    this.#album?.look(null);
    this.#album = new Album(
      (time) => this.#command("archive_image", { time }),
      (_time, archived) => this.#found(archived),
    );
    this.#node = node;
    this.#errors = { index: "", image: "" };
    this.index = this.time = this.shown = this.#chosen = this.#turnTo = null;
    this.#heard = undefined;
    this.day = this.#dayOf(Date.now());
    this.#changed();
  }

  #command(type, what) {
    return this.#hass.callWS({ type: `battery_thermal/${type}`, node: this.#node, ...what });
  }

  #dayOf(time) {
    return dayOf(time, zoneOf(this.#hass));
  }

  /** Ask which images there are on the day. Only the last answer counts. */
  async #ask() {
    const asked = ++this.#asked;
    this.day = this.#chosen ?? this.#dayOf(Date.now());
    const [start, end] = boundsOf(this.day, zoneOf(this.#hass));
    let index = null;
    let error = "";
    try {
      index = await this.#command("archive_index", { start, end });
    } catch (reason) {
      error = (await errorText(this.#hass, reason)) || this.#texts("archive.failed");
    }
    if (asked !== this.#asked) return;
    this.index = index;
    this.#album.times = index?.times ?? [];
    this.#errors.index = error;
    // The image that is wanted may not have been had; what is there costs nothing.
    if (index) this.look(this.#turnTo ? this.#turnTo(index) : this.time);
    else this.#changed();
  }

  #found(archived) {
    this.#errors.image = archived ? "" : this.#texts("archive.failed");
    this.shown = archived ?? this.shown;
    this.#changed();
  }
}
