/** A drawing context that records what it draws, in place of a canvas' own. */

/** The shapes that the pen strokes: what was added to each. */
export class RecordedPath {
  /** @type {[string, ...number[]][]} */
  parts = [];

  /** @param {...number} where */
  arc(...where) {
    this.parts.push(["arc", ...where]);
  }

  /** @param {...number} where */
  rect(...where) {
    this.parts.push(["rect", ...where]);
  }

  /** @param {...number} where */
  moveTo(...where) {
    this.parts.push(["moveTo", ...where]);
  }

  /** @param {...number} where */
  lineTo(...where) {
    this.parts.push(["lineTo", ...where]);
  }

  closePath() {
    this.parts.push(["closePath"]);
  }
}

Object.assign(globalThis, { Path2D: RecordedPath });

/**
 * @returns {{pen: any, drawn: [string, ...any[]][]}} the pen, and what it has drawn: the
 *   name of each method, its arguments, and for what is filled or stroked the colour
 */
export function recordingPen() {
  /** @type {[string, ...any[]][]} */
  const drawn = [];
  const state = { fillStyle: "", strokeStyle: "", lineWidth: 1, font: "", textAlign: "", textBaseline: "" };
  /** @type {(name: string, colour?: "fillStyle" | "strokeStyle") => (...args: any[]) => void} */
  const record =
    (name, colour) =>
    (...args) =>
      drawn.push([name, ...args, ...(colour ? [pen[colour]] : [])]);
  /** @type {any} */
  const pen = {
    ...state,
    // Six pixels a letter.
    measureText: (/** @type {string} */ text) => ({ width: text.length * 6 }),
    fillRect: record("fillRect", "fillStyle"),
    fillText: record("fillText", "fillStyle"),
    fill: record("fill", "fillStyle"),
    stroke: record("stroke", "strokeStyle"),
    strokeRect: record("strokeRect", "strokeStyle"),
  };
  for (const name of ["save", "restore", "beginPath", "clip", "rect", "moveTo", "lineTo", "scale", "drawImage", "putImageData", "setLineDash"]) {
    pen[name] = record(name);
  }
  return { pen, drawn };
}
