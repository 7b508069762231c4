/** Controls for palette and scale of this browser. Sends `look-changed` after a choice was remembered. */

import { define } from "./common/define.js";
import { base } from "./common/styles.js";
import { LitElement, css, html, live } from "./common/vendor/lit.js";
import { CHOICES, remember } from "./looks.js";

const KEYS = /** @type {import("./looks.js").Key[]} */ (Object.keys(CHOICES));

export class LookChoice extends LitElement {
  static styles = [
    base,
    css`
      .look { display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: 12px; }
      label { display: grid; gap: 4px; font-size: 13px; }
      select { background: var(--card-background-color); width: 100%; font-size: 15px; }
    `,
  ];
  static properties = { chosen: { attribute: false }, texts: { attribute: false } };

  constructor() {
    super();
    /** @type {Record<import("./looks.js").Key, import("./looks.js").Chosen>} */
    this.chosen = /** @type {any} */ ({});
    /** @type {import("./common/texts.js").Texts} */
    this.texts = () => "";
  }

  render() {
    return html`<div class="look">${KEYS.map((key) => this.#choice(key))}</div>`;
  }

  /** @param {import("./looks.js").Key} key */
  #choice(key) {
    const { texts } = this;
    const { own, usual } = this.chosen[key];
    const options = [
      html`<option value="" ?selected=${!own}>${texts("look.usual", { name: texts(`look.${usual}`) })}</option>`,
      ...CHOICES[key].map(
        (name) => html`<option value=${name} ?selected=${name === own}>${texts(`look.${name}`)}</option>`,
      ),
    ];
    return html`
      <label>
        <span>${texts(`look.${key}`)}</span>
        <select .value=${live(own)} @change=${(/** @type {Event} */ event) => this.#choose(key, event)}>${options}</select>
      </label>
    `;
  }

  /**
   * @param {import("./looks.js").Key} key
   * @param {Event} event
   */
  #choose(key, event) {
    remember(key, /** @type {HTMLSelectElement} */ (event.target).value);
    this.dispatchEvent(new CustomEvent("look-changed"));
  }
}

define({ "battery-thermal-look": LookChoice });
