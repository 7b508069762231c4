/** The grid of cells while its margins are dragged. Pure. */

import { endsOf } from "./area-shapes.js";
import { sizeOf } from "./areas.js";

/** Percent of the picture: margins are multiples of it, as in the dialog of the node. */
export const MARGIN_STEP = 0.5;

/** Percent, and rows or columns, that there are at most. */
export const WIDEST_MARGIN = 45;
export const MOST_ROWS = 16;

/** A first grid: percent of each margin, rows and columns. */
const MARGIN = 10;
const ROWS = 4;

/**
 * @typedef {import("./areas.js").Point} Point
 * @typedef {import("./areas.js").Turned} Turned
 * @typedef {"top" | "right" | "bottom" | "left"} Edge
 *
 * @typedef {{rows: number, columns: number} & Record<Edge, number>} Frame margins are percent of the picture's
 *   height or width, as it is displayed
 * @typedef {Frame & {keys: string[]}} Grid that is stored; the keys of the areas that its cells are or were, row by row
 * @typedef {{key: string | null, name: string, points: Point[]}} Cell points as they are displayed; no key: a new one;
 *   no name: one that was removed comes back, and Home Assistant names it
 */

/** The edges that each corner has, in the order of `cornersOf`. */
export const CORNERS = /** @type {const} */ ([["top", "left"], ["top", "right"], ["bottom", "right"], ["bottom", "left"]]);

export const EDGES = /** @type {const} */ (["top", "right", "bottom", "left"]);

/**
 * @param {import("./nodes.js").Look} look
 * @returns {Frame} of the grid that is there, or a first one
 */
export function frameOf({ grid }) {
  if (!grid) return { rows: ROWS, columns: ROWS, top: MARGIN, right: MARGIN, bottom: MARGIN, left: MARGIN };
  const { rows, columns, top, right, bottom, left } = grid;
  return { rows, columns, top, right, bottom, left };
}

/**
 * @param {Frame} frame
 * @param {import("./nodes.js").Look} look
 * @returns {boolean} whether it is no longer the one of `frameOf`
 */
export function isDragged(frame, look) {
  const before = frameOf(look);
  return /** @type {(keyof Frame)[]} */ (Object.keys(before)).some((name) => frame[name] !== before[name]);
}

/**
 * @param {Frame} frame
 * @param {import("./nodes.js").Look} look
 * @returns {boolean} whether it makes other cells than those that are there; where all were removed, they come back
 */
export function isOther(frame, look) {
  const keys = new Set(look.grid?.keys);
  return isDragged(frame, look) || !look.areas.some(({ key }) => keys.has(key));
}

/**
 * @param {Frame} frame
 * @param {Turned} turned
 * @returns {[Point, Point]} its corners above on the left and below on the right
 */
export function cornersOfFrame({ top, right, bottom, left }, turned) {
  const [height, width] = sizeOf(turned);
  return [[(top / 100) * height, (left / 100) * width], [(1 - bottom / 100) * height, (1 - right / 100) * width]];
}

/**
 * @param {Frame} frame
 * @param {import("./nodes.js").Look} look
 * @returns {Cell[]} row by row; as Home Assistant makes them
 */
export function cellsOf(frame, look) {
  const { rows, columns } = frame;
  const [[top, left], [bottom, right]] = cornersOfFrame(frame, look);
  const { grid } = look;
  const names = new Map(look.areas.map(({ key, name }) => [key, name]));
  const isSame = grid?.rows === rows && grid.columns === columns;
  const hasGaps = isSame && grid.keys.some((key) => names.has(key));
  const taken = new Set(names.values());
  for (const name of goneOf(frame, look)) taken.delete(name);
  /** @type {Cell[]} */
  const cells = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const stays = grid && row < grid.rows && column < grid.columns;
      const key = stays ? grid.keys[row * grid.columns + column] : null;
      const name = key === null ? freeName(row, column, columns, taken) : names.get(key);
      if (hasGaps && name === undefined) continue;
      const down = (/** @type {number} */ number) => top + ((bottom - top) * number) / rows;
      const across = (/** @type {number} */ number) => left + ((right - left) * number) / columns;
      cells.push({
        key,
        name: name ?? "",
        points: [[down(row), across(column)], [down(row + 1), across(column + 1)]],
      });
    }
  }
  return cells;
}

/**
 * @param {Frame} frame
 * @param {readonly Edge[]} edges that are moved
 * @param {Point} by steps down and to the right
 * @returns {Frame}
 */
export function withEdges(frame, edges, [down, right]) {
  const steps = { top: down, right: -right, bottom: -down, left: right };
  return {
    ...frame,
    ...Object.fromEntries(edges.map((edge) => [edge, snapped(frame[edge] + steps[edge] * MARGIN_STEP)])),
  };
}

/**
 * @param {Frame} frame
 * @param {Point} by steps down and to the right
 * @returns {Frame} all of it moved, as far as its margins allow
 */
export function frameMoved(frame, [down, right]) {
  const { top, bottom, left, right: end } = frame;
  const [y, x] = [within(down * MARGIN_STEP, top, bottom), within(right * MARGIN_STEP, left, end)];
  return { ...frame, top: top + y, bottom: bottom - y, left: left + x, right: end - x };
}

/**
 * @param {Point} from
 * @param {Point} to
 * @param {Turned} turned
 * @returns {Point} whole steps between two points of the picture
 */
export function stepsBetween(from, to, turned) {
  const size = sizeOf(turned);
  const [down, right] = size.map((pixels, axis) =>
    Math.round((((to[axis] - from[axis]) / pixels) * 100) / MARGIN_STEP),
  );
  return [down, right];
}

/**
 * @param {Frame} frame
 * @param {Turned} turned
 * @param {Point} point
 * @returns {boolean} whether the point is inside the frame
 */
export function isInside(frame, turned, [row, column]) {
  const [[top, left], [bottom, right]] = endsOf(cornersOfFrame(frame, turned));
  return row >= top && row <= bottom && column >= left && column <= right;
}

/** @param {number} margin */
const snapped = (margin) =>
  Math.min(Math.max(Math.round(margin / MARGIN_STEP) * MARGIN_STEP, 0), WIDEST_MARGIN);

/**
 * @param {number} by percent
 * @param {number} before the margin that becomes wider by it
 * @param {number} after the one that becomes narrower
 * @returns {number} as much of it as both allow
 */
function within(by, before, after) {
  const least = -Math.min(before, WIDEST_MARGIN - after);
  const most = Math.min(after, WIDEST_MARGIN - before);
  return Math.min(Math.max(by, least), most);
}

/**
 * @param {Frame} frame
 * @param {import("./nodes.js").Look} look
 * @returns {string[]} the names of cells whose row or column is no more
 */
function goneOf({ rows, columns }, { areas, grid }) {
  const gone = grid?.keys.filter((_, at) => Math.floor(at / grid.columns) >= rows || at % grid.columns >= columns);
  return areas.filter(({ key }) => gone?.includes(key)).map(({ name }) => name);
}

/**
 * @param {number} row
 * @param {number} column
 * @param {number} columns
 * @param {Set<string>} taken names of other areas and cells; that of the new one is added
 * @returns {string} the name of a new cell: A1, A2, B1...
 */
function freeName(row, column, columns, taken) {
  const nameOf = (/** @type {number} */ number) => `${String.fromCharCode(65 + row)}${number + 1}`;
  let name = nameOf(column);
  for (let number = columns; taken.has(name); number++) name = nameOf(number);
  taken.add(name);
  return name;
}
