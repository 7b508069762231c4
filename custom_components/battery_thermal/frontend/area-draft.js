/** Areas while they are drawn, until they are saved or discarded. Pure. */

import { displayed, onSensor } from "./area-shapes.js";
import { cellsOf, isOther } from "./grid-frame.js";

/** Areas that a node can have; a grid of an earlier release may have more. */
export const MOST_AREAS = 64;

/**
 * @typedef {object} DraftArea
 * @property {string} id the key; of a new area one of its own until it is saved
 * @property {boolean} isNew
 * @property {boolean} isMoved whether `points` are not those that are stored
 * @property {import("./areas.js").Point[]} points as they are displayed
 * @property {import("./nodes.js").Area} area as it is stored, with other values where they were changed
 */

/**
 * @typedef {object} Draft
 * @property {DraftArea[]} areas
 * @property {string[]} removed keys
 * @property {string | null} chosen id
 * @property {boolean} adding whether the next rectangle may be drawn over other areas
 * @property {number} count of areas that were added so far
 * @property {import("./grid-frame.js").Frame | null} frame of the grid that is to replace the cells; null: none
 *
 * @typedef {Omit<import("./nodes.js").Area, "key" | "entity"> & {key?: string}} SentArea without a key it is new
 * @typedef {{changed: SentArea[], removed: string[], grid?: import("./grid-frame.js").Frame}} Changes removed: keys
 */

/**
 * @param {import("./nodes.js").Look} look
 * @returns {Draft} nothing is changed yet
 */
export function draftOf(look) {
  const areas = look.areas.map((area) => ({
    id: area.key,
    isNew: false,
    isMoved: false,
    points: displayed(area.points, look),
    area,
  }));
  return { areas, removed: [], chosen: null, adding: false, count: 0, frame: null };
}

/**
 * @param {Draft} draft
 * @param {import("./areas.js").Point[]} points as they are displayed
 * @param {string} name of an area; it gets a number, so that no other has the same
 * @returns {Draft} with an area more, which is chosen; the same kind as the one that was chosen before
 */
export function withNew(draft, points, name) {
  const names = new Set(draft.areas.map(({ area }) => area.name));
  let number = 1;
  while (names.has(`${name} ${number}`)) number++;
  const id = `new ${draft.count}`;
  const { kind } = chosenOf(draft)?.area ?? { kind: /** @type {const} */ ("cell") };
  /** @type {import("./nodes.js").Area} */
  const area = {
    key: id, name: `${name} ${number}`, kind, points: [], emissivity: null, highest: null, warning: null, alarm: null,
  };
  const added = { id, isNew: true, isMoved: true, points, area };
  return { ...draft, areas: [...draft.areas, added], chosen: id, adding: false, count: draft.count + 1 };
}

/**
 * @param {Draft} draft
 * @returns {DraftArea | undefined} the area that is chosen
 */
export const chosenOf = ({ areas, chosen }) => areas.find(({ id }) => id === chosen);

/**
 * @param {Draft} draft
 * @param {import("./areas.js").Point[]} points as they are displayed
 * @returns {Draft} with another shape of the chosen area
 */
export const withPoints = (draft, points) => withChosen(draft, (one) => ({ ...one, isMoved: true, points }));

/**
 * @param {Draft} draft
 * @param {Partial<import("./nodes.js").Area>} values
 * @returns {Draft} with other values of the chosen area
 */
export const withValues = (draft, values) =>
  withChosen(draft, (one) => ({ ...one, area: { ...one.area, ...values } }));

/**
 * @param {Draft} draft
 * @param {(one: DraftArea) => DraftArea} change
 * @returns {Draft}
 */
const withChosen = (draft, change) => ({
  ...draft,
  areas: draft.areas.map((one) => (one.id === draft.chosen ? change(one) : one)),
});

/**
 * @param {Draft} draft
 * @returns {Draft} without the chosen area
 */
export function withoutChosen(draft) {
  const gone = chosenOf(draft);
  if (!gone) return draft;
  return {
    ...draft,
    areas: draft.areas.filter((one) => one !== gone),
    removed: gone.isNew ? draft.removed : [...draft.removed, gone.id],
    chosen: null,
  };
}

/**
 * @param {Draft} draft
 * @param {import("./nodes.js").Look} look with which the draft was begun
 * @returns {Changes} what `battery_thermal/save_areas` needs
 */
export function changesOf({ areas, removed, frame }, look) {
  const before = new Map(look.areas.map((area) => [area.key, area]));
  const changed = areas
    .filter(({ id, isMoved, area }) => isMoved || area !== before.get(id))
    .map(({ isNew, isMoved, points, area }) => ({
      ...(isNew ? {} : { key: area.key }),
      name: area.name,
      kind: area.kind,
      points: isMoved ? onSensor(points, look) : area.points,
      emissivity: area.emissivity,
      highest: area.highest,
      warning: area.warning,
      alarm: area.alarm,
    }));
  return { changed, removed, ...(frame && isOther(frame, look) && { grid: frame }) };
}

/**
 * @param {Draft} draft
 * @param {import("./nodes.js").Look} look with which the draft was begun
 * @returns {boolean} whether Home Assistant will refuse its areas because there are too many
 */
export function isTooMany(draft, look) {
  const cells = draft.frame ? cellsOf(draft.frame, look) : [];
  return cells.length + outsideGrid(draft, look).length > Math.max(MOST_AREAS, look.areas.length);
}

/**
 * @param {Draft} draft
 * @param {import("./nodes.js").Look} look with which the draft was begun
 * @returns {DraftArea[]} those that the frame does not replace
 */
export function outsideGrid({ areas, frame }, { grid }) {
  const replaced = new Set(frame && grid?.keys);
  return areas.filter(({ id }) => !replaced.has(id));
}

/**
 * @param {Changes} changes
 * @returns {boolean} whether there is nothing to save
 */
export const isNothing = ({ changed, removed, grid }) => !changed.length && !removed.length && !grid;
