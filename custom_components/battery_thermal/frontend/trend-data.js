/** What a curve shows, asked of Home Assistant: the subject, what it is compared with, and the alarms meanwhile. */

/** Areas that a curve is compared with at most: as many as there are colours for. */
export const MOST_COMPARED = 3;

/** Alarms of which the images are offered; all are marked. */
const MOST_OFFERED = 4;

/**
 * @typedef {object} Subject whose curve it is
 * @property {string} name
 * @property {string} [key] of an area
 * @property {[number, number]} [spot] row and column of a pixel of the sensor, where it is no area
 * @property {string} [medianOf] key of the area whose kind the median is of
 *
 * @typedef {Omit<import("./alarm-pages.js").LoggedAlarm, "node" | "control">} Alarm
 *
 * @typedef {object} Found
 * @property {number} start milliseconds since the epoch
 * @property {number} end
 * @property {import("./trend-line.js").Curve} curve
 * @property {import("./trend-line.js").Curve} median
 * @property {Record<string, import("./trend-line.js").Curve>} others by the keys of their areas
 * @property {number[]} hidden when images were started in which it may be far hotter than all values, oldest first
 * @property {Alarm[]} alarms oldest first
 * @property {boolean} complete
 */

/**
 * @param {Hass} hass
 * @param {string} node id of its subentry
 * @param {Subject} subject
 * @param {string[]} compared keys of other areas
 * @param {[number, number]} span milliseconds since the epoch
 * @returns {Promise<Found>} rejects with what Home Assistant says
 */
export async function askCurves(hass, node, { key, spot, medianOf }, compared, [start, end]) {
  const [answer, alarms] = await Promise.all([
    hass.callWS({
      type: "battery_thermal/trend",
      node,
      start,
      end,
      areas: key === undefined ? compared : [key, ...compared],
      ...(medianOf !== undefined && { median_of: medianOf }),
      ...(spot && { spot }),
    }),
    askAlarms(hass, node, start, end),
  ]);
  return {
    start,
    end,
    curve: (key === undefined ? answer.spot : answer.areas[key]) ?? [],
    median: answer.median ?? [],
    others: Object.fromEntries(compared.map((other) => [other, answer.areas[other]])),
    hidden: key === undefined ? answer.hidden.spot : (answer.hidden.areas[key] ?? []),
    alarms,
    complete: answer.complete,
  };
}

/**
 * @param {Hass} hass
 * @param {string} node
 * @param {number} start
 * @param {number} end
 * @returns {Promise<Alarm[]>} none, where the log cannot be read: the curve is there without
 */
async function askAlarms(hass, node, start, end) {
  try {
    return (await hass.callWS({ type: "battery_thermal/alarms_between", node, start, end })).alarms ?? [];
  } catch {
    return [];
  }
}

/**
 * @param {Alarm[]} alarms
 * @param {Subject} subject
 * @returns {Alarm[]} those of the area, and those of no area; of a pixel all of them
 */
export function alarmsOn(alarms, { key, name }) {
  return alarms.filter(
    // Alarms of earlier releases have no key.
    ({ area, area_key: of }) => key === undefined || area === null || (of === null ? area === name : of === key),
  );
}

/**
 * @param {Alarm[]} alarms oldest first
 * @returns {{alarm: Alarm, image: number}[]} the newest that have an image, with the start of the one of the peak
 */
export function offered(alarms) {
  return alarms
    .flatMap((alarm) => {
      const image = alarm.peak_image ?? alarm.begin_image;
      return image === null ? [] : [{ alarm, image }];
    })
    .slice(-MOST_OFFERED)
    .reverse();
}
