/** The picture of a bank with what belongs to it: how far its image has come, and the drawing of areas. */

import "./area-editor.js";
import "./area-layer.js";
import "./grid-layer.js";
import { logState } from "./alarm-pages.js";
import { html, nothing } from "./common/vendor/lit.js";
import { percentFormat } from "./home-assistant.js";
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
      .drawn=${Boolean(draft)}
      .image=${image}
      .look=${draft ? { ...look, areas_drawn: false, marks: false } : look}
      .paint=${paint}
      .texts=${texts}
      .themes=${hass.themes}
      .write=${write}
      @place-pinned=${(/** @type {CustomEvent<import("./spot.js").Place | null>} */ { detail: place }) =>
        (card.curve = place && { node: node.id, place: pixelOf(place, image, look) })}
    >
      ${draft ? layerPart(card, draft) : nothing}
    </battery-thermal-picture>
    <div class="under">
      <div class="progress">
        <progress aria-label=${texts("card.progress")} max=${max} value=${value} ?hidden=${!running}></progress>
        <span class="secondary">${text}${boundText(image, write)}</span>
      </div>
      ${mayDraw && !draft
        ? html`<button type="button" class="draw" @click=${() => drawAreas(card, node)}>
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
 * The button that was pressed goes away: who uses a keyboard goes on in the editor.
 *
 * @param {import("./thermal-card.js").ThermalCard} card
 * @param {import("./nodes.js").Node} node
 */
async function drawAreas(card, node) {
  card.editing.begin(node);
  await focusOn(card, "battery-thermal-area-editor");
}

/**
 * Give the focus, which was on something that is gone, to something that has taken its place.
 *
 * @param {import("./thermal-card.js").ThermalCard} card
 * @param {string} selector
 */
async function focusOn(card, selector) {
  await card.updateComplete;
  const found = /** @type {HTMLElement | null} */ (card.renderRoot.querySelector(selector));
  if (document.activeElement === document.body) found?.focus({ preventScroll: true });
}

/**
 * @param {import("./thermal-card.js").ThermalCard} card
 * @param {import("./area-draft.js").Draft} draft
 */
function layerPart({ editing, hass, texts }, draft) {
  const change = (/** @type {CustomEvent} */ { detail }) => editing.change(detail);
  return draft.frame
    ? html`<battery-thermal-grid-layer
        .draft=${draft}
        .look=${editing.look}
        .percent=${percentFormat(hass)}
        .texts=${texts}
        @draft-changed=${change}
      ></battery-thermal-grid-layer>`
    : html`<battery-thermal-area-layer
        .draft=${draft}
        .texts=${texts}
        .turned=${editing.look}
        @draft-changed=${change}
      ></battery-thermal-area-layer>`;
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
export function editorPart(card, node, write) {
  const { editing, hass, texts } = card;
  if (!editing.isOf(node)) return nothing;
  return html`<battery-thermal-area-editor
    .busy=${editing.busy}
    .draft=${editing.draft}
    .error=${editing.error}
    .look=${editing.look}
    .texts=${texts}
    .write=${write}
    @draft-changed=${(/** @type {CustomEvent} */ { detail }) => editing.change(detail)}
    @areas-save=${() => editing.save(hass, texts).then(() => focusOn(card, ".draw"))}
    @areas-cancel=${() => {
      editing.change(null);
      focusOn(card, ".draw");
    }}
  ></battery-thermal-area-editor>`;
}
