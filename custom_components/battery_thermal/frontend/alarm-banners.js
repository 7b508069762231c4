/** Alarms and warnings as banners; each opens the history of its entity, and can be acknowledged. */

import { define } from "./common/define.js";
import { moreInfo } from "./common/navigate.js";
import { alarmStyles, base } from "./common/styles.js";
import { LitElement, css, html, nothing, repeat } from "./common/vendor/lit.js";

/** Sends `acknowledge` with the kind of an alarm. */
export class AlarmBanners extends LitElement {
  static styles = [
    base,
    alarmStyles,
    css`
      .alarms { display: flex; flex-wrap: wrap; gap: 8px; }
      .alarm { min-height: 44px; text-align: start; color: inherit; max-width: 100%; }
      .alarm:disabled { opacity: 1; }
      .alarm span { min-width: 0; overflow-wrap: anywhere; }
      ha-icon { flex: none; }
      .one { display: flex; max-width: 100%; }
      .seen { flex: none; margin-inline-start: 4px; padding: 0; }
    `,
  ];
  static properties = { banners: { attribute: false }, control: { attribute: false }, texts: { attribute: false } };

  constructor() {
    super();
    /** @type {import("./alarms.js").Banner[]} */
    this.banners = [];
    /** Whether the viewer may acknowledge alarms. */
    this.control = false;
    /** @type {import("./common/texts.js").Texts} */
    this.texts = () => "";
  }

  render() {
    // What is announced already must not be put there again: it would be announced again.
    return html`
      <div class="alarms" role="status">
        ${repeat(
          this.banners,
          // With other values, as with each image, it is the same one: who has the focus on it keeps it.
          ({ entityId, level, text }) => entityId ?? `${level} ${text}`,
          (banner) => html`
            <span class="one">
              <button
                type="button"
                class="alarm"
                data-level=${banner.level}
                ?disabled=${!banner.entityId}
                @click=${() => banner.entityId && moreInfo(this, banner.entityId)}
              >
                <ha-icon icon=${banner.level === "alarm" ? "mdi:alert" : "mdi:alert-outline"}></ha-icon>
                <span><span class="for-readers">${this.texts(`areas.${banner.level}`)}: </span>${banner.text}</span>
              </button>
              ${this.#acknowledgement(banner)}
            </span>
          `,
        )}
      </div>
    `;
  }

  /** @param {import("./alarms.js").Banner} banner */
  #acknowledgement({ acknowledged, kind, text }) {
    if (!this.control || acknowledged !== false) return nothing;
    const label = this.texts("alarm_log.acknowledge_kind", { kind: text });
    return html`
      <button
        type="button"
        class="seen"
        aria-label=${label}
        title=${this.texts("alarm_log.acknowledge")}
        @click=${() => this.dispatchEvent(new CustomEvent("acknowledge", { detail: kind }))}
      >
        <ha-icon icon="mdi:bell-check-outline"></ha-icon>
      </button>
    `;
  }
}

define({ "battery-thermal-banners": AlarmBanners });
