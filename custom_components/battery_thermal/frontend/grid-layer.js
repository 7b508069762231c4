/** The grid of cells over the picture while its margins are dragged, by finger, mouse and keys. */

import { outsideGrid } from "./area-draft.js";
import { sizeOf } from "./areas.js";
import { define } from "./common/define.js";
import { base } from "./common/styles.js";
import { LitElement, css, html, styleMap } from "./common/vendor/lit.js";
import { CORNERS, EDGES, WIDEST_MARGIN, cellsOf, cornersOfFrame, frameMoved, isInside, stepsBetween, withEdges } from "./grid-frame.js";
import { ARROWS, FASTER, layerStyles, listen, pathOf, pointOf, styleAt } from "./layer.js";

/**
 * @typedef {import("./areas.js").Point} Point
 * @typedef {import("./grid-frame.js").Edge} Edge
 * @typedef {import("./grid-frame.js").Frame} Frame
 *
 * @typedef {{pointer: number, from: Point, frame: Frame, edges?: readonly Edge[]}} Drag by which pointer, from where
 *   and which frame; without edges all of it is moved
 */

/** CSS pixels: half of a handle, which is inside the picture also at its border. */
const HALF = 16;

/** CSS pixels from the border of the picture: beside what is seen of a handle there. */
const BESIDE = 28;

/** @type {Record<string, number | undefined>} margins that keys set */
const ENDS = { Home: 0, End: WIDEST_MARGIN };

/** Sends `draft-changed` with another draft. */
export class GridLayer extends LitElement {
  static styles = [
    base,
    layerStyles,
    css`
      :host { cursor: default; }
      .chosen { fill: none; }
      .edge { min-width: 32px; min-height: 32px; }
      .edge::before { content: ""; width: 26px; height: 10px; border-radius: 5px; background: #fff; border: 3px solid #0277bd; }
      .edge[data-handle="left"]::before, .edge[data-handle="right"]::before { width: 10px; height: 26px; }
      .edge[data-handle="top"], .edge[data-handle="bottom"] { cursor: ns-resize; }
      .edge[data-handle="left"], .edge[data-handle="right"] { cursor: ew-resize; }
    `,
  ];
  static properties = {
    draft: { attribute: false },
    look: { attribute: false },
    percent: { attribute: false },
    said: { state: true },
    texts: { attribute: false },
  };

  constructor() {
    super();
    /** @type {import("./area-draft.js").Draft & {frame: Frame}} */
    this.draft = /** @type {any} */ (null);
    /** @type {import("./nodes.js").Look} with which the draft was begun */
    this.look = /** @type {any} */ (null);
    /** @type {(percent: number) => string} writes a margin as the viewer likes it */
    this.percent = String;
    /** Whether margins are said to a screen reader: a key has moved more than one. */
    this.said = false;
    /** @type {import("./common/texts.js").Texts} */
    this.texts = () => "";
    /** @type {Drag | null} */
    this.drag = null;
    listen(this, [
      ["pointerdown", (event) => this.#down(event)],
      ["pointermove", (event) => this.#move(event)],
      ["pointerup", (event) => this.#end(event)],
      ["pointercancel", (event) => this.#end(event)],
      ["lostpointercapture", (event) => this.#end(event)],
      ["keydown", (event) => this.#key(event)],
    ]);
  }

  firstUpdated() {
    // On a phone the button that asks for the grid is below the picture.
    this.scrollIntoView?.({ block: "nearest" });
  }

  render() {
    const { draft, look, percent, texts } = this;
    const { frame } = draft;
    const cells = cellsOf(frame, look);
    const others = outsideGrid(draft, look);
    const corners = cornersOfFrame(frame, look);
    const [[top, left], [bottom, right]] = corners;
    const [row, column] = [(top + bottom) / 2, (left + right) / 2];
    /** @type {Record<Edge, Point>} */
    const middles = { top: [top, column], right: [row, right], bottom: [bottom, column], left: [row, left] };
    const lines = pathOf([...cells, ...others].map(({ points }) => points));
    return html`
      <svg viewBox="0 0 ${look.quarters % 2 ? "32 24" : "24 32"}" preserveAspectRatio="none" aria-hidden="true">
        <path class="under" d=${lines}></path>
        <path class="over" d=${lines}></path>
        <path class="under" d=${pathOf([corners])}></path>
        <path class="chosen" d=${pathOf([corners])}></path>
      </svg>
      ${cells.filter(({ name }) => name).map(({ name, points }) => html`<span class="name" style=${nameAt(points, look)}>${name}</span>`)}
      <button type="button" class="whole" style=${styleAt([row, column], look)} aria-label=${texts("area_editor.grid_whole")}>
        <ha-icon icon="mdi:cursor-move"></ha-icon>
      </button>
      ${EDGES.map((edge) => html`
        <button
          type="button"
          class="edge"
          role="slider"
          data-handle=${edge}
          style=${handleAt(middles[edge], look)}
          aria-label=${texts(`area_editor.grid_${edge}`)}
          aria-orientation=${edge === "top" || edge === "bottom" ? "vertical" : "horizontal"}
          aria-valuemin="0"
          aria-valuemax=${WIDEST_MARGIN}
          aria-valuenow=${frame[edge]}
          aria-valuetext=${percent(frame[edge])}
        ></button>
      `)}
      ${CORNERS.map(([down, across]) => html`
        <button
          type="button"
          class="corner"
          data-handle="${down} ${across}"
          style=${handleAt([middles[down][0], middles[across][1]], look)}
          aria-label=${texts(`area_editor.grid_corner_${down}_${across}`)}
        ></button>
      `)}
      <p class="for-readers" role="status">${this.said ? texts("area_editor.grid_margins", this.#margins()) : ""}</p>
    `;
  }

  /** @returns {Record<Edge, string>} */
  #margins() {
    const { draft, percent } = this;
    return /** @type {Record<Edge, string>} */ (
      Object.fromEntries(EDGES.map((edge) => [edge, percent(draft.frame[edge])]))
    );
  }

  /** @param {Frame} frame */
  #change(frame) {
    if (String(Object.values(frame)) === String(Object.values(this.draft.frame))) return;
    // Another change may come before the card has rendered this one.
    this.draft = { ...this.draft, frame };
    this.dispatchEvent(new CustomEvent("draft-changed", { detail: this.draft }));
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.button > 0 || this.drag) return;
    const { draft, look } = this;
    const edges = edgesOf(event);
    const from = pointOf(this, event, look);
    if (!edges && !isInside(draft.frame, look, from)) return;
    this.setPointerCapture?.(event.pointerId);
    this.drag = { pointer: event.pointerId, from, frame: draft.frame, edges };
    this.said = false;
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const { drag, look } = this;
    if (!drag || drag.pointer !== event.pointerId) return;
    const by = stepsBetween(drag.from, pointOf(this, event, look), look);
    this.#change(drag.edges ? withEdges(drag.frame, drag.edges, by) : frameMoved(drag.frame, by));
  }

  /** @param {PointerEvent} event */
  #end({ pointerId }) {
    if (this.drag?.pointer === pointerId) this.drag = null;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const arrow = ARROWS[event.key];
    const end = ENDS[event.key];
    const { frame } = this.draft;
    const edges = edgesOf(event);
    const [target] = /** @type {Element[]} */ (event.composedPath());
    if (!edges && !target.classList?.contains("whole")) return;
    /** @type {Frame} */
    let after;
    if (arrow) {
      const steps = event.shiftKey ? FASTER : 1;
      const by = /** @type {Point} */ ([arrow[0] * steps, arrow[1] * steps]);
      after = edges ? withEdges(frame, edges, by) : frameMoved(frame, by);
    } else if (end !== undefined && edges?.length === 1) after = { ...frame, [edges[0]]: end };
    else return;
    event.preventDefault();
    // A slider says its value by itself.
    this.said = edges?.length !== 1;
    this.#change(after);
  }
}

define({ "battery-thermal-grid-layer": GridLayer });

/**
 * @param {Point} point
 * @param {import("./areas.js").Turned} turned
 * @returns the style of a handle there
 */
function handleAt([row, column], turned) {
  const [rows, columns] = sizeOf(turned);
  const inside = (/** @type {number} */ share) => `clamp(${HALF}px, ${share * 100}%, calc(100% - ${HALF}px))`;
  return styleMap({ top: inside(row / rows), left: inside(column / columns) });
}

/**
 * @param {Point[]} points of a cell: its ends
 * @param {import("./areas.js").Turned} turned
 * @returns the style of its name: inside, where handles leave it to be read
 */
function nameAt([[top, left], [bottom, right]], turned) {
  const [rows, columns] = sizeOf(turned);
  const at = (/** @type {number} */ start, /** @type {number} */ end, /** @type {number} */ size) =>
    `max(${BESIDE}px, calc(${(start / size) * 100}% + min(${HALF}px, ${((end - start) / size) * 33}%)))`;
  return styleMap({ top: at(top, bottom, rows), left: at(left, right, columns) });
}

/**
 * @param {Event} event
 * @returns {Edge[] | undefined} the edges that a handle moves
 */
function edgesOf(event) {
  const [target] = /** @type {Element[]} */ (event.composedPath());
  return /** @type {Edge[] | undefined} */ (target.getAttribute?.("data-handle")?.split(" "));
}
