/**
 * The button that lets a board's LED blink, so that somebody finds the board.
 *
 * Sends `identify-ended` with what went wrong, "" when it is pressed and when nothing did.
 */

import { define } from "./common/define.js";
import { base } from "./common/styles.js";
import { LitElement, css, html, nothing } from "./common/vendor/lit.js";

export class IdentifyButton extends LitElement {
  static styles = [
    base,
    css`
      button { border: none; padding: 0; color: var(--secondary-text-color); }
      button[aria-busy="true"] { color: var(--primary-color); }
      button[aria-busy="true"] ha-icon { animation: blink 0.5s infinite alternate; }
      @keyframes blink { to { opacity: 0.25; } }
    `,
  ];
  static properties = {
    board: { attribute: false },
    identify: { attribute: false },
    label: { attribute: false },
    texts: { attribute: false },
    waiting: { state: true },
  };

  constructor() {
    super();
    /** @type {import("./boards.js").Board} */
    this.board = /** @type {any} */ (undefined);
    /** @type {(board: import("./boards.js").Board) => Promise<string>} resolves with what went wrong */
    this.identify = async () => "";
    this.label = "";
    /** @type {import("./common/texts.js").Texts} */
    this.texts = () => "";
    /** Whether Home Assistant has not answered yet. */
    this.waiting = false;
  }

  render() {
    const { board, label, texts } = this;
    const busy = this.waiting || board.identifying;
    return html`
      <button
        type="button"
        aria-label="${texts("live.identify")} ${label}"
        aria-busy=${busy ? "true" : nothing}
        title=${texts(busy ? "live.identifying" : "live.identify_help")}
        @click=${() => this.#press()}
      >
        <ha-icon icon="mdi:crosshairs-question"></ha-icon>
      </button>
      <span class="for-readers" role="status">${board.identifying ? texts("live.identifying") : ""}</span>
    `;
  }

  async #press() {
    if (this.waiting) return;
    this.waiting = true;
    this.#ended("");
    this.#ended(await this.identify(this.board));
    this.waiting = false;
  }

  /** @param {string} error */
  #ended(error) {
    this.dispatchEvent(new CustomEvent("identify-ended", { detail: error }));
  }
}

define({ "esp32-sensors-identify": IdentifyButton });
