/** What the layers over the picture share: shapes, handles, and where a pointer is. */

import { cornersOf, sizeOf } from "./areas.js";
import { css, styleMap } from "./common/vendor/lit.js";

/**
 * @typedef {import("./areas.js").Point} Point
 * @typedef {import("./areas.js").Turned} Turned
 */

/** @type {Record<string, Point | undefined>} rows and columns that a key moves by */
export const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** Steps that a key moves by with the shift key. */
export const FASTER = 8;

export const layerStyles = css`
  :host {
    position: absolute; inset: 0; touch-action: none; cursor: crosshair; user-select: none; -webkit-user-select: none;
    /* Home Assistant's header is over the page; half of a handle is above the picture. */
    scroll-margin-top: calc(var(--header-height, 56px) + var(--safe-area-inset-top, 0px) + 24px);
  }
  svg { position: absolute; inset: 0; width: 100%; height: 100%; overflow: visible; pointer-events: none; }
  path { fill: none; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
  .under { stroke: rgba(0, 0, 0, 0.6); stroke-width: 4; }
  .over { stroke: #fff; stroke-width: 1.5; }
  .ignored { fill: rgba(20, 20, 20, 0.45); stroke: #fff; stroke-width: 1.5; stroke-dasharray: 5 4; }
  .chosen { stroke: #40c4ff; stroke-width: 3; fill: rgba(64, 196, 255, 0.15); }
  .name {
    position: absolute; max-width: 100%; padding: 0 4px; font-size: 12px; line-height: 18px; color: #fff;
    background: rgba(0, 0, 0, 0.62); pointer-events: none; white-space: nowrap; overflow: hidden; text-overflow: ellipsis;
  }
  button { position: absolute; transform: translate(-50%, -50%); border: none; border-radius: 50%; padding: 0; color: #fff; }
  .corner { min-width: 32px; min-height: 32px; cursor: move; }
  .corner::before {
    content: ""; width: 14px; height: 14px; border-radius: 50%; background: #fff; border: 3px solid #0277bd;
  }
  /* Fingers move the shape wherever they take it; this is for keys. */
  .whole { min-width: 28px; min-height: 28px; pointer-events: none; background: rgba(0, 0, 0, 0.62); }
  .whole ha-icon { --mdc-icon-size: 18px; }
  button:focus-visible, .corner:focus-visible::before { outline: 3px solid #ffd740; outline-offset: 0; }
  .corner:focus-visible { outline: none; }
`;

/**
 * The picture below must not take the events of a layer for its own.
 *
 * @param {HTMLElement} layer
 * @param {[string, (event: any) => void][]} listeners
 */
export function listen(layer, listeners) {
  for (const [type, listener] of listeners) layer.addEventListener(type, listener);
  for (const type of [...listeners.map(([name]) => name), "click", "pointerleave"]) {
    layer.addEventListener(type, (event) => event.stopPropagation());
  }
}

/**
 * @param {Point} point
 * @param {Turned} turned
 * @param {Record<string, string>} [more] of the style
 * @returns the style of what is put there
 */
export function styleAt([row, column], turned, more = {}) {
  const [rows, columns] = sizeOf(turned);
  return styleMap({ top: `${(row / rows) * 100}%`, left: `${(column / columns) * 100}%`, ...more });
}

/**
 * @param {HTMLElement} layer
 * @param {PointerEvent} event
 * @param {Turned} turned
 * @returns {Point} where the pointer is in the picture
 */
export function pointOf(layer, { clientX, clientY }, turned) {
  const { left, top, width, height } = layer.getBoundingClientRect();
  const [rows, columns] = sizeOf(turned);
  return [((clientY - top) / height) * rows, ((clientX - left) / width) * columns];
}

/**
 * @param {Point[][]} shapes
 * @returns {string} a path around each
 */
export function pathOf(shapes) {
  return shapes.map((points) => `M${cornersOf(points).map(([row, column]) => `${column} ${row}`).join("L")}Z`).join("");
}
