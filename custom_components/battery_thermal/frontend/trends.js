/** The last 24 hours of some entities, from the recorder's statistics: one fetch for a whole card. */

/** Milliseconds. */
const SPAN = 24 * 3_600_000;
/** The recorder makes a point of statistics every five minutes. */
const FETCH_AGAIN = 5 * 60_000;

/** @typedef {[number, number]} Point milliseconds since the epoch, and the value */

export class Trends {
  /** @type {Record<string, Point[] | undefined>} by entity; none where there are no statistics */
  points = {};
  #changed;
  /** @type {string} the entities that were asked for last */
  #asked = "";
  #askedAt = -Infinity;

  /** @param {() => void} changed called when there are other points */
  constructor(changed) {
    this.#changed = changed;
  }

  /**
   * Fetch the points of some entities, unless that was done a short while ago.
   *
   * @param {Hass} hass
   * @param {string[]} entityIds
   * @param {number} [now] milliseconds since the epoch
   */
  async show(hass, entityIds, now = Date.now()) {
    const asked = entityIds.join();
    if (!asked || (asked === this.#asked && now - this.#askedAt < FETCH_AGAIN)) return;
    this.#asked = asked;
    this.#askedAt = now;
    /** @type {Record<string, {start: number, max: number | null}[]>} */
    let found = {};
    try {
      found = await hass.callWS({
        type: "recorder/statistics_during_period",
        start_time: new Date(now - SPAN).toISOString(),
        statistic_ids: entityIds,
        period: "5minute",
        types: ["max"],
      });
    } catch {
      // Without the recorder there are no curves.
    }
    if (asked !== this.#asked) return;
    this.points = Object.fromEntries(
      Object.entries(found).map(([id, rows]) => [
        id,
        rows.flatMap(({ start, max }) => (max === null ? [] : [/** @type {Point} */ ([start, max])])),
      ]),
    );
    this.#changed();
  }
}

/**
 * @param {Point[]} points oldest first
 * @param {number} width
 * @param {number} height
 * @param {number} now milliseconds since the epoch
 * @returns {string} the curve as the path of a drawing; "": fewer than two points
 */
export function curve(points, width, height, now) {
  if (points.length < 2) return "";
  const values = points.map(([, value]) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const rounded = (/** @type {number} */ value) => Math.round(value * 10) / 10;
  // A range of one degree at least: noise must not look like a rise.
  const range = Math.max(high - low, 1);
  const middle = (high + low) / 2;
  return points
    .map(([time, value], index) => {
      const x = rounded(Math.max(1 - (now - time) / SPAN, 0) * width);
      const y = rounded(height * (0.5 - (value - middle) / range));
      return `${index ? "L" : "M"}${x} ${y}`;
    })
    .join("");
}
