/** Rows and columns of the grid whose margins are dragged. */

import { define } from "./common/define.js";
import { base } from "./common/styles.js";
import { LitElement, css, html, live } from "./common/vendor/lit.js";
import { MOST_ROWS } from "./grid-frame.js";

/** Sends `frame-changed` with another frame. */
export class GridForm extends LitElement {
  static styles = [
    base,
    css`
      .fields { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 12px; }
      label { display: grid; gap: 4px; font-size: 13px; }
      input { width: 100%; font-size: 15px; }
    `,
  ];
  static properties = {
    frame: { attribute: false },
    texts: { attribute: false },
  };

  constructor() {
    super();
    /** @type {import("./grid-frame.js").Frame} */
    this.frame = /** @type {any} */ (null);
    /** @type {import("./common/texts.js").Texts} */
    this.texts = () => "";
  }

  render() {
    const { frame, texts } = this;
    return html`
      <div class="fields">
        ${/** @type {const} */ (["rows", "columns"]).map((key) => html`
          <label>
            <span>${texts(`area_editor.grid_${key}`)}</span>
            <input
              type="number"
              inputmode="numeric"
              min="1"
              max=${MOST_ROWS}
              step="1"
              data-number=${key}
              .value=${live(String(frame[key]))}
              @change=${(/** @type {Event} */ event) => this.#set(key, /** @type {HTMLInputElement} */ (event.target).value)}
            />
          </label>
        `)}
      </div>
    `;
  }

  /**
   * @param {"rows" | "columns"} key
   * @param {string} text
   */
  #set(key, text) {
    const value = Number.parseInt(text, 10);
    if (value >= 1 && value <= MOST_ROWS) {
      this.dispatchEvent(new CustomEvent("frame-changed", { detail: { ...this.frame, [key]: value } }));
    } else this.requestUpdate();
  }
}

define({ "battery-thermal-grid-form": GridForm });
