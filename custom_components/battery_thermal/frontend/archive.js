/**
 * A node's archive as somebody looks through it: the day, the image, and what went wrong.
 * Pure, except for what it asks Home Assistant.
 */

import { Album } from "./album.js";
import { zoneOf } from "./common/formats.js";
import { errorText } from "./common/texts.js";
import { boundsOf, dayOf } from "./days.js";

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
  /** @type {Archived | null} the image that is looked at; null: the newest one */
  shown = null;
  /** @type {number | null} when that image was started, milliseconds since the epoch */
  shownTime = null;
  /** @type {number | null} when the image that is wanted was started; null: the newest one */
  time = null;
  /** Year-month-day: whose images were asked for last; "": none yet. */
  day = "";
  /** @type {Index | null} null: not known */
  index = null;
  #texts;
  #changed;
  /** @type {Hass} */
  #hass = /** @type {any} */ (undefined);
  #node = "";
  /** @type {string | undefined} what all of its images depend on */
  #terms;
  /** @type {Album<Archived>} */
  #album = /** @type {any} */ (undefined);
  /** @type {string | null} year-month-day; null: today, whichever day that is */
  #chosen = null;
  /**
   * Which image to turn to as soon as the day's are known; null: none but the one wanted.
   *
   * @type {((index: Index) => number | null) | null}
   */
  #turnTo = null;
  #errors = { index: "", image: "" };
  #asked = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {string | undefined} */
  #heard;

  /**
   * @param {import("./common/texts.js").Texts} texts
   * @param {() => void} changed called when anything of it has changed
   */
  constructor(texts, changed) {
    this.#texts = texts;
    this.#changed = changed;
  }

  /** What went wrong in the last attempt; "": nothing. */
  get error() {
    return this.#errors.index || this.#errors.image;
  }

  /**
   * @param {Hass} hass
   * @param {import("./nodes.js").Node} node
   * @param {boolean} live whether Home Assistant can be asked
   */
  show(hass, node, live) {
    this.#hass = hass;
    const { quarters, mirror, areas, correction } = node.look;
    const measured = areas.map(({ key, kind, points, emissivity }) => [key, kind, points, emissivity]);
    const terms = JSON.stringify([node.id, quarters, mirror, measured, correction]);
    if (terms !== this.#terms) {
      this.#terms = terms;
      this.#forget(node.id);
    }
    // The list of the day's images may change when another image has ended, another day has
    // begun, or the connection is back.
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

  /**
   * Go to the day of an image, and to the image.
   *
   * @param {number} time when it was started, milliseconds since the epoch
   */
  goTo(time) {
    this.#turn(this.#dayOf(time), () => time);
  }

  /** @param {number | null} time null: the newest image */
  look(time) {
    this.#turnTo = null;
    this.time = time;
    if (time === null) {
      this.shown = this.shownTime = null;
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

  /**
   * @param {string | null} day year-month-day; null: today
   * @param {(index: Index) => number | null} turnTo
   */
  #turn(day, turnTo) {
    this.#chosen = day;
    this.#turnTo = turnTo;
    this.#ask();
  }

  /**
   * Forget everything but the node; answers that are on their way are ignored.
   *
   * @param {string} node id of its subentry
   */
  #forget(node) {
    this.#asked++;
    // It fetches nothing more, and calls nothing.
    this.#album?.look(null);
    this.#album = new Album(
      (time) => this.#command("archive_image", { time }),
      (time, archived) => this.#found(time, archived),
    );
    this.#node = node;
    this.#errors = { index: "", image: "" };
    this.index = this.time = this.shown = this.shownTime = this.#chosen = this.#turnTo = null;
    this.#heard = undefined;
    this.day = this.#dayOf(Date.now());
    this.#changed();
  }

  /**
   * @param {string} type
   * @param {Record<string, unknown>} what
   */
  #command(type, what) {
    return this.#hass.callWS({ type: `battery_thermal/${type}`, node: this.#node, ...what });
  }

  /** @param {number} time milliseconds since the epoch */
  #dayOf(time) {
    return dayOf(time, zoneOf(this.#hass));
  }

  /** Ask which images there are on the day. Only the last answer counts. */
  async #ask() {
    const asked = ++this.#asked;
    this.day = this.#chosen ?? this.#dayOf(Date.now());
    const [start, end] = boundsOf(this.day, zoneOf(this.#hass));
    /** @type {Index | null} */
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

  /**
   * @param {number} time
   * @param {Archived | null} archived
   */
  #found(time, archived) {
    this.#errors.image = archived ? "" : this.#texts("archive.failed");
    if (archived) {
      this.shown = archived;
      this.shownTime = time;
    }
    this.#changed();
  }
}
