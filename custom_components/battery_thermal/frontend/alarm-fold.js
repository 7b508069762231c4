/** The alarm log in the thermal card: folded, and asked for when it is opened. */

import "./alarm-list.js";
import { logState } from "./alarm-pages.js";
import { define } from "./common/define.js";
import { base } from "./common/styles.js";
import { LitElement, html, nothing } from "./common/vendor/lit.js";
import { tableStyles } from "./styles.js";

export class AlarmFold extends LitElement {
  static styles = [base, tableStyles];
  static properties = {
    hass: { attribute: false },
    node: { attribute: false },
    opened: { state: true },
    texts: { attribute: false },
    write: { attribute: false },
  };

  constructor() {
    super();
    /** @type {Hass} */
    this.hass = /** @type {any} */ (null);
    /** @type {import("./nodes.js").Node} */
    this.node = /** @type {any} */ (null);
    /** Whether the list is or was open. */
    this.opened = false;
    /** @type {import("./common/texts.js").Texts} */
    this.texts = () => "";
    /** @type {import("./home-assistant.js").Writer} */
    this.write = /** @type {any} */ (String);
  }

  render() {
    const { hass, node, texts, write } = this;
    const count = node.alarms?.length ?? 0;
    return html`
      <details @toggle=${(/** @type {Event} */ event) => (this.opened ||= /** @type {HTMLDetailsElement} */ (event.target).open)}>
        <summary>${count ? texts("alarm_log.title_open", { count }) : texts("alarm_log.title")}</summary>
        ${this.opened
          ? html`<battery-thermal-alarm-list
              .hass=${hass}
              .node=${node.id}
              .state=${logState([node])}
              .texts=${texts}
              .write=${write}
              @alarm-image=${(/** @type {CustomEvent} */ { detail }) => this.dispatchEvent(new CustomEvent("alarm-image", { detail }))}
            ></battery-thermal-alarm-list>`
          : nothing}
      </details>
    `;
  }
}

define({ "battery-thermal-alarm-fold": AlarmFold });
