/** The curve of the place that was tapped in the picture: of the area there, or of the pixel. */

import { shapeAt } from "./area-shapes.js";
import { define } from "./common/define.js";
import { base } from "./common/styles.js";
import { LitElement, css, html, nothing } from "./common/vendor/lit.js";
import { onSensor } from "./heat.js";
import "./trend-box.js";

/** Rows of a slow image on the sensor. */
const HEIGHT = 32;

export class PlaceCurve extends LitElement {
  static styles = [
    base,
    css`
      section { display: grid; gap: 8px; }
      .choice { display: flex; flex-wrap: wrap; gap: 8px; }
      .close { margin-inline-start: auto; padding: 0; border: none; }
    `,
  ];
  static properties = {
    hass: { attribute: false },
    isPixel: { state: true },
    look: { attribute: false },
    node: { attribute: false },
    place: { attribute: false },
    state: { attribute: false },
    texts: { attribute: false },
    write: { attribute: false },
  };

  constructor() {
    super();
    /** @type {Hass} */
    this.hass = /** @type {any} */ (null);
    /** Whether the curve of the pixel is shown though it is in an area. */
    this.isPixel = false;
    /** @type {import("./nodes.js").Look} */
    this.look = /** @type {any} */ (null);
    /** @type {string} id of the node's subentry */
    this.node = "";
    /** @type {[number, number]} row and column of a pixel of the sensor */
    this.place = [0, 0];
    /** Of images and alarms: with another one the curve is asked for anew. */
    this.state = "";
    /** @type {import("./common/texts.js").Texts} */
    this.texts = () => "";
    /** @type {import("./home-assistant.js").Writer} */
    this.write = /** @type {any} */ (String);
  }

  render() {
    const { hass, isPixel, look, node, place, texts, write } = this;
    const area = areaAt(look, place);
    const name = texts("trend.pixel", { row: place[0] + 1, column: place[1] + 1 });
    const other = area ?? look.areas.find(({ kind }) => kind === "cell");
    /** @type {import("./trend-data.js").Subject} */
    const pixel = { name, spot: place, ...(other && { medianOf: other.key }) };
    const subject = area && !isPixel ? { name: area.name, key: area.key, medianOf: area.key } : pixel;
    const choice = (/** @type {boolean} */ value, /** @type {string} */ text) => html`
      <button type="button" aria-pressed=${isPixel === value ? "true" : "false"} @click=${() => (this.isPixel = value)}>${text}</button>
    `;
    return html`
      <section>
        <div class="choice">
          ${area ? [choice(false, area.name), choice(true, name)] : nothing}
          <button
            type="button"
            class="close"
            aria-label=${texts("trend.close")}
            title=${texts("trend.close")}
            @click=${() => this.dispatchEvent(new CustomEvent("curve-closed"))}
          >
            <ha-icon icon="mdi:close"></ha-icon>
          </button>
        </div>
        <battery-thermal-trend
          .areas=${look.areas}
          .hass=${hass}
          .node=${node}
          .state=${this.state}
          .subject=${subject}
          .texts=${texts}
          .write=${write}
        ></battery-thermal-trend>
      </section>
    `;
  }
}

define({ "battery-thermal-place": PlaceCurve });

/**
 * @param {import("./spot.js").Place} place of a picture as it is displayed
 * @param {import("./nodes.js").ThermalImage} image
 * @param {import("./areas.js").Turned} look
 * @returns {[number, number]} row and column of the sensor; in the middle of a block of a fast image
 */
export function pixelOf(place, image, look) {
  const height = look.quarters % 2 ? image.width : image.rows.length;
  const { row, column } = onSensor(place, image, look);
  const middle = (/** @type {number} */ at) => Math.floor(((at + 0.5) * HEIGHT) / height);
  return [middle(row), middle(column)];
}

/**
 * @param {import("./nodes.js").Look} look
 * @param {[number, number]} pixel of the sensor
 * @returns {import("./nodes.js").Area | undefined} the smallest area that has it
 */
function areaAt({ areas }, [row, column]) {
  const counted = areas.filter(({ kind }) => kind !== "ignore");
  return counted[shapeAt(counted.map(({ points }) => points), [row + 0.5, column + 0.5])];
}
