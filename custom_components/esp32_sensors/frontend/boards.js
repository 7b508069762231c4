/** The boards as Home Assistant sends them, and their order. Pure: no page, no connection. */

/**
 * Seconds since the epoch, and the value: percent for light, else 1 or 0.
 * @typedef {[number, number]} Reading
 *
 * @typedef {(typeof KINDS)[number]} Kind what a reading is of
 *
 * @typedef {object} Board
 * @property {string} key
 * @property {string} network id of the config entry
 * @property {string} mac
 * @property {string} name in the network
 * @property {boolean} online
 * @property {boolean} identifying whether its LED blinks to identify it
 * @property {{name: string, version: string} | null} firmware null: the board has not reported it
 * @property {boolean | null} led
 * @property {boolean | null} button
 * @property {number | null} light percent
 * @property {number} joined_at
 * @property {number | null} last_seen
 * @property {boolean} control whether the viewer may switch it
 * @property {Record<Kind, Reading[]>} readings oldest first
 */

/** In the order of the history page. */
export const KINDS = /** @type {const} */ (["led", "button", "light"]);

/** As many as the integration keeps. */
const READINGS = 10;

/**
 * Take in an event of `esp32_sensors/subscribe_boards`.
 *
 * @param {ReadonlyMap<string, Board>} boards stays as it is
 * @param {{boards: Record<string, any>, gone: string[], snapshot?: boolean}} event
 * @returns {Map<string, Board>} boards that have not changed are the same objects
 */
export function applyEvent(boards, event) {
  const next = new Map(event.snapshot ? [] : boards);
  for (const key of event.gone) next.delete(key);
  for (const [key, { new: added, ...said }] of Object.entries(event.boards)) {
    const before = next.get(key);
    const readings = said.readings ?? append(/** @type {Board} */ (before).readings, added);
    next.set(key, { ...before, ...said, key, readings });
  }
  return next;
}

/**
 * @param {Record<Kind, Reading[]>} readings
 * @param {Partial<Record<Kind, Reading[]>>} added
 * @returns {Record<Kind, Reading[]>}
 */
function append(readings, added) {
  const all = { ...readings };
  for (const kind of /** @type {Kind[]} */ (Object.keys(readings))) {
    const more = added[kind];
    all[kind] = more ? [...readings[kind], ...more].slice(-READINGS) : readings[kind];
  }
  return all;
}

/**
 * The boards of one network, or of all.
 *
 * @param {Iterable<Board>} boards
 * @param {string | undefined} network
 */
export function ofNetwork(boards, network) {
  return [...boards].filter((board) => !network || board.network === network);
}

/**
 * Whether a board is what somebody looks for: every word is in its name or its MAC.
 *
 * @param {Board} board
 * @param {string} title its name in Home Assistant
 * @param {string} filter
 */
export function matches(board, title, filter) {
  if (!filter) return true;
  const text = plain(`${title} ${board.name} ${board.mac}`);
  return plain(filter)
    .split(/\s+/)
    .every((/** @type {string} */ word) => text.includes(word));
}

const plain = (/** @type {string} */ text) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();

/** Names as people sort them: 2 before 10. Made once: hundreds are sorted at a time. */
const compareNames = new Intl.Collator(undefined, { numeric: true }).compare;

/**
 * @typedef {object} Titled a board and what the viewer has of it
 * @property {Board} board
 * @property {string} title its name in Home Assistant
 * @property {string | null} path of its device; null: not for the viewer
 */

/**
 * Puts boards in the order of their names. Comparing names is slow, and hundreds of boards
 * are shown five times a second: as long as all are called as before, nothing is compared.
 */
export class NameOrder {
  /** @type {Map<string, string>} titles by key, in their order */
  #titles = new Map();

  /**
   * @param {Titled[]} boards
   * @returns {Titled[]}
   */
  sorted(boards) {
    const byKey = new Map(boards.map((it) => [it.board.key, it]));
    const same =
      byKey.size === this.#titles.size && boards.every(({ board, title }) => this.#titles.get(board.key) === title);
    if (same) return [...this.#titles.keys()].map((key) => /** @type {Titled} */ (byKey.get(key)));
    const sorted = [...boards].sort((one, other) => compareNames(one.title, other.title));
    this.#titles = new Map(sorted.map(({ board, title }) => [board.key, title]));
    return sorted;
  }
}

/**
 * Most recently seen first. Boards that are online were all seen just now: they stay in the
 * order they are in, that of their names, or they would change places all the time.
 *
 * @param {Titled} one
 * @param {Titled} other
 */
export function compareLastSeen(one, other) {
  const { online, last_seen: seen } = one.board;
  if (online !== other.board.online) return online ? -1 : 1;
  return online ? 0 : (other.board.last_seen ?? 0) - (seen ?? 0);
}
