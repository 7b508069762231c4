/** The cells of the bank: where they are in the picture, and which are too warm. Pure. */

/**
 * @param {import("./nodes.js").Grid} grid
 * @param {{width: number, height: number}} room the picture's
 * @returns {import("./labels.js").Box[]} row by row
 */
export function cellAreas({ row_edges: rows, column_edges: columns }, { width, height }) {
  return rows.slice(1).flatMap((bottom, row) =>
    columns.slice(1).map((right, column) => ({
      left: columns[column] * width,
      top: rows[row] * height,
      width: (right - columns[column]) * width,
      height: (bottom - rows[row]) * height,
    })),
  );
}

/**
 * @param {number | null} deviation K over the median of the cells
 * @param {[number, number]} imbalance the limits of a warning and of an alarm
 * @returns {0 | 1 | 2} 0: as it should be, or unknown; 1: warning; 2: alarm
 */
export function levelOf(deviation, [warning, alarm]) {
  if (deviation === null || deviation <= Math.min(warning, alarm)) return 0;
  return deviation > alarm ? 2 : 1;
}
