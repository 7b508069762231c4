/**
 * What can be done with the selected boards, at the lower end of the page.
 *
 * Sends `board-action` with the action, the keys of the boards and an area; `select-all` with whether all or none
 * are to be selected; `selection-ended`.
 */

import { define } from "./common/define.js";
import { base } from "./common/styles.js";
import { LitElement, css, html, nothing } from "./common/vendor/lit.js";

/** @typedef {import("./selection.js").PossibleDeed} PossibleDeed */

/** Actions that are asked about before they are done. */
const ASKED = ["forget", "set_area"];

export class SelectionBar extends LitElement {
  static styles = [
    base,
    css`
      :host {
        position: sticky; bottom: 0; z-index: 3; padding: 8px 16px calc(8px + env(safe-area-inset-bottom, 0px));
        background: var(--card-background-color); border-top: 1px solid var(--line);
        border-radius: 0 0 var(--ha-card-border-radius, 12px) var(--ha-card-border-radius, 12px);
      }
      .row { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; }
      .count { flex: 1 0 auto; font-weight: 500; }
      .danger { border-color: var(--error-color); color: var(--error-text); }
      .asked { display: grid; gap: 8px; padding-bottom: 8px; }
      .asked h3 { font-size: 16px; font-weight: 500; }
      .outcome { display: grid; gap: 2px; padding-bottom: 8px; font-size: 14px; }
      .outcome li + li { color: var(--error-text); }
      select { background: var(--card-background-color); max-width: 100%; }
      @media (max-width: 600px) {
        .actions { flex: 1 0 100%; }
        .actions button { flex: 1 1 auto; }
      }
      .actions { display: flex; flex-wrap: wrap; gap: 8px; }
    `,
  ];
  static properties = {
    all: { attribute: false },
    areas: { attribute: false },
    busy: { attribute: false },
    count: { attribute: false },
    actions: { attribute: false },
    outcome: { attribute: false },
    texts: { attribute: false },
    area: { state: true },
    asked: { state: true },
  };

  constructor() {
    super();
    /** How many boards can be selected. */
    this.all = 0;
    /** @type {{area_id: string, name: string}[]} by name */
    this.areas = [];
    /** Whether Home Assistant has not answered yet. */
    this.busy = false;
    /** How many are selected. */
    this.count = 0;
    /** @type {PossibleDeed[]} */
    this.actions = [];
    /** @type {string[]} what became of the boards */
    this.outcome = [];
    /** @type {import("./common/texts.js").Texts} */
    this.texts = () => "";
    /** The area that was chosen; "": none. */
    this.area = "";
    /** @type {PossibleDeed | null} what the user is asked about */
    this.asked = null;
    this.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {import("./common/vendor/lit.js").PropertyValues} changed */
  willUpdate(changed) {
    // Other boards are selected: what was asked is about the ones before.
    if (this.asked && changed.has("actions")) {
      const now = this.actions.find(({ action }) => action === this.asked?.action);
      if (now?.keys.join() !== this.asked.keys.join()) this.asked = null;
    }
  }

  /** @param {import("./common/vendor/lit.js").PropertyValues} changed */
  updated(changed) {
    if (changed.has("asked") && this.asked) {
      /** @type {HTMLElement | null} */ (this.renderRoot.querySelector("[data-first]"))?.focus();
    }
  }

  render() {
    const { all, busy, count, texts } = this;
    const everything = all > 0 && count === all;
    return html`
      <div role="status">
        <ul class="outcome" ?hidden=${!this.outcome.length}>${this.outcome.map((line) => html`<li>${line}</li>`)}</ul>
      </div>
      ${this.asked ? this.#question(this.asked) : nothing}
      <div class="row">
        <span class="count" role="status">${texts(busy ? "select.busy" : "select.count", { count })}</span>
        <button type="button" @click=${() => this.#send("select-all", !everything)}>
          ${texts(everything ? "select.none" : "select.all")}
        </button>
        <button type="button" @click=${() => this.#send("selection-ended")}>${texts("select.end")}</button>
        <div class="actions" role="group" aria-label=${texts("select.actions")}>${this.actions.map((it) => this.#button(it))}</div>
      </div>
    `;
  }

  /** @param {PossibleDeed} possible */
  #button(possible) {
    const { action, icon } = possible;
    return html`
      <button
        type="button"
        data-action=${action}
        ?disabled=${!possible.possible}
        aria-disabled=${/* It keeps the focus while it waits. */ this.busy ? "true" : nothing}
        @click=${() => this.#press(possible)}
      >
        <ha-icon icon=${icon}></ha-icon>${this.texts(`select.${action}`)}
      </button>
    `;
  }

  /** @param {PossibleDeed} asked */
  #question(asked) {
    const { texts } = this;
    const count = asked.keys.length;
    const forgets = asked.action === "forget";
    const title = texts(forgets ? "select.forget_title" : "select.area_title", { count });
    return html`
      <div class="asked" role="group" aria-label=${title}>
        <h3>${title}</h3>
        ${forgets ? html`<p>${texts("select.forget_text", { count })}</p>` : this.#areaChoice()}
        <div class="row">
          <button type="button" ?data-first=${forgets} @click=${() => this.#cancel()}>${texts("select.cancel")}</button>
          <button type="button" class=${forgets ? "danger" : ""} data-confirm @click=${() => this.#do(asked)}>
            ${texts(forgets ? "select.forget_confirm" : "select.area_confirm", { count })}
          </button>
        </div>
      </div>
    `;
  }

  #areaChoice() {
    const { area, texts } = this;
    return html`
      <select
        data-first
        aria-label=${texts("select.area")}
        @change=${(/** @type {Event} */ event) => (this.area = /** @type {HTMLSelectElement} */ (event.target).value)}
      >
        <option value="" ?selected=${area === ""}>${texts("select.no_area")}</option>
        ${this.areas.map(
          ({ area_id: id, name }) => html`<option value=${id} ?selected=${area === id}>${name}</option>`,
        )}
      </select>
    `;
  }

  /** @param {PossibleDeed} possible */
  #press(possible) {
    if (this.busy) return;
    if (ASKED.includes(possible.action)) this.asked = possible;
    else this.#do(possible);
  }

  /** @param {PossibleDeed} possible */
  #do({ action, keys }) {
    this.asked = null;
    this.#send("board-action", { action, keys, area: this.area || null });
  }

  #cancel() {
    this.asked = null;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Escape" || !this.asked) return;
    event.stopPropagation();
    this.#cancel();
  }

  /**
   * @param {string} type
   * @param {unknown} [detail]
   */
  #send(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

define({ "esp32-sensors-selection": SelectionBar });
