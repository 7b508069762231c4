/** The areas of the picture: where they are displayed, and which are too warm. Pure. */

/** Pixels of a slow image on the sensor. */
export const HEIGHT = 32;
export const WIDTH = 24;

/** Kinds of which one that is warmer than the others is a fault. */
const COMPARED = ["cell", "terminal", "bus_bar"];

/**
 * @typedef {{quarters: number, mirror: boolean}} Turned how the picture was turned
 * @typedef {[number, number]} Point row and column, in pixels of a slow image
 * @typedef {{width: number, height: number}} Room the picture's, in CSS pixels
 */

/**
 * @param {Turned} turned
 * @returns {[number, number]} height and width of a slow image as it is displayed
 */
export function sizeOf({ quarters }) {
  return quarters % 2 ? [WIDTH, HEIGHT] : [HEIGHT, WIDTH];
}

/**
 * @param {Point} point of the sensor
 * @param {Turned} turned
 * @returns {Point} where it is displayed
 */
export function toDisplay([row, column], { quarters, mirror }) {
  let [height, width] = [HEIGHT, WIDTH];
  if (mirror) column = width - column;
  for (let turn = 0; turn < quarters; turn++) {
    [row, column] = [column, height - row];
    [height, width] = [width, height];
  }
  return [row, column];
}

/**
 * @param {Point} point of the picture as it is displayed
 * @param {Turned} turned
 * @returns {Point} where it is on the sensor
 */
export function toSensor([row, column], turned) {
  let [height, width] = sizeOf(turned);
  for (let turn = 0; turn < turned.quarters; turn++) {
    [row, column] = [width - column, row];
    [height, width] = [width, height];
  }
  return [row, turned.mirror ? width - column : column];
}

/**
 * @param {Point[]} points two opposite corners of a rectangle, or the corners of a polygon
 * @returns {Point[]} all corners, in order
 */
export function cornersOf(points) {
  if (points.length !== 2) return points;
  const [[top, left], [bottom, right]] = points;
  return [[top, left], [top, right], [bottom, right], [bottom, left]];
}

/**
 * @param {Point[]} points of an area on the sensor
 * @param {Turned} turned
 * @param {Room} room
 * @returns {{x: number, y: number}[]} its corners in the picture
 */
export function outlineOf(points, turned, { width, height }) {
  const [rows, columns] = sizeOf(turned);
  return cornersOf(points).map((point) => {
    const [row, column] = toDisplay(point, turned);
    return { x: (column / columns) * width, y: (row / rows) * height };
  });
}

/**
 * @param {{x: number, y: number}[]} outline
 * @returns {import("./labels.js").Box} the smallest that has all of it
 */
export function boxOf(outline) {
  const [across, down] = [outline.map(({ x }) => x), outline.map(({ y }) => y)];
  const [left, top] = [Math.min(...across), Math.min(...down)];
  return { left, top, width: Math.max(...across) - left, height: Math.max(...down) - top };
}

/**
 * @param {{x: number, y: number}[]} outline
 * @param {{x: number, y: number}} point
 * @returns {boolean} whether the point is inside
 */
export function contains(outline, { x, y }) {
  let inside = false;
  outline.forEach((start, index) => {
    const end = outline[(index + 1) % outline.length];
    if (start.y <= y === end.y <= y) return;
    if (start.x + ((y - start.y) / (end.y - start.y)) * (end.x - start.x) <= x) inside = !inside;
  });
  return inside;
}

/**
 * @param {import("./nodes.js").Area[]} areas
 * @param {import("./nodes.js").AreaValues[]} values those that count
 * @returns {{area: import("./nodes.js").Area, values: import("./nodes.js").AreaValues}[]}
 */
export function measuredAreas(areas, values) {
  const byKey = new Map(values.map((one) => [one.key, one]));
  return areas.flatMap((area) => {
    const found = byKey.get(area.key);
    return found ? [{ area, values: found }] : [];
  });
}

/**
 * @param {import("./nodes.js").AreaValues} values
 * @param {import("./nodes.js").Area} area
 * @param {[number, number]} imbalance the limits of the node, of a warning and of an alarm
 * @returns {0 | 1 | 2} 0: as it should be, or unknown; 1: warning; 2: alarm
 */
export function levelOf({ maximum, deviation, over_range: isOver }, area, imbalance) {
  if (maximum === null) return 0;
  if (area.highest !== null && (isOver || maximum > area.highest)) return 2;
  const [warning, alarm] = [area.warning, area.alarm].map(
    (own, index) => own ?? (COMPARED.includes(area.kind) ? imbalance[index] : Infinity),
  );
  if (deviation === null || deviation <= Math.min(warning, alarm)) return 0;
  return deviation > alarm ? 2 : 1;
}
