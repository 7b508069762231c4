/** A board's LED: its confirmed state, and a button to switch it. */

import { base } from "./common/styles.js";
import { LitElement, css, html, ifDefined, nothing } from "./common/vendor/lit.js";
import { define } from "./common/define.js";
import { boardStyles } from "./styles.js";

/** Milliseconds. What a board has confirmed arrives here a little after the action has returned. */
const ARRIVES = 1000;

export class LedControl extends LitElement {
  static styles = [
    base,
    boardStyles,
    css`
      :host { display: flex; flex-direction: column; gap: 4px; min-width: 0; }
      button { justify-content: flex-start; width: 100%; }
      /* Who may not switch still reads the state; the toggle is dimmed, and nothing invites to press. */
      button:disabled { opacity: 1; border-color: transparent; background: none; }
      button:disabled .toggle { opacity: 0.4; }
      button[aria-checked="true"] { position: relative; border-color: var(--on); background: none; }
      button[aria-checked="true"]::before {
        content: ""; position: absolute; inset: 0; border-radius: inherit; background: var(--on); opacity: 0.22;
      }
      button[data-failed] { border-color: var(--error-color, #db4437); }
      .what { display: flex; align-items: center; gap: 4px; font-size: 13px; color: var(--secondary-text-color); }
      .what ha-icon { --mdc-icon-size: 18px; }
      .what[data-on] ha-icon { color: var(--on); filter: drop-shadow(0 0 6px var(--on)); }
      .toggle {
        flex: none; box-sizing: border-box; width: 32px; height: 18px; border-radius: 9px;
        border: 2px solid var(--secondary-text-color);
      }
      .toggle::before {
        content: ""; display: block; width: 10px; height: 10px; margin: 2px; border-radius: 50%;
        background: var(--secondary-text-color); transition: transform 0.15s;
      }
      button[aria-checked="true"] .toggle { border-color: var(--on); }
      button[aria-checked="true"] .toggle::before { background: var(--on); transform: translateX(14px); }
      button[aria-busy="true"] .toggle::before { transform: translateX(7px); }
      button[aria-busy="true"] .toggle { animation: wait 0.6s infinite alternate; }
      @keyframes wait { to { opacity: 0.2; } }
      .error { font-size: 12px; }
      /* Otherwise the gap above it would move the button up, beside what is aligned with it. */
      .error:empty { display: none; }
      :host(:is([layout="compact"], [layout="list"])) .what { display: none; }
      :host([layout="compact"]) button { border: none; padding: 0; width: auto; }
    `,
  ];
  static properties = {
    board: { attribute: false },
    label: { attribute: false },
    layout: { reflect: true },
    switchable: { attribute: false },
    switchTo: { attribute: false },
    texts: { attribute: false },
    wanted: { state: true },
    error: { state: true },
  };

  constructor() {
    super();
    /** @type {import("./boards.js").Board} */
    this.board = /** @type {any} */ (undefined);
    this.label = "";
    this.layout = "grid";
    /** Whether the viewer may switch it now. */
    this.switchable = false;
    /** @type {(board: import("./boards.js").Board, on: boolean) => Promise<string>} resolves with what went wrong */
    this.switchTo = async () => "";
    /** @type {import("./common/texts.js").Texts} */
    this.texts = () => "";
    /** @type {boolean | null} what was asked for and is not confirmed yet */
    this.wanted = null;
    this.error = "";
    /** Whether the LED has been as it was wanted since that was asked for. */
    this.reached = false;
    /** Called when it is. */
    this.arrived = () => {};
  }

  /** @param {import("./common/vendor/lit.js").PropertyValues} changed */
  willUpdate(changed) {
    const before = changed.get("board");
    // Whatever the LED does now, what has failed before is past.
    if (before && before.led !== this.board.led) this.error = "";
    if (this.wanted !== null && this.board.led === this.wanted) {
      this.reached = true;
      this.arrived();
    }
  }

  render() {
    const { texts, wanted } = this;
    const { led } = this.board;
    const state = texts(`live.led_${this.#stateKey()}`);
    const waiting = wanted !== null;
    const checked = led === null ? undefined : String(led);
    return html`
      <div class="what" aria-hidden="true" ?data-on=${led === true}>
        <ha-icon icon=${led ? "mdi:led-on" : "mdi:led-variant-off"}></ha-icon>${texts("live.led")}
      </div>
      <button
        type="button"
        role=${ifDefined(/* What is neither on nor off is no switch. */ led === null ? undefined : "switch")}
        aria-checked=${ifDefined(/** @type {any} */ (checked))}
        aria-label=${/* With the visible text: voice control finds it by that. */ `${texts("live.led")} ${this.label}, ${state}`}
        aria-busy=${waiting ? "true" : nothing}
        aria-disabled=${/* It stays a button, and keeps the focus, while it waits. */ !this.switchable || waiting ? "true" : nothing}
        ?data-failed=${Boolean(this.error)}
        ?disabled=${!this.switchable}
        title=${this.switchable ? nothing : texts("live.led_no_control")}
        @click=${() => this.#switch()}
      >
        ${led === null ? nothing : html`<i class="toggle"></i>`}
        <span>${state}</span>
      </button>
      <span class="for-readers" role="status">${waiting ? state : ""}</span>
      <span class="error" role="alert">${this.error}</span>
    `;
  }

  #stateKey() {
    if (this.wanted !== null) return this.wanted ? "switching_on" : "switching_off";
    if (this.board.led === null) return "unknown";
    return this.board.led ? "on" : "off";
  }

  async #switch() {
    if (this.wanted !== null) return;
    this.wanted = !this.board.led;
    this.reached = false;
    this.error = "";
    // Resolves when the board has confirmed it, or with what went wrong.
    let error = await this.switchTo(this.board, this.wanted);
    if (!error) {
      await this.#confirmed();
      // Home Assistant skips what is unavailable just then, and reports no error.
      if (!this.reached) error = this.texts("live.led_failed");
    }
    this.error = error;
    this.wanted = null;
  }

  /** Wait until the confirmed state arrives: otherwise the earlier state would show for a moment. */
  #confirmed() {
    if (this.reached) return;
    return new Promise((/** @type {(value?: undefined) => void} */ resolve) => {
      this.arrived = resolve;
      setTimeout(resolve, ARRIVES);
    });
  }
}

define({ "esp32-sensors-led": LedControl });
