/** The alarm log as far as it was asked for, the newest alarm first. Pure, except for what it asks Home Assistant. */

import { errorText } from "./common/texts.js";

/** Alarms that one answer can have. */
const MOST = 100;

/**
 * @typedef {object} LoggedAlarm times are milliseconds since the epoch
 * @property {string} id
 * @property {string} node id of its subentry
 * @property {boolean} control whether the viewer may acknowledge it
 * @property {string} kind
 * @property {"temperature" | "difference" | "rate" | null} quantity what its peak is: °C, K, K/min
 * @property {import("./alarms.js").Level} level the highest that it had
 * @property {string | null} area
 * @property {string | null} area_key also after it was renamed; null: of an earlier release
 * @property {boolean} certain
 * @property {number | null} peak
 * @property {number | null} peak_at
 * @property {boolean} over_range whether the peak was above what the node can say
 * @property {number} since
 * @property {number | null} ended_at
 * @property {number | null} begin_image when that image was started
 * @property {number | null} peak_image
 * @property {number | null} end_image
 * @property {boolean} acknowledged
 * @property {number | null} acknowledged_at
 * @property {string | null} acknowledged_by
 * @property {string | null} note
 */

export class AlarmPages {
  /** @type {LoggedAlarm[] | null} null: not known yet */
  alarms = null;
  /** Whether there are older ones. */
  more = false;
  /** What went wrong in the last attempt; "": nothing. */
  error = "";
  #changed;
  /** @type {Hass} */
  #hass = /** @type {any} */ (undefined);
  /** @type {string | undefined} undefined: all nodes */
  #node;
  #count = 0;
  #shown = "";
  /** @type {string | null} */
  #next = null;
  #asked = 0;

  /** @param {() => void} changed called when anything of it has changed */
  constructor(changed) {
    this.#changed = changed;
  }

  /**
   * Show the newest alarms, and as many as were there already.
   *
   * @param {Hass} hass
   * @param {string | undefined} node id of its subentry; undefined: all
   * @param {number} count of a page
   * @param {string} state of the log: with another one it is asked for anew
   */
  show(hass, node, count, state) {
    this.#hass = hass;
    const shown = JSON.stringify([node, count, state]);
    if (shown === this.#shown) return;
    if (node !== this.#node || count !== this.#count) this.alarms = null;
    this.#shown = shown;
    this.#node = node;
    this.#count = count;
    this.refresh();
  }

  /** Ask for those that are there anew: an alarm that has ended may have changed, which `logState` does not say. */
  refresh() {
    return this.#ask(Math.min(Math.max(this.#count, this.alarms?.length ?? 0), MOST), null);
  }

  /** Add the next page. */
  showMore() {
    if (this.#next !== null) this.#ask(this.#count, this.#next);
  }

  /**
   * Only the last answer counts.
   *
   * @param {number} count
   * @param {string | null} before where the page before ends; null: from the newest on
   */
  async #ask(count, before) {
    const asked = ++this.#asked;
    const node = this.#node === undefined ? {} : { node: this.#node };
    /** @type {{alarms: LoggedAlarm[], next: string | null} | null} */
    let answer = null;
    let error = "";
    try {
      answer = await this.#hass.callWS({ type: "battery_thermal/alarms", count, ...node, ...(before && { before }) });
    } catch (reason) {
      error = (await errorText(this.#hass, reason)) || "alarm_log.failed";
    }
    if (asked !== this.#asked) return;
    this.error = error;
    if (answer) {
      this.alarms = before ? [...(this.alarms ?? []), ...answer.alarms] : answer.alarms;
      this.#next = answer.next;
      this.more = answer.next !== null;
    }
    this.#changed();
  }
}

/**
 * @param {Iterable<import("./nodes.js").Node>} nodes
 * @returns {string} another one when an alarm was raised, has changed or has ended
 */
export function logState(nodes) {
  const open = [...nodes].map(({ id, alarms = [] }) => [
    id,
    ...alarms.map((one) => [one.id, one.level, one.peak, one.acknowledged_at]),
  ]);
  return JSON.stringify(open);
}
