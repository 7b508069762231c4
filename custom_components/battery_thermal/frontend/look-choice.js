/** Controls for palette and scale of this browser. Sends `look-changed` after a choice was remembered. */

import { define } from "./common/define.js";
import { base } from "./common/styles.js";
import { LitElement, css, html, live } from "./common/vendor/lit.js";
import { lookText, remember } from "./looks.js";

/** @type {import("./looks.js").Key[]} */
const KEYS = ["palette", "scale"];

export class LookChoice extends LitElement {
  static styles = [
    base,
    css`
      /* Beside each other only where the longest choice of each has room. */
      .look { display: flex; flex-wrap: wrap; gap: 12px; }
      label { display: grid; flex: 1 1 auto; max-width: 100%; gap: 4px; font-size: 13px; }
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
    const { known, own, usual } = this.chosen[key];
    const options = [
      html`<option value="" ?selected=${!own}>${texts("look.usual", { name: lookText(texts, key, usual) })}</option>`,
      ...known.map(
        (name) => html`<option value=${name} ?selected=${name === own}>${lookText(texts, key, name)}</option>`,
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
