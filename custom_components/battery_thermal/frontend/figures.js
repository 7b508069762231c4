/** The temperatures of the image; each opens the history of its entity. */

import { define } from "./common/define.js";
import { moreInfo } from "./common/navigate.js";
import { base } from "./common/styles.js";
import { LitElement, css, html, nothing } from "./common/vendor/lit.js";
import { trendCurve, trendStyles } from "./trend-curve.js";

/**
 * @typedef {object} Figure
 * @property {string} key of its name among the texts of the card
 * @property {string} value
 * @property {string | undefined} entityId
 * @property {import("./trends.js").Point[]} [points] of the last 24 hours
 */

export class Figures extends LitElement {
  static styles = [
    base,
    trendStyles,
    css`
      .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(96px, 1fr)); gap: 8px; }
      :host([prominent]) .figures { display: flex; flex-wrap: wrap; gap: 8px 16px; }
      button { display: grid; gap: 2px; justify-content: start; justify-items: start; text-align: start; padding: 6px 10px; width: 100%; }
      :host([prominent]) button { width: auto; }
      button:disabled { opacity: 1; }
      .name { font-size: 13px; color: var(--secondary-text-color); }
      .value { display: flex; align-items: center; gap: 12px; font-size: 18px; font-variant-numeric: tabular-nums; }
      :host([prominent]) .value { font-size: 28px; line-height: 1.2; }
    `,
  ];
  static properties = {
    figures: { attribute: false },
    prominent: { type: Boolean, reflect: true },
    texts: { attribute: false },
  };

  constructor() {
    super();
    /** @type {Figure[]} */
    this.figures = [];
    this.prominent = false;
    /** @type {import("./common/texts.js").Texts} */
    this.texts = () => "";
  }

  render() {
    return html`<div class="figures">${this.figures.map((figure) => this.#figure(figure))}</div>`;
  }

  /** @param {Figure} figure */
  #figure({ key, value, entityId, points }) {
    return html`
      <button type="button" data-figure=${key} ?disabled=${!entityId} @click=${() => entityId && moreInfo(this, entityId)}>
        <span class="name">${this.texts(`card.${key}`)}</span>
        <span class="value"><span>${value}</span>${points ? trendCurve(points) : nothing}</span>
      </button>
    `;
  }
}

define({ "battery-thermal-figures": Figures });
