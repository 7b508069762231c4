/** Which temperatures the palette is spread over, and how they are written. Pure. */

/**
 * @param {import("./nodes.js").ThermalImage} image
 * @param {{scale: string, low: number, high: number, minimumSpan: number}} choice
 *   automatic, threshold (the threshold is always inside) or fixed; an automatic scale
 *   covers `minimumSpan` (K) at least, for over less noise would fill the palette
 * @param {number | null} threshold °C
 * @returns {[number, number]} °C of the first and of the last colour
 */
export function span(image, choice, threshold) {
  if (choice.scale === "fixed") return [choice.low, Math.max(choice.high, choice.low + 1)];
  let [low, high] = [image.minimum, image.maximum];
  if (choice.scale === "threshold" && threshold !== null) {
    [low, high] = [Math.min(low, threshold), Math.max(high, threshold)];
  }
  const missing = Math.max(choice.minimumSpan - (high - low), 0);
  return [low - missing / 2, high + missing / 2];
}

/**
 * @param {number} low
 * @param {number} high
 * @param {number} most how many there is room for
 * @returns {number[]} round numbers from low to high
 */
export function ticks(low, high, most) {
  const least = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(least));
  const steps = [1, 2, 5, 10].map((it) => it * power);
  const step = /** @type {number} */ (steps.find((it) => it >= least));
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  return Array.from({ length: count }, (_, index) => (first + index) * step);
}

/**
 * @param {number} celsius
 * @param {string} unit °C or °F
 */
export function inUnit(celsius, unit) {
  return unit === "°F" ? celsius * 1.8 + 32 : celsius;
}

/**
 * @param {number} value
 * @param {string} unit °C or °F
 * @returns {number} °C
 */
export function fromUnit(value, unit) {
  return unit === "°F" ? (value - 32) / 1.8 : value;
}

/**
 * @param {number} celsius
 * @param {[number, number]} span °C
 * @param {Uint8Array} table 256 colours, three bytes each
 * @returns {string} for CSS
 */
export function colourOf(celsius, [low, high], table) {
  const index = Math.floor(((celsius - low) / (high - low)) * 256);
  const at = Math.min(Math.max(index, 0), 255) * 3;
  return `rgb(${table.subarray(at, at + 3).join()})`;
}

/**
 * The colours of a palette; the alarm palette's change at the threshold.
 *
 * @param {Record<string, Uint8Array>} palettes
 * @param {string} name
 * @param {[number, number]} span
 * @param {number | null} threshold
 * @returns {Uint8Array} 256 colours, three bytes each
 */
export function colours(palettes, name, [low, high], threshold) {
  const table = palettes[name] ?? palettes.inferno;
  if (name !== "alarm" || threshold === null) return table;
  const part = (threshold - low) / (high - low);
  const first = Math.min(Math.max(Math.round(part * 256), 0), 256);
  const mixed = table.slice();
  mixed.set(palettes.above.subarray(0, (256 - first) * 3), first * 3);
  return mixed;
}
