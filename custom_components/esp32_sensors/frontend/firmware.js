/** Versions of the boards' firmware, and which of them are behind. Pure: no page, no connection. */

/**
 * Numbers between dots, then perhaps what makes it come before the release of these numbers; or one
 * number, since a hash may begin with one. Build metadata after a plus does not count.
 */
const VERSION = /^v?(?:(\d+(?:\.\d+)+)(?:[-.]?([a-z][^+]*))?|(\d+))(?:\+.*)?$/i;

const compareTexts = new Intl.Collator("en", { numeric: true }).compare;

/**
 * @param {string} one
 * @param {string} other
 * @returns {number | null} below 0: `one` is older; null: they cannot be compared
 */
export function compareVersions(one, other) {
  const first = VERSION.exec(one);
  const second = VERSION.exec(other);
  if (!first || !second) return null;
  const [numbers, others] = [first, second].map((it) => (it[1] ?? it[3]).split(".").map(Number));
  for (let place = 0; place < Math.max(numbers.length, others.length); place++) {
    const difference = (numbers[place] ?? 0) - (others[place] ?? 0);
    if (difference) return difference;
  }
  if (!first[2] || !second[2]) return Number(!first[2]) - Number(!second[2]);
  return compareTexts(first[2], second[2]);
}

/**
 * Return the newest version of each firmware.
 *
 * @param {Iterable<import("./boards.js").Board>} boards
 * @returns {Map<string, string>} by the name of the firmware
 */
export function newestVersions(boards) {
  /** @type {Map<string, string>} */
  const newest = new Map();
  for (const { firmware } of boards) {
    if (!firmware || !VERSION.test(firmware.version)) continue;
    const known = newest.get(firmware.name);
    if (known === undefined || Number(compareVersions(known, firmware.version)) < 0) {
      newest.set(firmware.name, firmware.version);
    }
  }
  return newest;
}

/**
 * Return the newest version of a board's firmware when the board has an older one, else null.
 *
 * @param {import("./boards.js").Board} board
 * @param {ReadonlyMap<string, string>} newest by the name of the firmware
 */
export function newerVersion({ firmware }, newest) {
  const version = firmware && newest.get(firmware.name);
  return version && Number(compareVersions(firmware.version, version)) < 0 ? version : null;
}
