/** Several boards at once: what can be done with those that are selected. Pure: no page, no connection. */

/**
 * @typedef {"led_on" | "led_off" | "identify" | "accept" | "refuse" | "set_area" | "forget"} BoardAction
 *
 * @typedef {object} Selectable a board, or a board that waits to join
 * @property {string} key
 * @property {string} label
 * @property {boolean} waits whether it waits to join
 * @property {boolean} usable whether it is online and the viewer may control it
 *
 * @typedef {object} PossibleDeed
 * @property {BoardAction} action
 * @property {string} icon
 * @property {string[]} keys of the selected boards that it is about
 * @property {boolean} possible
 */

/** @type {{action: BoardAction, icon: string, forAdministrators: boolean, waiting: boolean}[]} */
const ACTIONS = [
  { action: "led_on", icon: "mdi:led-on", forAdministrators: false, waiting: false },
  { action: "led_off", icon: "mdi:led-variant-off", forAdministrators: false, waiting: false },
  { action: "identify", icon: "mdi:crosshairs-question", forAdministrators: false, waiting: false },
  { action: "accept", icon: "mdi:check", forAdministrators: true, waiting: true },
  { action: "refuse", icon: "mdi:close", forAdministrators: true, waiting: true },
  { action: "set_area", icon: "mdi:texture-box", forAdministrators: true, waiting: false },
  { action: "forget", icon: "mdi:delete-outline", forAdministrators: true, waiting: false },
];

/**
 * Return what the viewer may do, and to which of the selected boards it applies.
 *
 * @param {Selectable[]} selected
 * @param {{isAdmin: boolean, anyWaits: boolean}} viewer `anyWaits`: whether any board waits to join
 * @returns {PossibleDeed[]}
 */
export function possibleActions(selected, { isAdmin, anyWaits }) {
  return ACTIONS.filter((it) => (isAdmin || !it.forAdministrators) && (anyWaits || !it.waiting)).map(
    ({ action, icon, forAdministrators, waiting }) => {
      const concerned = selected.filter((it) => it.waits === waiting);
      const possible = forAdministrators ? concerned.length > 0 : concerned.some((it) => it.usable);
      return { action, icon, keys: concerned.map(({ key }) => key), possible };
    },
  );
}

/** Errors that are shown; how many more there are is said. */
const ERRORS = 5;

/**
 * Return what became of the boards, in words.
 *
 * @param {string[]} errors of the boards with which something went wrong
 * @param {number} count of all boards
 * @param {import("./common/texts.js").Texts} texts
 * @returns {string[]} lines; the first one says how many are done
 */
export function outcomeLines(errors, count, texts) {
  const done = count - errors.length;
  const first = errors.length ? texts("select.some_done", { all: count, done }) : texts("select.all_done", { count });
  const different = [...new Set(errors)];
  const more = different.length - ERRORS;
  return [first, ...different.slice(0, ERRORS), ...(more > 0 ? [texts("select.more_errors", { count: more })] : [])];
}
