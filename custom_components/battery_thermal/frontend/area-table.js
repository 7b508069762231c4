/** The areas as a table: for screen readers, and for the figures; each opens the history of its entity. */

import { levelOf, measuredAreas } from "./areas.js";
import { define } from "./common/define.js";
import { moreInfo } from "./common/navigate.js";
import { base } from "./common/styles.js";
import { LitElement, css, html, nothing, styleMap } from "./common/vendor/lit.js";
import { driftText } from "./drift.js";
import { heatText } from "./over-range.js";
import { colourOf } from "./scale.js";
import { tableStyles } from "./styles.js";
import "./trend-box.js";
import { trendCurve, trendStyles } from "./trend-curve.js";

const COLUMNS = ["hottest", "mean", "over"];
const LEVELS = /** @type {const} */ ([null, "warning", "alarm"]);

export class AreaTable extends LitElement {
  static styles = [
    base,
    tableStyles,
    trendStyles,
    css`
      table { width: 100%; font-size: 14px; }
      td, th { padding: 6px 4px; }
      thead th { font-weight: 400; color: var(--secondary-text-color); white-space: normal; }
      th:first-child { text-align: start; padding: 0; }
      tbody tr { border-top: 1px solid var(--line); }
      th button {
        display: flex; flex-wrap: wrap; justify-content: flex-start; gap: 2px 8px; width: 100%; min-width: 84px;
        border: none; padding: 6px; font-weight: 500; text-align: start; white-space: normal;
      }
      /* A long name makes its row higher, and not the table wider than the screen. */
      th button span { min-width: 0; overflow-wrap: anywhere; }
      button:disabled { opacity: 1; }
      .patch { width: 14px; height: 14px; border: 1px solid var(--line); border-radius: 3px; }
      .level { font-weight: 400; color: var(--secondary-text-color); }
      .level[data-level] { color: var(--primary-text-color); padding: 0 6px; border-radius: 6px; }
      .level[data-level="warning"] { background: var(--warning-fill); }
      .level[data-level="alarm"] { background: var(--alarm-fill); }
      td:last-child { text-align: start; }
      /* Where there is no room beside the icon, the curve is on a second line, which is not seen. */
      .curve {
        display: flex; flex-wrap: wrap; justify-content: flex-start; gap: 0 6px; height: 44px; overflow: hidden;
        border: none; padding: 0;
      }
      .curve ha-icon { flex: none; width: 44px; line-height: 44px; }
      .trend { width: 64px; height: 20px; }
      @media (max-width: 500px) { .trend { display: none; } }
      .curve ha-icon { color: var(--secondary-text-color); }
    `,
  ];
  static properties = {
    hass: { attribute: false },
    image: { attribute: false },
    look: { attribute: false },
    node: { attribute: false },
    paint: { attribute: false },
    points: { attribute: false },
    shown: { state: true },
    state: { attribute: false },
    texts: { attribute: false },
    write: { attribute: false },
  };

  constructor() {
    super();
    /** @type {Hass} */
    this.hass = /** @type {any} */ (null);
    /** @type {string} id of the node's subentry */
    this.node = "";
    /** @type {string | null} key of the area whose curve is shown */
    this.shown = null;
    /** @type {import("./nodes.js").ThermalImage} */
    this.image = /** @type {any} */ (null);
    /** @type {import("./nodes.js").Look} */
    this.look = /** @type {any} */ (null);
    /** @type {import("./paint.js").Paint} */
    this.paint = /** @type {any} */ (null);
    /** @type {import("./trends.js").Trends["points"]} of the last 24 hours, by entity */
    this.points = {};
    /** Of images and alarms: with another one the curve is asked for anew. */
    this.state = "";
    /** @type {import("./common/texts.js").Texts} */
    this.texts = () => "";
    /** @type {import("./home-assistant.js").Writer} */
    this.write = /** @type {any} */ (String);
  }

  render() {
    const { image, look, texts } = this;
    const areas = measuredAreas(look.areas, image.areas);
    if (!areas.length) return nothing;
    const heads = ["name", ...COLUMNS].map((key) => html`<th scope="col">${texts(`areas.${key}`)}</th>`);
    return html`
      <details open>
        <summary>${texts("areas.title")}</summary>
        <div class="scroll" tabindex="0" role="region" aria-label=${texts("areas.title")}>
          <table class="areas">
            <thead><tr>${heads}<th scope="col"><span class="for-readers">${texts("trend.head")}</span></th></tr></thead>
            <tbody>${areas.map(({ area, values }) => this.#row(area, values))}</tbody>
          </table>
        </div>
        ${this.#trend()}
      </details>
    `;
  }

  #trend() {
    const area = this.look.areas.find(({ key }) => key === this.shown);
    return area
      ? html`<battery-thermal-trend
          .areas=${this.look.areas}
          .hass=${this.hass}
          .node=${this.node}
          .state=${this.state}
          .subject=${{ name: area.name, key: area.key, medianOf: area.key }}
          .texts=${this.texts}
          .write=${this.write}
        ></battery-thermal-trend>`
      : nothing;
  }

  /**
   * @param {import("./nodes.js").Area} area
   * @param {import("./nodes.js").AreaValues} values
   */
  #row(area, values) {
    const { look, paint, texts, write } = this;
    const { maximum, mean, deviation, complete } = values;
    const level = LEVELS[levelOf(values, area, look.imbalance)];
    const entityId = area.entity ?? undefined;
    const drifting = look.drift?.find(({ key }) => key === area.key);
    const hottest = maximum === null ? "–" : heatText(maximum, values, write, texts);
    const note = level ? texts(`areas.${level}`) : complete ? "" : texts("areas.incomplete");
    const patch = maximum === null ? {} : { background: colourOf(maximum, paint.span, paint.colours) };
    return html`
      <tr>
        <th scope="row">
          <button type="button" ?disabled=${!entityId} @click=${() => entityId && moreInfo(this, entityId)}>
            <i class="patch" style=${styleMap(patch)}></i>
            <span>${area.name}</span>
            <span class="level" data-level=${level ?? nothing}>${note}</span>
            ${drifting ? html`<span class="level" data-level="warning">${driftText(drifting, write, texts)}</span>` : nothing}
          </button>
        </th>
        <td>${hottest}</td>
        <td>${mean === null ? "–" : write(mean)}</td>
        <td>${deviation === null ? "–" : write.difference(deviation)}</td>
        <td>
          <button
            type="button"
            class="curve"
            aria-label=${texts("trend.title", { area: area.name })}
            aria-pressed=${area.key === this.shown ? "true" : "false"}
            @click=${() => (this.shown = area.key === this.shown ? null : area.key)}
          >
            <ha-icon icon="mdi:chart-line"></ha-icon>
            ${trendCurve(entityId ? this.points[entityId] : undefined)}
          </button>
        </td>
      </tr>
    `;
  }
}

define({ "battery-thermal-areas": AreaTable });
