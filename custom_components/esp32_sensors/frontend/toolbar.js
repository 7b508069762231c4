/** What is above the boards: title, count, filter and layout. */

import { define } from "./common/define.js";
import { base } from "./common/styles.js";
import { LitElement, css, html } from "./common/vendor/lit.js";
import { boardStyles } from "./styles.js";

/** @typedef {"grid" | "list" | "compact"} Layout */

const LAYOUTS = {
  grid: "mdi:view-grid-outline",
  list: "mdi:view-list-outline",
  compact: "mdi:view-comfy-outline",
};

/** @type {Layout[]} the layouts that differ where there is no room for columns side by side */
export const NARROW_LAYOUTS = ["grid", "compact"];

const keyOf = (/** @type {string} */ page) => `esp32_sensors.layout.${page}`;

/**
 * @param {string} page the layout of which this browser remembers
 * @param {unknown} configured the one to begin with
 * @returns {Layout}
 */
export function rememberedLayout(page, configured) {
  const known = (/** @type {unknown} */ it) => typeof it === "string" && it in LAYOUTS;
  return /** @type {Layout} */ ([localStorage.getItem(keyOf(page)), configured].find(known) ?? "grid");
}

/**
 * @param {string} page
 * @param {Layout} layout
 */
export function rememberLayout(page, layout) {
  localStorage.setItem(keyOf(page), layout);
}

/** Sends `filter-changed` with the text and `layout-changed` with the layout; further controls go into its slot. */
export class Toolbar extends LitElement {
  static styles = [
    base,
    boardStyles,
    css`
      :host { display: flex; flex-wrap: wrap; align-items: center; gap: var(--gap); padding: 16px 16px 0; }
      h2 { font-size: var(--ha-card-header-font-size, 22px); font-weight: 400; flex: 1 1 auto; }
      .count { flex: 0 0 auto; }
      input { flex: 1 1 180px; max-width: 360px; padding: 0 12px; }
      input::placeholder { color: var(--secondary-text-color); opacity: 1; }
      [role="group"] { display: flex; }
      [role="group"] button { border-radius: 0; margin-left: -1px; }
      [role="group"] button:first-child { border-radius: 10px 0 0 10px; }
      [role="group"] button:last-child { border-radius: 0 10px 10px 0; }
    `,
  ];
  static properties = {
    count: { attribute: false },
    label: { attribute: false },
    layout: { attribute: false },
    layouts: { attribute: false },
    texts: { attribute: false },
  };

  constructor() {
    super();
    this.count = "";
    this.label = "";
    /** @type {Layout} */
    this.layout = "grid";
    /** @type {Layout[] | undefined} those that are offered; undefined: all */
    this.layouts = undefined;
    /** @type {import("./common/texts.js").Texts} */
    this.texts = () => "";
  }

  render() {
    const { layouts, texts } = this;
    const offered = Object.entries(LAYOUTS).filter(([name]) => !layouts || layouts.includes(/** @type {Layout} */ (name)));
    return html`
      <h2>${this.label}</h2>
      <span class="count secondary" role="status">${this.count}</span>
      <slot></slot>
      <input
        type="search"
        placeholder=${texts("common.filter_short")}
        aria-label=${texts("common.filter")}
        @input=${(/** @type {InputEvent} */ event) => {
          this.#send("filter-changed", /** @type {HTMLInputElement} */ (event.target).value);
        }}
      />
      <div role="group" aria-label=${texts("common.layout")}>${offered.map((it) => this.#button(...it))}</div>
    `;
  }

  /** The layout that is shown: one that is not offered looks like the grid. */
  get #shown() {
    return this.layouts && !this.layouts.includes(this.layout) ? "grid" : this.layout;
  }

  /**
   * @param {string} layout
   * @param {string} icon
   */
  #button(layout, icon) {
    const name = this.texts(`common.layout_${layout}`);
    return html`
      <button
        type="button"
        title=${name}
        aria-label=${name}
        aria-pressed=${layout === this.#shown ? "true" : "false"}
        data-layout=${layout}
        @click=${() => this.#send("layout-changed", layout)}
      >
        <ha-icon icon=${icon}></ha-icon>
      </button>
    `;
  }

  /**
   * @param {string} type
   * @param {string} detail
   */
  #send(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

define({ "esp32-sensors-toolbar": Toolbar });
