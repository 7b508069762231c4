/** What is beside the picture while areas are drawn: which area, its name, kind, shape and limits. */

import { MOST_AREAS, changesOf, chosenOf, isNothing, isTooMany, withNew, withPoints, withValues, withoutChosen } from "./area-draft.js";
import { asPolygon, asRectangle, inTheMiddle } from "./area-shapes.js";
import { define } from "./common/define.js";
import { base } from "./common/styles.js";
import "./grid-form.js";
import { frameOf, isDragged } from "./grid-frame.js";
import { LitElement, css, html, live, nothing } from "./common/vendor/lit.js";
import { fromUnit, inUnit } from "./scale.js";

const KINDS = /** @type {const} */ (["cell", "terminal", "bus_bar", "other", "ignore"]);

/** Characters of a name. */
const LONGEST_NAME = 60;

/** @typedef {"emissivity" | "highest" | "warning" | "alarm"} Key */

/** Numbers of an area, and what they are; empty: those of the node hold. */
/** @type {[Key, "number" | "temperature" | "difference"][]} */
const NUMBERS = [["highest", "temperature"], ["warning", "difference"], ["alarm", "difference"], ["emissivity", "number"]];

/** Sends `draft-changed` with another draft, `areas-save` and `areas-cancel`. */
export class AreaEditor extends LitElement {
  static styles = [
    base,
    css`
      section { display: grid; gap: 12px; padding: 12px; border: 1px solid var(--primary-color); border-radius: 10px; }
      h3 { margin: 0; font-size: 16px; font-weight: 500; outline: none; }
      .chips, .acts { display: flex; flex-wrap: wrap; gap: 8px; }
      .chips button { max-width: 100%; overflow-wrap: anywhere; }
      .fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; }
      label { display: grid; gap: 4px; grid-template-rows: 1fr auto; align-items: end; font-size: 13px; }
      input, select { width: 100%; font-size: 15px; }
      select { background: var(--card-background-color); }
      summary { min-height: 44px; line-height: 44px; cursor: pointer; }
      .main { background: var(--chosen); border-color: var(--primary-color); }
      .help { font-size: 14px; }
      .fields + .help { margin-top: 8px; }
    `,
  ];
  static properties = {
    busy: { attribute: false },
    draft: { attribute: false },
    error: { attribute: false },
    look: { attribute: false },
    texts: { attribute: false },
    write: { attribute: false },
  };

  constructor() {
    super();
    /** Whether it is being saved. */
    this.busy = false;
    /** @type {import("./area-draft.js").Draft} */
    this.draft = /** @type {any} */ (null);
    /** What went wrong; "": nothing. */
    this.error = "";
    /** @type {import("./nodes.js").Look} with which the draft was begun */
    this.look = /** @type {any} */ (null);
    /** @type {import("./common/texts.js").Texts} */
    this.texts = () => "";
    /** @type {import("./home-assistant.js").Writer} */
    this.write = /** @type {any} */ (String);
  }

  /** @param {FocusOptions} [options] */
  focus(options) {
    this.updateComplete.then(() => /** @type {HTMLElement} */ (this.renderRoot.querySelector("h3")).focus(options));
  }

  render() {
    const { busy, draft, error, look, texts } = this;
    const chosen = chosenOf(draft);
    const { frame } = draft;
    const isChanged = !isNothing(changesOf(draft, look));
    const isFull = draft.areas.length >= MOST_AREAS;
    const tooMany = isTooMany(draft, look);
    const waits = (frame ? isDragged(frame, look) : isChanged) ? texts("area_editor.grid_waits") : "";
    return html`
      <section aria-label=${texts("area_editor.title")}>
        <h3 tabindex="-1">${texts("area_editor.title")}</h3>
        <p class="help secondary">${texts(helpOf(draft))}</p>
        <div class="chips">
          ${frame ? nothing : draft.areas.map(({ id, area }) => html`
            <button type="button" aria-pressed=${id === draft.chosen ? "true" : "false"} @click=${() => this.#choose(id)}>${area.name}</button>
          `)}
          ${frame
            ? nothing
            : html`<button type="button" class="add" aria-pressed=${draft.adding ? "true" : "false"} ?disabled=${isFull} @click=${this.#add}>
                <ha-icon icon="mdi:plus"></ha-icon>${texts("area_editor.add")}
              </button>`}
          <button
            type="button"
            class="grid"
            aria-pressed=${frame ? "true" : "false"}
            title=${waits}
            ?disabled=${Boolean(waits)}
            @click=${this.#grid}
          >
            <ha-icon icon="mdi:grid"></ha-icon>${texts("area_editor.grid")}
          </button>
        </div>
        <p class="waits help secondary" ?hidden=${!waits || Boolean(frame)}>${waits}</p>
        <p class="full help secondary" ?hidden=${!isFull || tooMany || Boolean(frame)}>${texts("area_editor.too_many_areas")}</p>
        ${frame
          ? html`<battery-thermal-grid-form
              .frame=${frame}
              .texts=${texts}
              @frame-changed=${(/** @type {CustomEvent} */ { detail }) => this.#change({ ...draft, frame: detail })}
            ></battery-thermal-grid-form>`
          : nothing}
        ${chosen ? this.#form(chosen) : nothing}
        <p class="error" role="alert" ?hidden=${!(error || tooMany)}>${tooMany ? texts("area_editor.too_many_areas") : error}</p>
        <div class="acts">
          <button
            type="button"
            class="main save"
            ?disabled=${busy || !isChanged || tooMany}
            @click=${() => this.dispatchEvent(new CustomEvent("areas-save"))}
          >
            ${texts(busy ? "area_editor.saving" : "area_editor.save")}
          </button>
          <button type="button" class="cancel" ?disabled=${busy} @click=${() => this.dispatchEvent(new CustomEvent("areas-cancel"))}>
            ${texts("area_editor.cancel")}
          </button>
        </div>
      </section>
    `;
  }

  /** @param {import("./area-draft.js").DraftArea} chosen */
  #form({ area, points }) {
    const { draft, texts } = this;
    const isPolygon = points.length > 2;
    return html`
      <div class="fields">
        <label>
          <span>${texts("area_editor.name")}</span>
          <input
            class="name"
            maxlength=${LONGEST_NAME}
            .value=${live(area.name)}
            @input=${(/** @type {InputEvent} */ event) => this.#set({ name: valueOf(event) })}
          />
        </label>
        <label>
          <span>${texts("area_editor.kind")}</span>
          <select
            class="kind"
            .value=${live(area.kind)}
            @change=${(/** @type {Event} */ event) => this.#set({ kind: /** @type {any} */ (valueOf(event)) })}
          >
            ${KINDS.map((kind) => html`<option value=${kind} ?selected=${kind === area.kind}>${texts(`area_editor.kind_${kind}`)}</option>`)}
          </select>
        </label>
      </div>
      <div class="acts">
        <button
          type="button"
          class="rectangle"
          aria-pressed=${isPolygon ? "false" : "true"}
          @click=${() => isPolygon && this.#change(withPoints(draft, asRectangle(points)))}
        >
          <ha-icon icon="mdi:rectangle-outline"></ha-icon>${texts("area_editor.rectangle")}
        </button>
        <button
          type="button"
          class="polygon"
          aria-pressed=${isPolygon ? "true" : "false"}
          @click=${() => isPolygon || this.#change(withPoints(draft, asPolygon(points)))}
        >
          <ha-icon icon="mdi:vector-polygon"></ha-icon>${texts("area_editor.polygon")}
        </button>
        <button type="button" class="delete" @click=${() => this.#change(withoutChosen(draft))}>
          <ha-icon icon="mdi:delete-outline"></ha-icon>${texts("area_editor.delete")}
        </button>
      </div>
      ${area.kind === "ignore" ? nothing : this.#limits(area)}
    `;
  }

  /** @param {import("./nodes.js").Area} area */
  #limits(area) {
    const { texts, write } = this;
    return html`
      <details>
        <summary>${texts("area_editor.limits")}</summary>
        <div class="fields">
          ${NUMBERS.map(([key, quantity]) => html`
            <label>
              <span>${texts(`area_editor.${key}`)}${quantity === "number" ? "" : ` (${unitOf(quantity, write.unit)})`}</span>
              <input
                type="number"
                step=${quantity === "number" ? 0.01 : 0.1}
                data-number=${key}
                .value=${live(shown(area[key], quantity, write.unit))}
                @change=${(/** @type {Event} */ event) => this.#set({ [key]: stored(valueOf(event), quantity, write.unit) })}
              />
            </label>
          `)}
        </div>
        <p class="help secondary">${texts("area_editor.limits_help")}</p>
      </details>
    `;
  }

  /** @param {string} id */
  #choose(id) {
    this.#change({ ...this.draft, adding: false, chosen: id === this.draft.chosen ? null : id });
  }

  /** @param {MouseEvent} event */
  #add({ detail }) {
    const { draft, look, texts } = this;
    // By key: there is no pointer to draw with.
    if (detail === 0) this.#change(withNew(draft, inTheMiddle(look), texts("area_editor.area")));
    else this.#change({ ...draft, adding: !draft.adding, chosen: null });
  }

  #grid() {
    const { draft, look } = this;
    this.#change({ ...draft, adding: false, chosen: null, frame: draft.frame ? null : frameOf(look) });
  }

  /** @param {Partial<import("./nodes.js").Area>} values of the chosen area */
  #set(values) {
    this.#change(withValues(this.draft, values));
  }

  /** @param {import("./area-draft.js").Draft} draft */
  #change(draft) {
    // Another change may come before the card has rendered this one.
    this.draft = draft;
    this.dispatchEvent(new CustomEvent("draft-changed", { detail: draft }));
  }
}

define({ "battery-thermal-area-editor": AreaEditor });

/**
 * @param {import("./area-draft.js").Draft} draft
 * @returns {string} key of the text that says what can be done now
 */
function helpOf({ adding, frame }) {
  if (frame) return "area_editor.help_grid";
  return adding ? "area_editor.help_draw" : "area_editor.help";
}

/** @param {Event} event */
const valueOf = (event) => /** @type {HTMLInputElement} */ (event.target).value;

/**
 * @param {"number" | "temperature" | "difference"} quantity
 * @param {string} unit of temperatures
 */
const unitOf = (quantity, unit) => (quantity === "difference" && unit !== "°F" ? "K" : unit);

/**
 * @param {number | null} value °C or K
 * @param {"number" | "temperature" | "difference"} quantity
 * @param {string} unit of temperatures
 * @returns {string} as it is shown
 */
function shown(value, quantity, unit) {
  if (value === null) return "";
  if (quantity === "number") return String(value);
  const inOwn = quantity === "temperature" ? inUnit(value, unit) : value * (unit === "°F" ? 1.8 : 1);
  return String(Math.round(inOwn * 10) / 10);
}

/**
 * @param {string} text
 * @param {"number" | "temperature" | "difference"} quantity
 * @param {string} unit of temperatures
 * @returns {number | null} as it is stored: °C or K; null: none
 */
function stored(text, quantity, unit) {
  const value = Number.parseFloat(text);
  if (!Number.isFinite(value)) return null;
  if (quantity === "temperature") return fromUnit(value, unit);
  return quantity === "difference" && unit === "°F" ? value / 1.8 : value;
}
