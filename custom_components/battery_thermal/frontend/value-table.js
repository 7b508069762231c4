/** The picture's values as a table: for screen readers, and to be copied. */

import { define } from "./common/define.js";
import { base } from "./common/styles.js";
import { LitElement, html, nothing } from "./common/vendor/lit.js";
import { heatAt, heatText } from "./over-range.js";
import { tableStyles } from "./styles.js";

export class ValueTable extends LitElement {
  static styles = [base, tableStyles];
  static properties = {
    image: { attribute: false },
    open: { state: true },
    texts: { attribute: false },
    write: { attribute: false },
  };

  constructor() {
    super();
    /** @type {import("./nodes.js").ThermalImage} */
    this.image = /** @type {any} */ (null);
    /** Whether the table is unfolded: 768 cells are made only then. */
    this.open = false;
    /** @type {import("./common/texts.js").Texts} */
    this.texts = () => "";
    /** @type {import("./home-assistant.js").Writer} */
    this.write = /** @type {any} */ (String);
  }

  render() {
    const { texts } = this;
    return html`
      <details @toggle=${(/** @type {Event} */ event) => (this.open = /** @type {HTMLDetailsElement} */ (event.target).open)}>
        <summary>${texts("card.table")}</summary>
        <div class="scroll" tabindex="0" role="region" aria-label=${texts("card.table")}>
          ${this.open ? this.#table() : nothing}
        </div>
      </details>
    `;
  }

  #table() {
    const { rows, width } = this.image;
    const columns = Array.from({ length: width }, (_, column) => column);
    return html`
      <table>
        <caption>${this.texts("card.table_caption")}</caption>
        <thead>
          <tr><td></td>${columns.map((column) => html`<th scope="col">${column + 1}</th>`)}</tr>
        </thead>
        <tbody>
          ${rows.map(
            (values, row) => html`
              <tr>
                <th scope="row">${row + 1}</th>
                ${columns.map((column) => html`<td>${this.#textOf(values?.[column] ?? null, { row, column })}</td>`)}
              </tr>
            `,
          )}
        </tbody>
      </table>
    `;
  }

  /**
   * @param {number | null} value
   * @param {{row: number, column: number}} place
   */
  #textOf(value, place) {
    if (value === null) return "–";
    return heatText(value, heatAt(this.image, place), this.write, this.texts);
  }
}

define({ "battery-thermal-values": ValueTable });
