/** One connected board: its LED, its button and its light. */

import { boardName, nameStyles } from "./board-name.js";
import { define } from "./common/define.js";
import { base } from "./common/styles.js";
import { LitElement, css, html, nothing } from "./common/vendor/lit.js";
import "./identify-button.js";
import "./led-control.js";
import "./light-chart.js";
import { selectBoxOf, selectStyles } from "./select-box.js";
import { boardStyles } from "./styles.js";

export class BoardTile extends LitElement {
  static styles = [
    base,
    boardStyles,
    nameStyles,
    selectStyles,
    css`
      :host {
        display: grid; gap: 10px; padding: 12px; min-width: 0;
        border: 1px solid var(--line); border-radius: 12px;
        grid-template: "name identify" auto "led button" auto "light light" auto "chart chart" auto / 1fr auto;
        content-visibility: auto; contain-intrinsic-size: auto 220px;
      }
      .head { grid-area: name; align-self: center; display: flex; align-items: center; min-width: 0; }
      esp32-sensors-identify { grid-area: identify; justify-self: end; margin: -8px -8px -8px 0; }
      esp32-sensors-led { grid-area: led; }
      .push { grid-area: button; align-self: end; display: flex; align-items: center; gap: 6px; min-height: 44px; }
      .push i { width: 18px; height: 18px; border-radius: 50%; border: 2px solid var(--secondary-text-color); }
      .push[data-pushed] i { background: var(--primary-color); border-color: var(--primary-color); }
      .push[data-pushed] { font-weight: 500; }
      .light { grid-area: light; display: flex; align-items: baseline; gap: 8px; }
      .light output { font-size: 22px; font-variant-numeric: tabular-nums; }
      .light .at { margin-left: auto; font-size: 12px; font-variant-numeric: tabular-nums; }
      esp32-sensors-chart { grid-area: chart; }
      .error { grid-column: 1 / -1; font-size: 12px; }
      .error:empty { display: none; }
      .offline { grid-area: offline; font-weight: 500; }
      :host([data-offline]) {
        grid-template: "name identify" "offline offline" "led button" "light light" "chart chart" / 1fr auto;
      }
      :host([data-offline]) > :not(.offline, .head) { opacity: 0.75; }
      :host([layout="list"][wide]) {
        grid-template: "name identify led button light chart" auto / 1.2fr auto minmax(110px, 1fr) 110px 150px 1.6fr;
        align-items: center; contain-intrinsic-size: auto 70px;
      }
      :host([layout="list"][wide]) .push { align-self: center; }
      :host([layout="list"][wide]) .light { flex-direction: column; gap: 0; }
      :host([layout="list"][wide]) .light .at { margin: 0; }
      :host([layout="compact"]) {
        grid-template: "name identify light" auto "led button button" auto / 1fr auto auto; gap: 4px 8px; padding: 8px 10px;
        contain-intrinsic-size: auto 90px;
      }
      :host([layout="compact"]) :is(esp32-sensors-chart, .what, .at, .push span) { display: none; }
      :host([layout="compact"]) .light output { font-size: 16px; }
      :host([layout="single"]) { border: none; padding: 16px; }
    `,
  ];
  static properties = {
    board: { attribute: false },
    error: { state: true },
    identifiable: { attribute: false },
    identify: { attribute: false },
    label: { attribute: false },
    layout: { reflect: true },
    lastSeen: { attribute: false },
    path: { attribute: false },
    selected: { attribute: false },
    shown: { state: true },
    switchable: { attribute: false },
    switchTo: { attribute: false },
    texts: { attribute: false },
    time: { attribute: false },
    wide: { type: Boolean, reflect: true },
  };

  constructor() {
    super();
    /** @type {import("./boards.js").Board} */
    this.board = /** @type {any} */ (undefined);
    /** Whether the viewer may let its LED blink now. */
    this.identifiable = false;
    /** @type {(board: import("./boards.js").Board) => Promise<string>} */
    this.identify = async () => "";
    /** What went wrong when somebody wanted to identify the board. */
    this.error = "";
    this.label = "";
    this.layout = "grid";
    this.lastSeen = "";
    /** @type {string | null} of its device; null: not for the viewer */
    this.path = null;
    /** @type {boolean | null} null: it cannot be selected */
    this.selected = null;
    this.switchable = false;
    /** @type {(board: import("./boards.js").Board, on: boolean) => Promise<string>} */
    this.switchTo = async () => "";
    /** @type {import("./common/texts.js").Texts} */
    this.texts = () => "";
    /** @type {(seconds: number) => string} how to write the time of a day */
    this.time = String;
    this.wide = false;
    /** @type {import("./boards.js").Reading | null} the reading of light that is looked at */
    this.shown = null;
  }

  /** @param {import("./common/vendor/lit.js").PropertyValues} changed */
  willUpdate(changed) {
    // It blinks now, or has left: what failed before is past.
    const before = changed.get("board");
    if (before && (before.identifying !== this.board.identifying || before.online !== this.board.online)) this.error = "";
    this.toggleAttribute("data-offline", !this.board.online);
  }

  render() {
    const { board, texts, shown } = this;
    const pushed = texts(`live.button_${this.#buttonKey()}`);
    const percent = shown ? shown[1] : board.light;
    return html`
      <div class="head">
        ${selectBoxOf(this)} ${boardName(this.label, this.path, `${this.label} · ${board.mac}`)}
      </div>
      ${this.identifiable ? this.#identifyButton() : nothing}
      <p class="offline" role="status" ?hidden=${board.online}>${board.online ? "" : this.#offlineText()}</p>
      <esp32-sensors-led
        .board=${board}
        .label=${this.label}
        .layout=${this.layout}
        .switchable=${this.switchable}
        .switchTo=${this.switchTo}
        .texts=${texts}
      ></esp32-sensors-led>
      <div class="push" role="img" ?data-pushed=${board.button === true} aria-label="${texts("live.button")}: ${pushed}">
        <i></i><span>${pushed}</span>
      </div>
      <div class="light">
        <span class="what">${texts("live.light")}</span>
        <output aria-live="off">${percent === null ? "–" : `${percent} %`}</output>
        <span class="at secondary">${shown ? this.time(shown[0]) : ""}</span>
      </div>
      <esp32-sensors-chart
        ?flat=${this.layout === "list" && this.wide}
        .readings=${board.readings.light}
        .texts=${texts}
        .time=${this.time}
        @reading-shown=${(/** @type {CustomEvent} */ event) => (this.shown = event.detail)}
      ></esp32-sensors-chart>
      <p class="error" role="alert">${this.error}</p>
    `;
  }

  #identifyButton() {
    return html`
      <esp32-sensors-identify
        .board=${this.board}
        .identify=${this.identify}
        .label=${this.label}
        .texts=${this.texts}
        @identify-ended=${(/** @type {CustomEvent} */ event) => (this.error = event.detail)}
      ></esp32-sensors-identify>
    `;
  }

  #offlineText() {
    return this.lastSeen
      ? this.texts("live.offline_since", { time: this.lastSeen })
      : this.texts("history.offline");
  }

  #buttonKey() {
    const { button } = this.board;
    if (button === null) return "unknown";
    return button ? "pushed" : "released";
  }
}

define({ "esp32-sensors-tile": BoardTile });
