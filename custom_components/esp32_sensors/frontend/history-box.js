/** What is known of one board, online or not. */

import { boardName, nameStyles } from "./board-name.js";
import "./board-replacement.js";
import { KINDS } from "./boards.js";
import { define } from "./common/define.js";
import { base } from "./common/styles.js";
import { LitElement, css, html, nothing } from "./common/vendor/lit.js";
import { selectBoxOf, selectStyles } from "./select-box.js";

/**
 * The keys of the texts for 0 and for 1; kinds without are in percent.
 * @type {Partial<Record<import("./boards.js").Kind, string[]>>}
 */
const STATES = {
  led: ["led_off", "led_on"],
  button: ["button_released", "button_pushed"],
};

/**
 * @param {import("./boards.js").Reading[]} readings
 * @param {(seconds: number) => import("./home-assistant.js").Moment} moment
 * @returns {[string, import("./boards.js").Reading[]][]} by days, in the same order
 */
function daysOf(readings, moment) {
  /** @type {Map<string, import("./boards.js").Reading[]>} */
  const days = new Map();
  for (const reading of readings) {
    const { day } = moment(reading[0]);
    days.set(day, [...(days.get(day) ?? []), reading]);
  }
  return [...days];
}

export class HistoryBox extends LitElement {
  static styles = [
    base,
    nameStyles,
    selectStyles,
    css`
      :host {
        display: flex; flex-direction: column; gap: 10px; padding: 12px; min-width: 0;
        border: 1px solid var(--line); border-radius: 12px;
        content-visibility: auto; contain-intrinsic-size: auto 330px;
      }
      .head { display: flex; align-items: center; gap: 8px; }
      .head h3 { flex: 1 1 auto; }
      .mark { display: inline-flex; align-items: center; gap: 6px; font-size: 13px; }
      .mark i { width: 10px; height: 10px; border-radius: 50%; border: 2px solid var(--secondary-text-color); }
      .mark[data-online] i { background: var(--success-color, #43a047); border-color: var(--success-color, #43a047); }
      .facts { display: grid; grid-template-columns: auto 1fr; gap: 2px 10px; font-size: 13px; }
      .facts dd { font-variant-numeric: tabular-nums; }
      .facts dt { color: var(--secondary-text-color); }
      .facts dd { min-width: 0; overflow-wrap: anywhere; }
      .behind {
        display: inline-flex; align-items: center; gap: 4px; margin-left: 4px; padding: 0 8px; border-radius: 8px;
        border: 1px solid var(--warning-line); background: var(--warning-fill); --mdc-icon-size: 16px;
      }
      .behind ha-icon { color: var(--warning-line); }
      .values { display: grid; gap: 10px; grid-template-columns: repeat(auto-fit, minmax(min(180px, 100%), 1fr)); }
      .values section { border: 1px solid var(--line); border-radius: 8px; padding: 8px 10px; }
      .values summary { display: flex; align-items: center; gap: 8px; min-height: 28px; cursor: pointer; }
      .values summary::before { content: "▸"; color: var(--secondary-text-color); }
      .values details[open] summary::before { content: "▾"; }
      .values summary::-webkit-details-marker { display: none; }
      .values h4 { font-size: 13px; font-weight: 500; flex: 1 1 auto; }
      .values h5 { font-size: 12px; font-weight: 500; margin: 6px 0 0; color: var(--secondary-text-color); font-variant-numeric: tabular-nums; }
      .newest { font-size: 13px; }
      .values details[open] .newest { display: none; }
      .values li {
        display: flex; justify-content: space-between; gap: 8px; font-size: 12px; line-height: 1.7;
        font-variant-numeric: tabular-nums;
      }
      .values time { color: var(--secondary-text-color); }
      :host([layout="compact"]) { contain-intrinsic-size: auto 90px; }
      :host([layout="compact"]) :is(.values, esp32-sensors-replacement) { display: none; }
    `,
  ];
  static properties = {
    board: { attribute: false },
    call: { attribute: false },
    label: { attribute: false },
    newer: { attribute: false },
    layout: { reflect: true },
    path: { attribute: false },
    selected: { attribute: false },
    texts: { attribute: false },
    moment: { attribute: false },
    time: { attribute: false },
    wide: { attribute: false },
  };

  constructor() {
    super();
    /** @type {import("./boards.js").Board} */
    this.board = /** @type {any} */ (undefined);
    /** @type {((message: {type: string, [key: string]: unknown}) => Promise<any>) | null} null: not for the viewer */
    this.call = null;
    this.label = "";
    /** @type {string | null} the version that other boards of this firmware have, if it is newer */
    this.newer = null;
    this.layout = "grid";
    /** @type {string | null} of its device; null: not for the viewer */
    this.path = null;
    /** @type {boolean | null} null: it cannot be selected */
    this.selected = null;
    /** @type {import("./common/texts.js").Texts} */
    this.texts = () => "";
    /** @type {(seconds: number) => import("./home-assistant.js").Moment} how to write a day and a time of it */
    this.moment = (seconds) => ({ day: "", clock: String(seconds) });
    /** @type {(seconds: number) => string} how to write both in one */
    this.time = String;
    /** Whether there is room: where there is none, values are folded. */
    this.wide = true;
  }

  render() {
    const { board, texts, time } = this;
    return html`
      <div class="head">
        ${selectBoxOf(this)} ${boardName(this.label, this.path)}
        <span class="mark" ?data-online=${board.online}>
          <i></i><span>${texts(board.online ? "history.online" : "history.offline")}</span>
        </span>
      </div>
      <dl class="facts">
        <dt>${texts("history.last_seen")}</dt>
        <dd>${board.last_seen === null ? texts("history.never") : time(board.last_seen)}</dd>
        <dt>${texts("history.joined_at")}</dt>
        <dd>${time(board.joined_at)}</dd>
        <dt>${texts("history.mac")}</dt>
        <dd>${board.mac}</dd>
        ${board.firmware ? this.#firmware(board.firmware) : nothing}
      </dl>
      <div class="values">${KINDS.map((kind) => this.#values(kind))}</div>
      ${this.call && !board.online
        ? html`<esp32-sensors-replacement
            .board=${board}
            .call=${this.call}
            .label=${this.label}
            .texts=${texts}
          ></esp32-sensors-replacement>`
        : nothing}
    `;
  }

  /** @param {{name: string, version: string}} firmware */
  #firmware({ name, version }) {
    const { newer, texts } = this;
    return html`
      <dt>${texts("history.firmware")}</dt>
      <dd>
        ${name} ${version}
        ${newer
          ? html`<span class="behind"
              ><ha-icon icon="mdi:arrow-up-circle-outline"></ha-icon>${texts("history.behind", { version: newer })}</span
            >`
          : nothing}
      </dd>
    `;
  }

  /**
   * Show the values of a kind, newest first.
   *
   * @param {import("./boards.js").Kind} kind
   */
  #values(kind) {
    const readings = [...this.board.readings[kind]].reverse();
    const newest = readings[0];
    return html`
      <section>
        <details ?open=${this.wide}>
          <summary>
            <h4>${this.texts(`live.${kind}`)}</h4>
            <span class="newest">${newest ? this.#value(kind, newest[1]) : "–"}</span>
          </summary>
          <p class="secondary" ?hidden=${readings.length > 0}>${this.texts(`history.no_${kind}`)}</p>
          ${daysOf(readings, this.moment).map(([day, ofDay]) => html`<h5>${day}</h5><ol>${ofDay.map((it) => this.#row(kind, it))}</ol>`)}
        </details>
      </section>
    `;
  }

  /**
   * @param {import("./boards.js").Kind} kind
   * @param {import("./boards.js").Reading} reading
   */
  #row(kind, [at, value]) {
    return html`<li>
      <time datetime=${new Date(at * 1000).toISOString()}>${this.moment(at).clock}</time>
      <span>${this.#value(kind, value)}</span>
    </li>`;
  }

  /**
   * @param {import("./boards.js").Kind} kind
   * @param {number} value
   */
  #value(kind, value) {
    const states = STATES[kind];
    return states ? this.texts(`live.${states[value]}`) : `${value} %`;
  }
}

define({ "esp32-sensors-box": HistoryBox });
