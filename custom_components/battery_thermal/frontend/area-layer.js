/** The areas over the picture while they are drawn: each corner is a handle for finger, mouse and keys. */

import { chosenOf, withNew, withPoints, withoutChosen } from "./area-draft.js";
import { STEP, drawn, endsOf, inTheMiddle, moved, shapeAt, snappedPoint, withCorner, withCornerAfter, withoutCorner } from "./area-shapes.js";
import { cornersOf, sizeOf } from "./areas.js";
import { define } from "./common/define.js";
import { base } from "./common/styles.js";
import { LitElement, css, html, nothing, styleMap } from "./common/vendor/lit.js";

/** @typedef {import("./areas.js").Point} Point */

/** @type {Record<string, Point | undefined>} rows and columns that a key moves by */
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const FASTER = 8;

/**
 * What a pointer does: it draws from a point, or moves a corner, or all of an area.
 *
 * @typedef {{kind: "draw", from: Point, to: Point} | {kind: "corner", corner: number}
 *   | {kind: "move", from: Point, points: Point[]}} Drag
 */

/** Sends `draft-changed` with another draft. */
export class AreaLayer extends LitElement {
  static styles = [
    base,
    css`
      :host { position: absolute; inset: 0; touch-action: none; cursor: crosshair; user-select: none; -webkit-user-select: none; }
      svg { position: absolute; inset: 0; width: 100%; height: 100%; overflow: visible; pointer-events: none; }
      path { fill: none; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
      .under { stroke: rgba(0, 0, 0, 0.6); stroke-width: 4; }
      .over { stroke: #fff; stroke-width: 1.5; }
      .ignored { fill: rgba(20, 20, 20, 0.45); stroke: #fff; stroke-width: 1.5; stroke-dasharray: 5 4; }
      .chosen { stroke: #40c4ff; stroke-width: 3; fill: rgba(64, 196, 255, 0.15); }
      .drawing { stroke: #40c4ff; stroke-width: 2; stroke-dasharray: 5 4; }
      .name {
        position: absolute; max-width: 100%; padding: 0 4px; font-size: 12px; line-height: 18px; color: #fff;
        background: rgba(0, 0, 0, 0.62); pointer-events: none; white-space: nowrap; overflow: hidden; text-overflow: ellipsis;
      }
      button { position: absolute; transform: translate(-50%, -50%); border: none; border-radius: 50%; padding: 0; color: #fff; }
      .corner { min-width: 32px; min-height: 32px; cursor: move; }
      .corner::before {
        content: ""; width: 14px; height: 14px; border-radius: 50%; background: #fff; border: 3px solid #0277bd;
      }
      .edge { min-width: 24px; min-height: 24px; font-size: 14px; line-height: 1; text-shadow: 0 0 3px #000; background: rgba(2, 119, 189, 0.7); }
      /* Fingers move the area wherever they take it; this is for keys. */
      .whole { min-width: 28px; min-height: 28px; pointer-events: none; background: rgba(0, 0, 0, 0.62); }
      .whole ha-icon { --mdc-icon-size: 18px; }
      button:focus-visible { outline: 3px solid #ffd740; outline-offset: 0; }
    `,
  ];
  static properties = {
    draft: { attribute: false },
    drag: { state: true },
    texts: { attribute: false },
    turned: { attribute: false },
  };

  constructor() {
    super();
    /** @type {import("./area-draft.js").Draft} */
    this.draft = /** @type {any} */ (null);
    /** @type {Drag | null} */
    this.drag = null;
    /** @type {import("./common/texts.js").Texts} */
    this.texts = () => "";
    /** @type {import("./areas.js").Turned} */
    this.turned = { quarters: 0, mirror: false };
    /** @type {[string, (event: any) => void][]} */
    const listeners = [
      ["pointerdown", (event) => this.#down(event)],
      ["pointermove", (event) => this.#move(event)],
      ["pointerup", (event) => this.#up(event)],
      ["pointercancel", () => (this.drag = null)],
      ["keydown", (event) => this.#key(event)],
    ];
    for (const [type, listener] of listeners) this.addEventListener(type, listener);
    // The picture below must not take them for its own.
    for (const type of [...listeners.map(([name]) => name), "click", "pointerleave"]) {
      this.addEventListener(type, (event) => event.stopPropagation());
    }
  }

  /** @param {import("./common/vendor/lit.js").PropertyValues} changed */
  updated(changed) {
    const before = /** @type {import("./area-draft.js").Draft | undefined} */ (changed.get("draft"));
    // On a phone the button that asks for a new area is below the picture.
    if (this.draft.adding && before && !before.adding) this.scrollIntoView?.({ block: "nearest" });
  }

  render() {
    const { draft, drag, turned } = this;
    const [rows, columns] = sizeOf(turned);
    const chosen = chosenOf(draft);
    const others = draft.areas.filter((one) => one !== chosen);
    const usual = pathOf(others.filter(({ area }) => area.kind !== "ignore").map(({ points }) => points));
    const ignored = pathOf(others.filter(({ area }) => area.kind === "ignore").map(({ points }) => points));
    const rectangle = drag?.kind === "draw" ? drawn(drag.from, drag.to, turned) : null;
    return html`
      <svg viewBox="0 0 ${columns} ${rows}" preserveAspectRatio="none" aria-hidden="true">
        <path class="ignored" d=${ignored}></path>
        <path class="under" d=${usual}></path>
        <path class="over" d=${usual}></path>
        <path class="under" d=${pathOf(chosen ? [chosen.points] : [])}></path>
        <path class="chosen" d=${pathOf(chosen ? [chosen.points] : [])}></path>
        <path class="drawing" d=${pathOf(rectangle ? [rectangle] : [])}></path>
      </svg>
      ${draft.areas.map(({ area, points }) => html`<span class="name" style=${this.#place(endsOf(points)[0])}>${area.name}</span>`)}
      ${chosen ? this.#handles(chosen) : nothing}
    `;
  }

  /** @param {import("./area-draft.js").DraftArea} chosen */
  #handles({ area, points }) {
    const { texts } = this;
    const { name } = area;
    const corners = cornersOf(points);
    const [[top, left], [bottom, right]] = endsOf(points);
    const middles = corners.map(([row, column], index) => {
      const [nextRow, nextColumn] = corners[(index + 1) % corners.length];
      return /** @type {Point} */ ([(row + nextRow) / 2, (column + nextColumn) / 2]);
    });
    return html`
      <button type="button" class="whole" style=${this.#place([(top + bottom) / 2, (left + right) / 2])} aria-label=${texts("area_editor.whole", { name })}>
        <ha-icon icon="mdi:cursor-move"></ha-icon>
      </button>
      ${points.length === 2
        ? nothing
        : middles.map((point, index) => html`
            <button
              type="button"
              class="edge"
              style=${this.#place(point)}
              aria-label=${texts("area_editor.add_corner", { number: index + 1, name })}
              @click=${() => this.#change(withPoints(this.draft, withCornerAfter(points, index, this.turned)))}
            >+</button>
          `)}
      ${corners.map((point, index) => html`
        <button
          type="button"
          class="corner"
          data-corner=${index}
          style=${this.#place(point)}
          aria-label=${texts("area_editor.corner", { number: index + 1, name })}
        ></button>
      `)}
    `;
  }

  /** @param {Point} point */
  #place([row, column]) {
    const [rows, columns] = sizeOf(this.turned);
    return styleMap({ top: `${(row / rows) * 100}%`, left: `${(column / columns) * 100}%` });
  }

  /** @param {PointerEvent} event */
  #pointOf({ clientX, clientY }) {
    const { left, top, width, height } = this.getBoundingClientRect();
    const [rows, columns] = sizeOf(this.turned);
    return /** @type {Point} */ ([((clientY - top) / height) * rows, ((clientX - left) / width) * columns]);
  }

  /** @param {import("./area-draft.js").Draft} draft */
  #change(draft) {
    this.dispatchEvent(new CustomEvent("draft-changed", { detail: draft }));
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.button > 0 || this.drag) return;
    const [target] = /** @type {Element[]} */ (event.composedPath());
    if (target.closest?.(".edge")) return;
    const corner = target.closest?.("[data-corner]")?.getAttribute("data-corner");
    const from = this.#pointOf(event);
    const { areas, adding } = this.draft;
    this.setPointerCapture?.(event.pointerId);
    if (corner) {
      this.drag = { kind: "corner", corner: Number(corner) };
      return;
    }
    const found = adding ? undefined : areas[shapeAt(areas.map(({ points }) => points), from)];
    this.drag = found ? { kind: "move", from, points: found.points } : { kind: "draw", from, to: from };
    const chosen = found ? found.id : null;
    if (chosen !== this.draft.chosen && !adding) this.#change({ ...this.draft, chosen });
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const { drag, draft, turned } = this;
    if (!drag) return;
    const to = this.#pointOf(event);
    const chosen = chosenOf(draft);
    if (drag.kind === "draw") this.drag = { ...drag, to };
    else if (chosen && drag.kind === "corner") {
      this.#change(withPoints(draft, withCorner(chosen.points, drag.corner, to, turned)));
    } else if (chosen && drag.kind === "move") {
      const points = moved(drag.points, [to[0] - drag.from[0], to[1] - drag.from[1]], turned);
      // A finger that taps trembles: an area that is only chosen must not be changed.
      if (String(points) !== String(chosen.points)) this.#change(withPoints(draft, points));
    }
  }

  /** @param {PointerEvent} event */
  #up(event) {
    const { drag, draft, turned } = this;
    this.drag = null;
    if (drag?.kind !== "draw") return;
    const to = this.#pointOf(event);
    const points = drawn(drag.from, to, turned) ?? (draft.adding ? around(to, turned) : null);
    if (points) this.#change(withNew(draft, points, this.texts("area_editor.area")));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const chosen = chosenOf(this.draft);
    const [target] = /** @type {Element[]} */ (event.composedPath());
    if (!chosen) return;
    const { points } = chosen;
    const at = target.getAttribute?.("data-corner");
    const isWhole = target.classList?.contains("whole");
    const arrow = ARROWS[event.key];
    if (arrow && (at || isWhole)) {
      event.preventDefault();
      const length = STEP * (event.shiftKey ? FASTER : 1);
      const by = /** @type {Point} */ ([arrow[0] * length, arrow[1] * length]);
      const [row, column] = cornersOf(points)[Number(at ?? 0)];
      const next = at
        ? withCorner(points, Number(at), [row + by[0], column + by[1]], this.turned)
        : moved(points, by, this.turned);
      this.#change(withPoints(this.draft, next));
    } else if (event.key === "Delete" && at && points.length > 2) {
      event.preventDefault();
      this.#change(withPoints(this.draft, withoutCorner(points, Number(at))));
    } else if (event.key === "Delete" && isWhole) {
      event.preventDefault();
      this.#change(withoutChosen(this.draft));
    }
  }
}

define({ "battery-thermal-area-layer": AreaLayer });

/**
 * @param {Point} point
 * @param {import("./areas.js").Turned} turned
 * @returns {Point[]} a rectangle around it, inside the picture
 */
function around(point, turned) {
  const usual = inTheMiddle(turned);
  const [[top, left], [bottom, right]] = usual;
  const [row, column] = snappedPoint(point, turned);
  return moved(usual, [row - (top + bottom) / 2, column - (left + right) / 2], turned);
}

/**
 * @param {Point[][]} shapes
 * @returns {string} a path around each
 */
function pathOf(shapes) {
  return shapes.map((points) => `M${cornersOf(points).map(([row, column]) => `${column} ${row}`).join("L")}Z`).join("");
}
