/** The picture of a bank with what belongs to it: how far its image has come, and the drawing of areas. */

import "./area-editor.js";
import "./area-layer.js";
import { logState } from "./alarm-pages.js";
import { html, nothing } from "./common/vendor/lit.js";
import "./picture.js";
import { pixelOf } from "./place-curve.js";
import { boundText, progressText } from "./progress.js";

/**
 * @param {import("./thermal-card.js").ThermalCard} card
 * @param {import("./nodes.js").Node} node
 * @param {import("./nodes.js").ThermalImage} image
 * @param {import("./home-assistant.js").Writer} write
 */
export function picturePart(card, node, image, write) {
  const { config, editing, feed, hass, painter, texts } = card;
  const { look } = node;
  const { running, value, max, text } = progressText(image, texts);
  const { threshold } = card.past ?? node;
  const paint = painter.paint({ look, image, threshold, config, unit: write.unit }, feed.palettes);
  const draft = editing.isOf(node) ? editing.draft : null;
  const mayDraw = !config.small && hass.user?.is_admin;
  return html`
    <battery-thermal-picture
      .image=${image}
      .look=${draft ? { ...look, areas_drawn: false, marks: false } : look}
      .paint=${paint}
      .texts=${texts}
      .themes=${hass.themes}
      .write=${write}
      @place-pinned=${(/** @type {CustomEvent<import("./spot.js").Place | null>} */ { detail: place }) =>
        (card.curve = place && { node: node.id, place: pixelOf(place, image, look) })}
    >
      ${draft
        ? html`<battery-thermal-area-layer
            .draft=${draft}
            .texts=${texts}
            .turned=${look}
            @draft-changed=${(/** @type {CustomEvent} */ { detail }) => editing.change(detail)}
          ></battery-thermal-area-layer>`
        : nothing}
    </battery-thermal-picture>
    <div class="under">
      <div class="progress">
        <progress aria-label=${texts("card.progress")} max=${max} value=${value} ?hidden=${!running}></progress>
        <span class="secondary">${text}${boundText(image, write)}</span>
      </div>
      ${mayDraw && !draft
        ? html`<button type="button" class="draw" @click=${() => editing.begin(node)}>
            <ha-icon icon="mdi:vector-square-edit"></ha-icon>${texts("area_editor.title")}
          </button>`
        : nothing}
    </div>
    ${card.wide ? nothing : editorPart(card, node, write)}
    ${card.curve?.node === node.id && !draft && !config.small
      ? html`<battery-thermal-place
          .hass=${hass}
          .look=${look}
          .node=${node.id}
          .place=${card.curve.place}
          .state=${curveState(node)}
          .texts=${texts}
          .write=${write}
          @curve-closed=${() => (card.curve = null)}
        ></battery-thermal-place>`
      : nothing}
  `;
}

/**
 * @param {import("./nodes.js").Node} node
 * @returns {string} another one when curves may have changed
 */
export const curveState = (node) => `${node.ended?.started_at} ${logState([node])}`;

/**
 * What belongs to the areas that are drawn: beside the picture where there is room, or below it.
 *
 * @param {import("./thermal-card.js").ThermalCard} card
 * @param {import("./nodes.js").Node} node
 * @param {import("./home-assistant.js").Writer} write
 */
export function editorPart({ editing, hass, texts }, node, write) {
  if (!editing.isOf(node)) return nothing;
  return html`<battery-thermal-area-editor
    .busy=${editing.busy}
    .draft=${editing.draft}
    .error=${editing.error}
    .look=${editing.look}
    .texts=${texts}
    .write=${write}
    @draft-changed=${(/** @type {CustomEvent} */ { detail }) => editing.change(detail)}
    @areas-save=${() => editing.save(hass, texts)}
    @areas-cancel=${() => editing.change(null)}
  ></battery-thermal-area-editor>`;
}
