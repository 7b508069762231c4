/** Days as people have them: in a time zone, where one may have 23 or 25 hours. Pure. */

const HOUR = 3_600_000;

/**
 * @param {number} time milliseconds since the epoch
 * @param {string | undefined} zone such as Europe/Lisbon; undefined: the browser's
 * @returns {string} year-month-day
 */
export function dayOf(time, zone) {
  const { year, month, day } = clock(time, zone);
  return `${year}-${month}-${day}`;
}

/**
 * @param {string} day year-month-day
 * @param {string | undefined} zone
 * @returns {[number, number]} when it begins, and when the next one does
 */
export function boundsOf(day, zone) {
  const midnight = Date.parse(`${day}T00:00Z`);
  return [begin(midnight, zone), begin(midnight + 24 * HOUR, zone)];
}

/**
 * @param {number} midnight as if the time zone were UTC
 * @param {string | undefined} zone
 */
function begin(midnight, zone) {
  // Corrected once more: the clocks may change between the guess and midnight itself.
  const guess = midnight - ahead(midnight, zone);
  return midnight - ahead(guess, zone);
}

/**
 * How far a zone's clocks are ahead of UTC at a time, in milliseconds.
 *
 * @param {number} time
 * @param {string | undefined} zone
 */
function ahead(time, zone) {
  const { year, month, day, hour, minute, second } = clock(time, zone);
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) - time;
}

/**
 * @param {number} time milliseconds since the epoch
 * @param {string | undefined} zone
 */
function clock(time, zone) {
  const parts = new Intl.DateTimeFormat("en", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).formatToParts(time);
  return Object.fromEntries(parts.map(({ type, value }) => [type, value]));
}
