/** What the tests of the elements share: an image, its look, and how temperatures are written. */

/** Four values across and three down, the hottest below on the right, one missing. */
export const ROWS = [
  [20, 21, 22, 23],
  [24, null, 26, 27],
  [28, 29, 30, 31],
];

/** @type {(more?: object) => any} */
export const imageOf = (more = {}) => ({
  rows: ROWS,
  width: 4,
  areas: [],
  mode: "slow",
  lines_received: 24,
  lines_expected: 24,
  missing_lines: [],
  started_at: 0,
  updated_at: 0,
  closed: true,
  suspect: false,
  minimum: 20,
  maximum: 31,
  mean: 25,
  ...more,
});

/** @type {(more?: object) => any} */
export const lookOf = (more = {}) => ({
  palette: "inferno",
  scale: "automatic",
  low: 0,
  high: 100,
  minimum_span: 1,
  marks: true,
  quarters: 0,
  mirror: false,
  areas: [],
  areas_drawn: true,
  imbalance: [5, 10],
  correction: [0, 0.95, []],
  ...more,
});

/** @type {(more?: object) => any} */
export const areaOf = (more = {}) => ({
  key: "0",
  name: "A1",
  kind: "cell",
  points: [[0, 0], [32, 24]],
  emissivity: null,
  highest: null,
  warning: null,
  alarm: null,
  ...more,
});

/**
 * The look of a picture with cells side by side.
 *
 * @type {(more?: {names?: string[], edges?: number[], drawn?: boolean, entities?: (string | null)[]}) => any}
 */
export const gridOf = ({ names = ["A1", "A2"], edges = [0, 0.5, 1], drawn = true, entities = [] } = {}) => ({
  areas: names.map((name, index) =>
    areaOf({
      key: String(index),
      name,
      points: [[0, edges[index] * 24], [32, edges[index + 1] * 24]],
      entity: entities[index] ?? null,
    }),
  ),
  areas_drawn: drawn,
});

/** @type {(values: object[]) => any[]} the values of areas with keys from 0 on */
export const keyed = (values) => values.map((value, index) => ({ key: String(index), ...value }));

/** @type {(maximum: number | null, deviation?: number | null, more?: object) => any} */
export const cellOf = (maximum, deviation = 0, more = {}) => ({ maximum, mean: maximum, deviation, complete: true, ...more });

/** @type {any} */
export const write = Object.assign((/** @type {number} */ celsius) => `${celsius} °C`, {
  unit: "°C",
  number: (/** @type {number} */ celsius) => `${celsius}`,
  difference: (/** @type {number} */ kelvin) => `+${kelvin} K`,
});

/** The grey palette. */
export const GREY = Uint8Array.from({ length: 768 }, (_, at) => Math.floor(at / 3));

/** @type {any} */
export const PAINT = { span: [20, 31], colours: GREY, threshold: null };

/**
 * Texts that are their keys and values.
 *
 * @type {(key: string, values?: Record<string, string | number>) => string}
 */
export const texts = (key, values = {}) => [key, ...Object.values(values)].join(" ");
