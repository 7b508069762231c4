/** Where an administrator lets another board take the place of one. */

import { base } from "./common/styles.js";
import { LitElement, css, html, nothing } from "./common/vendor/lit.js";
import { define } from "./common/define.js";
import { DOMAIN } from "./domain.js";

/** @typedef {{mac: string, name: string | null}} Candidate without a name: it waits to join */

export class BoardReplacement extends LitElement {
  static styles = [
    base,
    css`
      .ask { display: flex; flex-direction: column; gap: 8px; padding: 8px 10px; border: 1px solid var(--line); border-radius: 8px; }
      .ask p { font-size: 13px; line-height: 1.5; }
      label { display: flex; flex-direction: column; gap: 4px; font-size: 13px; }
      select { width: 100%; background: var(--card-background-color, none); }
      .choices { display: flex; flex-wrap: wrap; gap: 8px; }
      .open { min-height: 36px; font-size: 13px; --mdc-icon-size: 18px; }
    `,
  ];
  static properties = {
    board: { attribute: false },
    call: { attribute: false },
    label: { attribute: false },
    texts: { attribute: false },
    candidates: { state: true },
    busy: { state: true },
    error: { state: true },
  };

  constructor() {
    super();
    /** @type {import("./boards.js").Board} */
    this.board = /** @type {any} */ (undefined);
    this.label = "";
    /** @type {(message: {type: string, [key: string]: unknown}) => Promise<any>} sends a command to Home Assistant */
    this.call = async () => undefined;
    /** @type {import("./common/texts.js").Texts} */
    this.texts = () => "";
    /** @type {Candidate[] | null} null: nothing is asked */
    this.candidates = null;
    this.busy = false;
    this.error = "";
  }

  render() {
    const { candidates, texts } = this;
    if (candidates === null) {
      return html`
        <button
          type="button"
          class="open"
          aria-label=${`${texts("replace.open")}: ${this.label}`}
          ?disabled=${this.busy}
          @click=${() => this.#open()}
        >
          <ha-icon icon="mdi:swap-horizontal"></ha-icon>${texts("replace.open")}
        </button>
        <span class="error" role="alert">${this.error}</span>
      `;
    }
    return html`
      <div class="ask" role="group" aria-label=${`${texts("replace.open")}: ${this.label}`}>
        ${candidates.length
          ? html`
              <label>
                ${texts("replace.by")}
                <select>
                  ${candidates.map(
                    ({ mac, name }) =>
                      html`<option value=${mac}>${name === null ? texts("replace.waits", { mac }) : `${name} (${mac})`}</option>`,
                  )}
                </select>
              </label>
              <p class="secondary">${texts("replace.effect")}</p>
            `
          : html`<p>${texts("replace.none")}</p>`}
        <div class="choices">
          ${candidates.length
            ? html`<button type="button" class="confirm" ?disabled=${this.busy} @click=${() => this.#replace()}>
                ${texts("replace.confirm")}
              </button>`
            : nothing}
          <button type="button" class="cancel" ?disabled=${this.busy} @click=${() => (this.candidates = null)}>
            ${texts("replace.cancel")}
          </button>
        </div>
        <span class="error" role="alert">${this.error}</span>
      </div>
    `;
  }

  #open() {
    return this.#ask("replacements", {}, (answer) => (this.candidates = answer));
  }

  #replace() {
    const select = /** @type {HTMLSelectElement} */ (this.renderRoot.querySelector("select"));
    return this.#ask("replace", { new_mac: select.value }, () => (this.candidates = null));
  }

  /**
   * Send a command about the board, and show what went wrong.
   *
   * @param {string} command
   * @param {object} data
   * @param {(answer: any) => void} done
   */
  async #ask(command, data, done) {
    this.busy = true;
    this.error = "";
    const { network, mac } = this.board;
    try {
      done(await this.call({ type: `${DOMAIN}/${command}`, network, mac, ...data }));
    } catch (error) {
      this.error = /** @type {{message?: string}} */ (error).message || this.texts("replace.failed");
    }
    this.busy = false;
  }
}

define({ "esp32-sensors-replacement": BoardReplacement });
