/** What the live and the history page have in common: several boards are selected, and something is done with them. */

import { BoardCard } from "./board-card.js";
import { errorText } from "./common/texts.js";
import { css, html, nothing } from "./common/vendor/lit.js";
import { areasOf } from "./home-assistant.js";
import { followJoinRequests } from "./join-requests.js";
import { selectBox, selectStyles } from "./select-box.js";
import "./selection-bar.js";
import { outcomeLines, possibleActions } from "./selection.js";

export const selectingStyles = [
  selectStyles,
  css`
    ha-card[data-selecting] { overflow: visible; }
    .requests { display: grid; gap: 8px; margin: 16px 16px 0; }
    .requests li {
      display: flex; align-items: center; gap: 8px; min-height: 44px; padding: 0 12px;
      border: 1px solid var(--primary-color); border-radius: 10px;
    }
    .requests .select { margin: 0 0 0 -12px; }
  `,
];

/** The key that a board will have when it has joined. */
const keyOf = (/** @type {import("./join-requests.js").JoinRequest} */ { network, mac }) => `${network}/${mac}`;

/** @abstract */
export class SelectingCard extends BoardCard {
  /** @type {(keyof Hass)[]} */
  static used = [...BoardCard.used, "areas"];
  /** @type {import("./common/vendor/lit.js").PropertyDeclarations} */
  static properties = {
    asking: { state: true },
    busy: { state: true },
    outcome: { state: true },
    selected: { state: true },
    selecting: { state: true },
  };

  constructor() {
    super();
    /** @type {import("./join-requests.js").JoinRequest[]} boards that wait for this administrator's decision */
    this.asking = [];
    /** Whether Home Assistant has not answered yet. */
    this.busy = false;
    /** @type {string[]} what became of the boards, in words */
    this.outcome = [];
    /** @type {ReadonlySet<string>} keys */
    this.selected = new Set();
    /** Whether boards can be selected now. */
    this.selecting = false;
    this.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.selecting) this.endSelection();
    });
  }

  follow() {
    const unfollow = super.follow();
    if (this.config.device || !this.isAdmin) return unfollow;
    const unfollowRequests = followJoinRequests(this.hass, (requests) => (this.asking = requests));
    return () => {
      unfollow();
      unfollowRequests();
    };
  }

  /** The boards that wait to join the network of this card. */
  get requests() {
    const { network: wanted } = this.config;
    return this.asking.filter(({ network }) => !wanted || network === wanted);
  }

  /** @param {import("./boards.js").Titled[]} shown */
  selectButton(shown) {
    // Who may control nothing can do nothing with several boards.
    if (!this.isAdmin && !shown.some(({ board }) => board.control)) return nothing;
    return html`
      <button
        type="button"
        data-select
        aria-pressed=${this.selecting ? "true" : "false"}
        @click=${() => (this.selecting ? this.endSelection() : (this.selecting = true))}
      >
        <ha-icon icon="mdi:checkbox-multiple-marked-outline"></ha-icon>
        ${this.texts("select.select")}
      </button>
    `;
  }

  /** The boards that wait to join, to be selected. */
  requestList() {
    if (!this.selecting || !this.requests.length) return nothing;
    return html`
      <ul class="requests">
        ${this.requests.map(
          (request) => html`
            <li>${this.#requestBox(request)}<span>${this.texts("select.wants_to_join", { mac: request.mac })}</span></li>
          `,
        )}
      </ul>
    `;
  }

  /** @param {import("./join-requests.js").JoinRequest} request */
  #requestBox(request) {
    const key = keyOf(request);
    const label = this.texts("select.board", { name: request.mac });
    return selectBox(label, this.selected.has(key), (selected) => this.select(key, selected));
  }

  /** @param {import("./boards.js").Titled[]} shown the boards that can be selected */
  selectionBar(shown) {
    if (!this.selecting) return nothing;
    const all = this.#selectable(shown);
    const selected = all.filter(({ key }) => this.selected.has(key));
    const viewer = { isAdmin: this.isAdmin, anyWaits: this.requests.length > 0 };
    return html`
      <esp32-sensors-selection
        .all=${all.length}
        .areas=${areasOf(this.hass)}
        .busy=${this.busy}
        .count=${selected.length}
        .actions=${possibleActions(selected, viewer)}
        .outcome=${this.outcome}
        .texts=${this.texts}
        @board-action=${(/** @type {CustomEvent} */ event) => this.#do(event.detail)}
        @select-all=${(/** @type {CustomEvent} */ event) => {
          this.selected = new Set(event.detail ? all.map(({ key }) => key) : []);
        }}
        @selection-ended=${() => this.endSelection()}
      ></esp32-sensors-selection>
    `;
  }

  /**
   * @param {string} key
   * @param {boolean} selected
   */
  select(key, selected) {
    const keys = new Set(this.selected);
    if (selected) keys.add(key);
    else keys.delete(key);
    this.selected = keys;
    this.outcome = [];
  }

  endSelection() {
    this.selecting = false;
    this.selected = new Set();
    this.outcome = [];
  }

  /**
   * @param {import("./boards.js").Titled[]} shown
   * @returns {import("./selection.js").Selectable[]}
   */
  #selectable(shown) {
    const waiting = this.requests.map((it) => ({ key: keyOf(it), label: it.mac, waits: true, usable: false }));
    const boards = shown.map(({ board, title }) => ({
      key: board.key,
      label: title,
      waits: false,
      usable: board.online && board.control,
    }));
    return [...waiting, ...boards];
  }

  /** @param {{action: string, keys: string[], area: string | null}} asked */
  async #do({ action, keys, area }) {
    const { hass, texts } = this;
    this.busy = true;
    this.outcome = [];
    try {
      const area_id = action === "set_area" ? { area_id: area } : {};
      const { errors } = await hass.callWS({ type: "esp32_sensors/many_boards", action, boards: keys, ...area_id });
      // A forgotten board that joins again has the same key: it is another one, which nobody has selected.
      const isForgotten = (/** @type {string} */ key) => action === "forget" && errors[key] === null;
      this.selected = new Set([...this.selected].filter((key) => !isForgotten(key)));
      const failed = Object.values(errors).filter(Boolean);
      this.outcome = outcomeLines(await Promise.all(failed.map((error) => errorText(hass, error))), keys.length, texts);
    } catch (error) {
      this.outcome = outcomeLines([(await errorText(hass, error)) || texts("select.failed")], keys.length, texts).slice(1);
    }
    this.busy = false;
  }
}
