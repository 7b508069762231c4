/** Corners of areas while they are drawn: moved, added and removed, within the picture. Pure. */

import { contains, cornersOf, sizeOf, toDisplay, toSensor } from "./areas.js";

/** Corners are put on whole and half pixels of a slow image. */
export const STEP = 0.5;

/** Pixels that a rectangle is wide and high at least, and one that is added has. */
const SMALLEST = 1;
const USUAL = 6;

export const MOST_CORNERS = 32;

/**
 * All points here are row and column of the picture as it is displayed, in pixels of a slow image.
 *
 * @typedef {import("./areas.js").Point} Point
 * @typedef {import("./areas.js").Turned} Turned
 */

/**
 * @param {Point[]} points of an area on the sensor
 * @param {Turned} turned
 * @returns {Point[]} where they are displayed
 */
export const displayed = (points, turned) => points.map((point) => toDisplay(point, turned));

/**
 * @param {Point[]} points as they are displayed
 * @param {Turned} turned
 * @returns {Point[]} of the area on the sensor; a rectangle's from its upper left corner to its lower right one
 */
export function onSensor(points, turned) {
  const found = points.map((point) => toSensor(point, turned));
  return found.length === 2 ? endsOf(found) : found;
}

/**
 * @param {Point[]} points
 * @returns {[Point, Point]} upper left and lower right corner of the rectangle around them
 */
export function endsOf(points) {
  const [rows, columns] = [points.map(([row]) => row), points.map(([, column]) => column)];
  return [[Math.min(...rows), Math.min(...columns)], [Math.max(...rows), Math.max(...columns)]];
}

/**
 * @param {number} value
 * @param {number} most
 */
const snapped = (value, most) => Math.min(Math.max(Math.round(value / STEP) * STEP, 0), most);

/**
 * @param {Point} point
 * @param {Turned} turned
 * @returns {Point} the nearest one that a corner can have
 */
export function snappedPoint([row, column], turned) {
  const [height, width] = sizeOf(turned);
  return [snapped(row, height), snapped(column, width)];
}

/**
 * @param {Point[]} points
 * @param {Point} by rows and columns
 * @param {Turned} turned
 * @returns {Point[]} all of them moved, as far as they stay inside
 */
export function moved(points, by, turned) {
  const ends = endsOf(points);
  const size = sizeOf(turned);
  const within = by.map((steps, axis) =>
    Math.min(Math.max(Math.round(steps / STEP) * STEP, -ends[0][axis]), size[axis] - ends[1][axis]),
  );
  return points.map(([row, column]) => [row + within[0], column + within[1]]);
}

/**
 * @param {Point[]} points
 * @param {number} corner its number among `cornersOf(points)`
 * @param {Point} to
 * @param {Turned} turned
 * @returns {Point[]} with one corner elsewhere; a rectangle stays one
 */
export function withCorner(points, corner, to, turned) {
  const [row, column] = snappedPoint(to, turned);
  if (points.length !== 2) return points.map((point, index) => (index === corner ? [row, column] : point));
  const [[top, left], [bottom, right]] = points;
  const [isTop, isLeft] = [corner < 2, corner % 3 === 0];
  /** @type {Point[]} */
  const changed = [[isTop ? row : top, isLeft ? column : left], [isTop ? bottom : row, isLeft ? right : column]];
  return isFlat(changed) ? points : changed;
}

/**
 * @param {Point[]} points of a polygon
 * @param {number} corner the one before the new one
 * @param {Turned} turned
 * @returns {Point[]} with a corner in the middle of an edge, if there may be one more
 */
export function withCornerAfter(points, corner, turned) {
  if (points.length >= MOST_CORNERS) return points;
  const [[row, column], [nextRow, nextColumn]] = [points[corner], points[(corner + 1) % points.length]];
  const middle = snappedPoint([(row + nextRow) / 2, (column + nextColumn) / 2], turned);
  return [...points.slice(0, corner + 1), middle, ...points.slice(corner + 1)];
}

/**
 * @param {Point[]} points of a polygon
 * @param {number} corner
 * @returns {Point[]} without it, if three are left
 */
export function withoutCorner(points, corner) {
  return points.length > 3 ? points.filter((_, index) => index !== corner) : points;
}

/**
 * @param {Point[]} points
 * @returns {boolean} whether they are all on one line along or across the picture
 */
export function isFlat(points) {
  const [[top, left], [bottom, right]] = endsOf(points);
  return bottom - top <= 0 || right - left <= 0;
}

/** @param {Point[]} points */
export const asPolygon = (points) => (points.length === 2 ? cornersOf(points) : points);

/** @param {Point[]} points */
export const asRectangle = (points) => /** @type {Point[]} */ (endsOf(points));

/**
 * @param {Point} from where a finger was put
 * @param {Point} to where it is now
 * @param {Turned} turned
 * @returns {Point[] | null} the rectangle between; null: too small to be meant as one
 */
export function drawn(from, to, turned) {
  const ends = endsOf([snappedPoint(from, turned), snappedPoint(to, turned)]);
  const [[top, left], [bottom, right]] = ends;
  return bottom - top >= SMALLEST && right - left >= SMALLEST ? ends : null;
}

/**
 * @param {Turned} turned
 * @returns {Point[]} a rectangle in the middle of the picture
 */
export function inTheMiddle(turned) {
  const [height, width] = sizeOf(turned);
  return [[(height - USUAL) / 2, (width - USUAL) / 2], [(height + USUAL) / 2, (width + USUAL) / 2]];
}

/**
 * @param {Point[][]} shapes the last one is on top
 * @param {Point} point
 * @returns {number} the smallest shape under the point, which may lie inside of others; -1: none
 */
export function shapeAt(shapes, [row, column]) {
  const at = (/** @type {Point[]} */ points) => points.map(([y, x]) => ({ x, y }));
  const sizes = shapes.map((points) =>
    contains(at(cornersOf(points)), { x: column, y: row }) ? sizeOfShape(points) : Infinity,
  );
  const smallest = Math.min(...sizes);
  return smallest === Infinity ? -1 : sizes.lastIndexOf(smallest);
}

/** @param {Point[]} points */
function sizeOfShape(points) {
  const [[top, left], [bottom, right]] = endsOf(points);
  return (bottom - top) * (right - left);
}
