/** A box that selects one board. */

import { css, html, nothing } from "./common/vendor/lit.js";

/**
 * @param {string} label what is selected
 * @param {boolean} selected
 * @param {(selected: boolean) => void} change
 */
export const selectBox = (label, selected, change) =>
  html`<label class="select" title=${label}
    ><input
      type="checkbox"
      aria-label=${label}
      .checked=${selected}
      @change=${(/** @type {Event} */ event) => change(/** @type {HTMLInputElement} */ (event.target).checked)}
    /></label>`;

/**
 * Return the box of an element about one board, which sends `select-changed` with whether it is selected.
 *
 * @param {HTMLElement & {label: string, selected: boolean | null, texts: import("./common/texts.js").Texts}} element
 */
export const selectBoxOf = (element) =>
  element.selected === null
    ? nothing
    : selectBox(element.texts("select.board", { name: element.label }), element.selected, (detail) =>
        element.dispatchEvent(new CustomEvent("select-changed", { detail })),
      );

export const selectStyles = css`
  .select {
    flex: none; display: grid; place-items: center; width: 44px; height: 44px; margin: -10px 0 -10px -12px;
    cursor: pointer; -webkit-tap-highlight-color: transparent;
  }
  .select input { width: 20px; height: 20px; min-width: 0; min-height: 0; margin: 0; accent-color: var(--primary-color); }
`;
