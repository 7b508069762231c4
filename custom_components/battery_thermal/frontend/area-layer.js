/** The areas over the picture while they are drawn: each corner is a handle for finger, mouse and keys. */

import { chosenOf, withNew, withPoints, withoutChosen } from "./area-draft.js";
import { STEP, drawn, endsOf, inTheMiddle, moved, shapeAt, snappedPoint, withCorner, withCornerAfter, withoutCorner } from "./area-shapes.js";
import { cornersOf, sizeOf } from "./areas.js";
import { define } from "./common/define.js";
import { base } from "./common/styles.js";
import { LitElement, css, html, nothing } from "./common/vendor/lit.js";
import { ARROWS, FASTER, layerStyles, listen, pathOf, pointOf, styleAt } from "./layer.js";

/** @typedef {import("./areas.js").Point} Point */

/**
 * What a pointer does: it draws from a point, or moves a corner, or all of an area.
 *
 * @typedef {{pointer: number} & ({kind: "draw", from: Point, to: Point} | {kind: "corner", corner: number}
 *   | {kind: "move", from: Point, points: Point[]})} Drag
 */

/** CSS pixels that a handle has at least, and that it leaves free in the middle of its area. */
const LEAST = 24;

/** Sends `draft-changed` with another draft. */
export class AreaLayer extends LitElement {
  static styles = [
    base,
    layerStyles,
    css`
      .drawing { stroke: #40c4ff; stroke-width: 2; stroke-dasharray: 5 4; }
      /* Home Assistant's targets for fingers are as large. */
      :host { --target: 32px; }
      @media (pointer: coarse) { :host { --target: 44px; } }
      .corner { min-width: 0; min-height: 0; }
      .names { position: absolute; inset: 0; overflow: hidden; pointer-events: none; }
      .edge { min-width: 24px; min-height: 24px; font-size: 14px; line-height: 1; text-shadow: 0 0 3px #000; background: rgba(2, 119, 189, 0.7); }
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
    listen(this, [
      ["pointerdown", (event) => this.#down(event)],
      ["pointermove", (event) => this.#move(event)],
      ["pointerup", (event) => this.#up(event)],
      ["pointercancel", (event) => this.#end(event)],
      ["lostpointercapture", (event) => this.#end(event)],
      ["keydown", (event) => this.#key(event)],
    ]);
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
      <div class="names">
        ${draft.areas.map(({ area, points }) => html`<span class="name" style=${styleAt(endsOf(points)[0], turned)}>${area.name}</span>`)}
      </div>
      ${chosen ? this.#handles(chosen) : nothing}
    `;
  }

  /** @param {import("./area-draft.js").DraftArea} chosen */
  #handles({ area, points }) {
    const { texts, turned } = this;
    const { name } = area;
    const corners = cornersOf(points);
    const [[top, left], [bottom, right]] = endsOf(points);
    const middles = corners.map(([row, column], index) => {
      const [nextRow, nextColumn] = corners[(index + 1) % corners.length];
      return /** @type {Point} */ ([(row + nextRow) / 2, (column + nextColumn) / 2]);
    });
    return html`
      <button type="button" class="whole" style=${styleAt([(top + bottom) / 2, (left + right) / 2], turned)} aria-label=${texts("area_editor.whole", { name })}>
        <ha-icon icon="mdi:cursor-move"></ha-icon>
      </button>
      ${points.length === 2
        ? nothing
        : middles.map((point, index) => html`
            <button
              type="button"
              class="edge"
              style=${styleAt(point, turned)}
              aria-label=${texts("area_editor.add_corner", { number: index + 1, name })}
              @click=${() => this.#change(withPoints(this.draft, withCornerAfter(points, index, this.turned)))}
            >+</button>
          `)}
      ${corners.map((point, index) => html`
        <button
          type="button"
          class="corner"
          data-corner=${index}
          style=${cornerAt(point, points, turned)}
          aria-label=${texts("area_editor.corner", { number: index + 1, name })}
        ></button>
      `)}
    `;
  }

  /** @param {import("./area-draft.js").Draft} draft */
  #change(draft) {
    // Another change may come before the card has rendered this one.
    this.draft = draft;
    this.dispatchEvent(new CustomEvent("draft-changed", { detail: draft }));
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.button > 0 || this.drag) return;
    const [target] = /** @type {Element[]} */ (event.composedPath());
    if (target.closest?.(".edge")) return;
    const corner = target.closest?.("[data-corner]")?.getAttribute("data-corner");
    const from = pointOf(this, event, this.turned);
    const { areas, adding } = this.draft;
    const { pointerId: pointer } = event;
    this.setPointerCapture?.(pointer);
    if (corner) {
      this.drag = { pointer, kind: "corner", corner: Number(corner) };
      return;
    }
    const found = adding ? undefined : areas[shapeAt(areas.map(({ points }) => points), from)];
    this.drag = found
      ? { pointer, kind: "move", from, points: found.points }
      : { pointer, kind: "draw", from, to: from };
    const chosen = found ? found.id : null;
    if (chosen !== this.draft.chosen && !adding) this.#change({ ...this.draft, chosen });
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const { drag, draft, turned } = this;
    if (!drag || drag.pointer !== event.pointerId) return;
    const to = pointOf(this, event, this.turned);
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
    if (!this.#end(event) || drag?.kind !== "draw") return;
    const to = pointOf(this, event, this.turned);
    const points = drawn(drag.from, to, turned) ?? (draft.adding ? around(to, turned) : null);
    if (points) this.#change(withNew(draft, points, this.texts("area_editor.area")));
  }

  /**
   * @param {PointerEvent} event
   * @returns {boolean} whether it has ended what its pointer did
   */
  #end({ pointerId }) {
    if (this.drag?.pointer !== pointerId) return false;
    this.drag = null;
    return true;
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
 * @param {Point} point a corner
 * @param {Point[]} points of its area
 * @param {import("./areas.js").Turned} turned
 * @returns the style of its handle: as large as a finger needs where that leaves room to take hold of the area itself
 */
function cornerAt(point, points, turned) {
  const [[top, left], [bottom, right]] = endsOf(points);
  const [rows, columns] = sizeOf(turned);
  const side = (/** @type {number} */ share) => `clamp(${LEAST}px, calc(${share * 100}% - ${LEAST}px), var(--target))`;
  return styleAt(point, turned, { width: side((right - left) / columns), height: side((bottom - top) / rows) });
}
