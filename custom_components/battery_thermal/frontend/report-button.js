/** A button that writes a report of the node's last 30 days, and then a link that opens it. */

import { define } from "./common/define.js";
import { base } from "./common/styles.js";
import { errorText } from "./common/texts.js";
import { LitElement, css, html, nothing } from "./common/vendor/lit.js";
import { DOMAIN } from "./domain.js";
import { deviceOf } from "./home-assistant.js";

export class ReportButton extends LitElement {
  static styles = [
    base,
    css`
      div { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 16px; }
      button, a { min-height: 44px; font-size: 15px; }
      a { display: inline-flex; align-items: center; color: var(--primary-color); }
    `,
  ];
  static properties = {
    hass: { attribute: false },
    node: { attribute: false },
    texts: { attribute: false },
    written: { state: true },
  };

  constructor() {
    super();
    /** @type {Hass} */
    this.hass = /** @type {any} */ (undefined);
    /** @type {import("./nodes.js").Node} */
    this.node = /** @type {any} */ (undefined);
    /** @type {import("./common/texts.js").Texts} */
    this.texts = () => "";
    /** @type {{node: string, busy?: boolean, url?: string, error?: string}} the last report, and whose it is */
    this.written = { node: "" };
  }

  render() {
    const { node, texts } = this;
    if (!node.control) return nothing;
    /** @type {Partial<ReportButton["written"]>} */
    const { busy, url, error } = this.written.node === node.id ? this.written : {};
    return html`
      <div>
        <button type="button" ?disabled=${busy} @click=${() => this.#write()}>
          ${texts(busy ? "report_card.busy" : "report_card.create")}
        </button>
        <span role="status">
          ${error}
          ${url ? html`<a href=${url} target="_blank" rel="noopener">${texts("report_card.open")}</a>` : nothing}
        </span>
      </div>
    `;
  }

  async #write() {
    const { hass, node: { id } } = this;
    this.written = { node: id, busy: true };
    /** @type {ReportButton["written"]} */
    let written;
    try {
      const { response } = await hass.callWS({
        type: "call_service",
        domain: DOMAIN,
        service: "create_report",
        service_data: { device_id: deviceOf(hass, id)?.id },
        return_response: true,
      });
      written = { node: id, url: response.url };
    } catch (error) {
      written = { node: id, error: (await errorText(hass, error)) || this.texts("report_card.failed") };
    }
    // Another node may be shown by now, and its report be under way.
    if (this.written.node === id) this.written = written;
  }
}

define({ "battery-thermal-report": ReportButton });
