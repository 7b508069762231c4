/** How far an image is, or the one that replaces it, and how exact. Pure. */

/**
 * @param {import("./nodes.js").ThermalImage} image
 * @param {import("./home-assistant.js").Writer} write
 * @returns {string} within what its pixels are known, "" if they are exact
 */
export function boundText({ bound }, write) {
  return bound ? ` (${write.difference(bound).replace("+", "± ")})` : "";
}

/**
 * @param {import("./nodes.js").ThermalImage} image
 * @param {import("./common/texts.js").Texts} texts
 * @returns {{running: boolean, value: number, max: number, text: string}} `running`: lines are
 *   still coming; `value` of `max` lines have arrived
 */
export function progressText(image, texts) {
  const { next } = image;
  const { lines_received: received, lines_expected: expected } = next ?? image;
  const missing = next ? [] : image.missing_lines;
  const running = Boolean(next) || !image.closed;
  let key = "complete";
  if (next) key = "next";
  else if (missing.length) key = running ? "lines" : "lines_missing";
  return {
    running,
    value: received,
    max: expected,
    text: texts(`card.${key}`, { received, expected, missing: missing.map((line) => line + 1).join(", ") }),
  };
}
