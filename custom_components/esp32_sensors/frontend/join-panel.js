/** The banner about boards that want to join; opened, the boards, with name and area to choose. */

import { bannerStyles } from "./banner.js";
import { define } from "./common/define.js";
import { base } from "./common/styles.js";
import { LitElement, css, html, nothing, repeat } from "./common/vendor/lit.js";

/**
 * @callback Decide
 * @param {import("./join-requests.js").JoinRequest} request
 * @param {import("./join-requests.js").Decision} decision
 * @returns {Promise<string>} what went wrong; "": nothing
 */

const keyOf = (/** @type {import("./join-requests.js").JoinRequest} */ { network, mac }) => `${network}/${mac}`;

export class JoinPanel extends LitElement {
  static styles = [
    base,
    bannerStyles,
    css`
      .panel { border: 1px solid var(--line); border-radius: 10px; padding: 12px 16px; margin-top: 8px; display: grid; gap: 12px; }
      form { display: flex; flex-wrap: wrap; align-items: flex-end; gap: 8px 12px; border-top: 1px solid var(--line); padding-top: 12px; }
      .who { flex: 1 1 180px; align-self: center; display: grid; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
      label { flex: 1 1 150px; max-width: 280px; display: grid; gap: 4px; font-size: 13px; }
      label input, label select { width: 100%; font-size: 15px; background: var(--card-background-color); }
      .accept { border-color: var(--primary-color); }
      .error, .effect { flex-basis: 100%; }
      .effect { font-size: 13px; line-height: 1.5; }
    `,
  ];
  static properties = {
    areas: { attribute: false },
    boards: { attribute: false },
    decide: { attribute: false },
    opened: { state: true },
    outcomes: { state: true },
    replaced: { state: true },
    requests: { attribute: false },
    texts: { attribute: false },
  };

  constructor() {
    super();
    /** @type {HassArea[]} in the order in which they are offered */
    this.areas = [];
    /** @type {import("./boards.js").Titled[]} those that may be replaced */
    this.boards = [];
    /** @type {Decide} */
    this.decide = async () => "";
    this.opened = false;
    /** @type {Map<string, string | null>} what came of a decision, by board; null: not known yet */
    this.outcomes = new Map();
    /** @type {Map<string, string>} address of the board that one is to replace, by board; "": none */
    this.replaced = new Map();
    /** @type {import("./join-requests.js").JoinRequest[]} */
    this.requests = [];
    /** @type {import("./common/texts.js").Texts} */
    this.texts = () => "";
  }

  /** @param {import("./common/vendor/lit.js").PropertyValues} changed */
  willUpdate(changed) {
    if (!changed.has("requests")) return;
    // A board may ask again, after it was forgotten: nothing was decided about that.
    const waiting = new Set(this.requests.map(keyOf));
    const ofWaiting = (/** @type {[string, unknown]} */ [key]) => waiting.has(key);
    this.outcomes = new Map([...this.outcomes].filter(ofWaiting));
    this.replaced = new Map([...this.replaced].filter(ofWaiting));
  }

  updated() {
    // The list has another order when a board goes offline: what is shown stays what was chosen.
    const chosen = new Map(this.requests.map((request) => [keyOf(request), this.#replacedBy(request)]));
    for (const select of this.renderRoot.querySelectorAll("select")) {
      const board = chosen.get(select.dataset.request ?? "");
      // Not if it is the same: the list may be open.
      if (board !== undefined && select.value !== board) select.value = board;
    }
  }

  render() {
    const { opened, requests, texts } = this;
    if (!requests.length) return nothing;
    return html`
      <div role="status">
        <button type="button" class="banner" aria-expanded=${opened ? "true" : "false"} @click=${() => (this.opened = !opened)}>
          <ha-icon icon="mdi:account-clock-outline"></ha-icon>
          <span>${texts("live.asking", { count: requests.length })}</span>
          <b>${texts(opened ? "join.close" : "live.review")}</b>
        </button>
      </div>
      <div class="panel" ?hidden=${!opened}>
        <p class="secondary">${texts("join.hint")}</p>
        ${repeat(requests, keyOf, (request) => this.#request(request))}
      </div>
    `;
  }

  /** @param {import("./join-requests.js").JoinRequest} request */
  #request(request) {
    const { areas, outcomes, requests, texts } = this;
    const outcome = outcomes.get(keyOf(request));
    const busy = outcome === null || outcome === "";
    const several = requests.some(({ network }) => network !== request.network);
    const replaced = this.#replacedBy(request);
    return html`
      <form @submit=${(/** @type {SubmitEvent} */ event) => this.#accept(event, request)}>
        <span class="who">${request.mac}${several ? html`<span class="secondary">${request.title}</span>` : nothing}</span>
        ${this.#replacement(request)}
        <label ?hidden=${Boolean(replaced)}>
          <span>${texts("join.name")}</span>
          <input name="name" maxlength="29" autocomplete="off" placeholder=${texts("join.name_default")} />
        </label>
        <label ?hidden=${Boolean(replaced)}>
          <span>${texts("join.area")}</span>
          <select name="area">
            <option value="">${texts("join.area_none")}</option>
            ${repeat(areas, ({ area_id: id }) => id, ({ area_id: id, name }) => html`<option value=${id}>${name}</option>`)}
          </select>
        </label>
        <button type="submit" class="accept" ?disabled=${busy}>${texts(replaced ? "replace.open" : "join.accept")}</button>
        <button type="button" class="refuse" ?disabled=${busy} @click=${() => this.#decide(request, { kind: "refuse" })}>
          ${texts("join.refuse")}
        </button>
        <p class="effect secondary" ?hidden=${!replaced}>${texts("join.effect")}</p>
        <p class="error" role="alert" ?hidden=${!outcome}>${outcome ?? ""}</p>
      </form>
    `;
  }

  /**
   * The choice of a board whose place it takes: those that are offline first.
   *
   * @param {import("./join-requests.js").JoinRequest} request
   */
  #replacement(request) {
    const { texts } = this;
    const boards = this.#replaceable(request);
    if (!boards.length) return nothing;
    const change = (/** @type {Event} */ { target }) => {
      const { value } = /** @type {HTMLSelectElement} */ (target);
      this.replaced = new Map([...this.replaced, [keyOf(request), value]]);
    };
    return html`
      <label>
        <span>${texts("join.replaces")}</span>
        <select name="replaces" data-request=${keyOf(request)} @change=${change}>
          <option value="">${texts("join.replaces_none")}</option>
          ${boards.map(
            ({ board, title }) =>
              html`<option value=${board.mac}>${title}${board.online ? "" : ` (${texts("history.offline")})`}</option>`,
          )}
        </select>
      </label>
    `;
  }

  /** @param {import("./join-requests.js").JoinRequest} request */
  #replaceable({ network }) {
    const own = this.boards.filter(({ board }) => board.network === network);
    return [...own.filter(({ board }) => !board.online), ...own.filter(({ board }) => board.online)];
  }

  /**
   * @param {import("./join-requests.js").JoinRequest} request
   * @returns {string} the address of the board whose place it is to take; "": it is a new one
   */
  #replacedBy(request) {
    const chosen = this.replaced.get(keyOf(request));
    return this.#replaceable(request).some(({ board }) => board.mac === chosen) ? /** @type {string} */ (chosen) : "";
  }

  /**
   * @param {SubmitEvent} event
   * @param {import("./join-requests.js").JoinRequest} request
   */
  #accept(event, request) {
    event.preventDefault();
    const board = this.#replacedBy(request);
    if (board) return this.#decide(request, { kind: "replace", board });
    const form = /** @type {HTMLFormElement} */ (event.currentTarget);
    const { value: name } = /** @type {HTMLInputElement} */ (form.querySelector("input"));
    const { value: area } = /** @type {HTMLSelectElement} */ (form.querySelector("[name=area]"));
    return this.#decide(request, { kind: "accept", name, area });
  }

  /**
   * @param {import("./join-requests.js").JoinRequest} request
   * @param {import("./join-requests.js").Decision} decision
   */
  async #decide(request, decision) {
    this.#note(request, null);
    // Without an error the board is gone from the list within a second.
    this.#note(request, await this.decide(request, decision));
  }

  /**
   * @param {import("./join-requests.js").JoinRequest} request
   * @param {string | null} outcome
   */
  #note(request, outcome) {
    const key = keyOf(request);
    // The answer may come after the board is gone from the list.
    if (this.requests.some((it) => keyOf(it) === key)) this.outcomes = new Map([...this.outcomes, [key, outcome]]);
  }
}

define({ "esp32-sensors-join": JoinPanel });
