/**
 * When there were alarms during a day: from the alarm log, which knows the first and the last image of each, for as
 * long as images are kept. For days of which it has nothing, as before there was a log, from the recorder's history.
 */

/** @typedef {import("./alarms.js").Level} Level */

/** @typedef {{start: number, end: number, level: Level}} Span milliseconds since the epoch */

export class AlarmTimes {
  /** @type {Span[]} */
  spans = [];
  #changed;
  #asked = "";

  /** @param {() => void} changed called when there are other spans */
  constructor(changed) {
    this.#changed = changed;
  }

  /**
   * Fetch the spans of a day, unless these are the ones that were asked for last.
   *
   * @param {Hass} hass
   * @param {string} node id of its subentry
   * @param {Record<string, Level>} entities the levels of the alarms by their entities
   * @param {[number, number]} bounds milliseconds since the epoch
   * @param {number} count of the day's images: more of them, and there may be more alarms
   */
  async show(hass, node, entities, [start, end], count) {
    const asked = [node, ...Object.keys(entities), start, count].join();
    if (asked === this.#asked) return;
    this.#asked = asked;
    const logged = await logSpans(hass, node, start, end);
    const spans = logged.length ? logged : await historySpans(hass, entities, start, end);
    if (asked !== this.#asked) return;
    this.spans = spans;
    this.#changed();
  }

  /**
   * @param {number} start when an image was started, milliseconds since the epoch
   * @param {number} end when the next one was
   * @returns {Level | null} the highest level that was on between the two
   */
  levelIn(start, end) {
    const levels = this.spans.filter((span) => span.start < end && span.end > start).map(({ level }) => level);
    if (!levels.length) return null;
    return levels.includes("alarm") ? "alarm" : "warning";
  }
}

/**
 * @param {Hass} hass
 * @param {string} node
 * @param {number} start milliseconds since the epoch
 * @param {number} end
 * @returns {Promise<Span[]>} none, where the log cannot be read
 */
async function logSpans(hass, node, start, end) {
  try {
    const { alarms } = await hass.callWS({ type: "battery_thermal/alarms_between", node, start, end });
    return alarms.map((/** @type {Omit<import("./alarm-pages.js").LoggedAlarm, "node" | "control">} */ alarm) => ({
      start: alarm.begin_image ?? alarm.since,
      // In the image that ended it there was no alarm any more.
      end: alarm.end_image ?? alarm.ended_at ?? end,
      level: alarm.level,
    }));
  } catch {
    return [];
  }
}

/**
 * @param {Hass} hass
 * @param {Record<string, Level>} entities the levels of the alarms by their entities
 * @param {number} start milliseconds since the epoch
 * @param {number} end
 * @returns {Promise<Span[]>} none, where there is no recorder
 */
async function historySpans(hass, entities, start, end) {
  if (!Object.keys(entities).length) return [];
  /** @type {Record<string, {s: string, lu: number, lc?: number}[]>} */
  let found;
  try {
    found = await hass.callWS({
      type: "history/history_during_period",
      start_time: new Date(start).toISOString(),
      end_time: new Date(end).toISOString(),
      entity_ids: Object.keys(entities),
      minimal_response: true,
      no_attributes: true,
    });
  } catch {
    return [];
  }
  return Object.entries(found).flatMap(([id, states]) =>
    states.flatMap(({ s: state, lu, lc }, index) => {
      if (state !== "on") return [];
      const next = states[index + 1];
      return [{ start: (lc ?? lu) * 1000, end: next ? (next.lc ?? next.lu) * 1000 : end, level: entities[id] }];
    }),
  );
}
