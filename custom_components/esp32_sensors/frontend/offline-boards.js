/** How many boards are offline; opened, which ones, and when each was last seen. */

import { define } from "./common/define.js";
import { go } from "./common/navigate.js";
import { base } from "./common/styles.js";
import { LitElement, css, html, nothing, repeat } from "./common/vendor/lit.js";

export class OfflineBoards extends LitElement {
  static styles = [
    base,
    css`
      :host { display: contents; }
      ul { flex-basis: 100%; order: 1; display: grid; gap: 0 16px; grid-template-columns: repeat(auto-fill, minmax(min(260px, 100%), 1fr)); }
      li { display: flex; flex-wrap: wrap; align-items: center; gap: 0 8px; min-height: 44px; border-top: 1px solid var(--line); }
      li a { color: inherit; font-weight: 500; }
      li b { font-weight: 500; }
      li span { margin-left: auto; font-size: 13px; }
    `,
  ];
  static properties = {
    boards: { attribute: false },
    opened: { state: true },
    texts: { attribute: false },
    time: { attribute: false },
  };

  constructor() {
    super();
    /** @type {import("./boards.js").Titled[]} */
    this.boards = [];
    this.opened = false;
    /** @type {import("./common/texts.js").Texts} */
    this.texts = () => "";
    /** @type {(seconds: number) => string} how to write a day and a time */
    this.time = String;
  }

  render() {
    const { boards, opened, texts } = this;
    if (!boards.length) return nothing;
    return html`
      <button type="button" aria-expanded=${opened ? "true" : "false"} @click=${() => (this.opened = !opened)}>
        <ha-icon icon=${opened ? "mdi:chevron-up" : "mdi:chevron-down"}></ha-icon>${texts("live.offline", { count: boards.length })}
      </button>
      <ul ?hidden=${!opened}>
        ${repeat(boards, ({ board }) => board.key, (titled) => this.#board(titled))}
      </ul>
    `;
  }

  /** @param {import("./boards.js").Titled} titled */
  #board({ board: { last_seen: seen }, path, title }) {
    const { texts, time } = this;
    return html`
      <li>
        ${path ? html`<a href=${path} @click=${go}>${title}</a>` : html`<b>${title}</b>`}
        <span class="secondary">${seen === null ? texts("live.never_seen") : texts("live.last_seen", { time: time(seen) })}</span>
      </li>
    `;
  }
}

define({ "esp32-sensors-offline": OfflineBoards });
