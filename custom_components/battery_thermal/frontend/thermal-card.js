/** The thermal card: a battery bank's temperatures, alarms, picture, settings and archive. */

import { acknowledge } from "./acknowledge.js";
import { actOf } from "./act.js";
import "./alarm-banners.js";
import "./alarm-fold.js";
import { alarmLevels } from "./alarms.js";
import { AreaEditing } from "./area-editing.js";
import "./area-table.js";
import { bankBanners } from "./bank-banners.js";
import { Card } from "./common/card.js";
import { moreInfo } from "./common/navigate.js";
import { base, cardStyles } from "./common/styles.js";
import { html, nothing } from "./common/vendor/lit.js";
import { DOMAIN } from "./domain.js";
import { shownImage } from "./ended-images.js";
import { feedOf } from "./feed.js";
import { extraFigures, mainFigures } from "./figure-values.js";
import "./figures.js";
import { thermalForm } from "./forms.js";
import {
  ageFormat,
  deviceOf,
  entityIdsOf,
  nameOf,
  nodeDevices,
  statesOf,
  temperatureFormat,
  timeFormat,
} from "./home-assistant.js";
import { linkItems } from "./link.js";
import { settingsLink } from "./settings-link.js";
import "./look-choice.js";
import { SCALES, chosen, paletteNames } from "./looks.js";
import { Painter } from "./paint.js";
import { curveState, editorPart, picturePart } from "./picture-part.js";
import "./report-button.js";
import "./settings.js";
import { thermalStyles } from "./styles.js";
import { sliderIn } from "./time-slider.js";
import { Trends } from "./trends.js";
import "./value-table.js";

/** Milliseconds. */
const AGES = 15_000;

export class ThermalCard extends Card {
  static domain = DOMAIN;
  static categories = ["selector"];
  /** @type {(keyof Hass)[]} */
  static used = ["devices", "entities", "formatEntityState", "themes", "user"];
  static styles = [base, cardStyles, thermalStyles];
  static properties = { curve: { state: true }, past: { state: true } };

  constructor() {
    super();
    /** @type {import("./feed.js").NodeFeed} null until the card is in a page: before `content()` is called */
    this.feed = /** @type {any} */ (null);
    /** @type {import("./archive.js").Archived | null} the image of the archive that is looked at; null: the newest one */
    this.past = null;
    /** @type {{node: string, place: [number, number]} | null} the pixel of the sensor whose curve is shown */
    this.curve = null;
    this.trends = new Trends(() => this.requestUpdate());
    this.editing = new AreaEditing(() => this.requestUpdate());
    this.act = actOf(this);
    this.painter = new Painter();
  }

  static getConfigForm() {
    return thermalForm();
  }

  /** @param {Hass} hass */
  static getStubConfig(hass) {
    const [device] = nodeDevices(hass);
    return device ? { device: device.id } : {};
  }

  getCardSize() {
    return 8;
  }

  getGridOptions() {
    return this.config.small
      ? { columns: 6, rows: "auto", min_columns: 4 }
      : { columns: 12, rows: "auto", min_columns: 6 };
  }

  /** @param {CardConfig} config */
  setConfig(config) {
    // The palettes are not known yet: `#unknownPalette()`.
    if (config.scale && !SCALES.includes(config.scale)) throw new Error(`scale: ${SCALES.join(", ")}`);
    super.setConfig(config);
  }

  usedEntities() {
    return entityIdsOf(this.hass);
  }

  follow() {
    this.feed = feedOf(this.hass.connection);
    const stop = this.feed.listen(() => this.requestUpdate());
    const timer = setInterval(() => this.requestUpdate(), AGES);
    return () => {
      stop();
      clearInterval(timer);
    };
  }

  content() {
    const { config, feed, hass, past, texts } = this;
    const node = this.#node();
    const device = node && deviceOf(hass, node.id);
    const image = past && node ? past.image : node && shownImage(node, Boolean(config.only_ended));
    const states = statesOf(hass, device);
    return html`
      <ha-card ?data-stale=${feed.known && !feed.live} @image-asked=${(/** @type {CustomEvent<number>} */ { detail }) => sliderIn(this.renderRoot)?.goTo(detail)}>
        <div class="head">
          <h2>${config.title ?? (nameOf(device) || texts("card.title"))}</h2>
          ${image ? this.#age(image, states["image.thermal"]) : nothing}
        </div>
        <p class="note secondary" role="status" ?hidden=${Boolean(image)}>
          ${texts(this.#emptyBecause(node))} ${node || !feed.known ? nothing : settingsLink(hass, texts)}
        </p>
        ${this.#unknownPalette()} ${node ? this.#bank(node, image ?? null, states) : nothing}
      </ha-card>
    `;
  }

  /** What is shown when there is no palette of the name in the configuration. */
  #unknownPalette() {
    const { config, feed, texts } = this;
    const known = paletteNames(feed.palettes);
    if (!feed.known || !config.palette || known.includes(config.palette)) return nothing;
    const values = { palette: String(config.palette), palettes: known.join(", ") };
    return html`<p class="refused error" role="alert">${texts("card.no_palette", values)}</p>`;
  }

  /** The node that was chosen, or the first one. */
  #node() {
    const missing = this.editing.missing(this.feed.nodes);
    if (missing) return missing;
    const nodes = [...this.feed.nodes.values()];
    const { device } = this.config;
    return device ? nodes.find(({ id }) => deviceOf(this.hass, id)?.id === device) : nodes[0];
  }

  /** @param {import("./nodes.js").Node | undefined} node */
  #emptyBecause(node) {
    if (!this.feed.known) return "card.loading";
    if (node) return "card.no_image";
    return this.config.device ? "card.node_gone" : "card.no_node";
  }

  /**
   * @param {import("./nodes.js").ThermalImage} image
   * @param {HassState | undefined} picture the state of the picture's entity
   */
  #age(image, picture) {
    const { hass, texts } = this;
    const time = timeFormat(hass)(image.updated_at);
    return html`
      <button
        type="button"
        class="age"
        ?data-past=${Boolean(this.past)}
        ?disabled=${!picture}
        @click=${() => picture && moreInfo(this, picture.entity_id)}
      >
        ${time} (${ageFormat(hass)(image.updated_at)}), ${texts(`settings.${image.mode}`)}
      </button>
    `;
  }

  /**
   * @param {import("./nodes.js").Node} node
   * @param {import("./nodes.js").ThermalImage | null} image
   * @param {Record<string, HassState | undefined>} states
   */
  #bank(node, image, states) {
    const { config, hass, past, texts } = this;
    const write = temperatureFormat(hass);
    const { areas } = node.look;
    const banners = bankBanners(hass, node, states, texts, shownImage(node, Boolean(config.only_ended)), past);
    const ids = [states["sensor.maximum"]?.entity_id, ...areas.map(({ entity }) => entity)];
    if (!config.small) this.trends.show(hass, /** @type {string[]} */ (ids.filter(Boolean)));
    const sources = { hass, image, look: node.look, past, points: this.trends.points, states, texts, write };
    const figures = (/** @type {boolean} */ prominent, /** @type {import("./figures.js").Figure[]} */ all) => html`
      <battery-thermal-figures ?prominent=${prominent} .figures=${all} .texts=${texts}></battery-thermal-figures>
    `;
    return html`
      <div class="first">
        ${image ? figures(true, mainFigures(sources)) : nothing}
        <battery-thermal-banners
          .banners=${banners}
          .control=${node.control}
          .texts=${texts}
          @acknowledge=${(/** @type {CustomEvent} */ { detail: kind }) => acknowledge(hass, texts, node.id, { kind })}
        ></battery-thermal-banners>
      </div>
      <div class=${config.small ? "body small" : "body"}>
        <div class="seen">
          ${image ? picturePart(this, node, image, write) : nothing} ${config.small ? nothing : this.#archive(node, states, write)}
        </div>
        <div class="more">
          ${image && this.wide ? editorPart(this, node, write) : nothing} ${figures(false, extraFigures(sources))} ${config.small ? nothing : this.#rest(node, image, states, write)}
        </div>
      </div>
    `;
  }

  /**
   * @param {import("./nodes.js").Node} node
   * @param {Record<string, HassState | undefined>} states
   * @param {import("./home-assistant.js").Writer} write
   */
  #archive(node, states, write) {
    return html`
      <battery-thermal-archive
        .alarms=${alarmLevels(states)}
        .hass=${this.hass}
        .live=${this.feed.live}
        .node=${node}
        .texts=${this.texts}
        .write=${write}
        @archive-changed=${(/** @type {CustomEvent} */ event) => (this.past = event.detail)}
      ></battery-thermal-archive>
    `;
  }

  /**
   * @param {import("./nodes.js").Node} node
   * @param {import("./nodes.js").ThermalImage | null} image
   * @param {Record<string, HassState | undefined>} states
   * @param {import("./home-assistant.js").Writer} write
   */
  #rest(node, image, states, write) {
    const { config, feed, hass, texts } = this;
    const { look } = node;
    const looks = {
      palette: chosen("palette", config, look, feed.palettes),
      scale: chosen("scale", config, look, feed.palettes),
    };
    const paint = image && this.painter.last;
    return html`
      <battery-thermal-settings
        .act=${this.act}
        .node=${node}
        .states=${states}
        .texts=${texts}
        .write=${write}
      ></battery-thermal-settings>
      ${paint
        ? html`<battery-thermal-areas
            .hass=${hass}
            .image=${image}
            .look=${look}
            .node=${node.id}
            .paint=${paint}
            .points=${this.trends.points}
            .state=${curveState(node)}
            .texts=${texts}
            .write=${write}
          ></battery-thermal-areas>`
        : nothing}
      <battery-thermal-alarm-fold
        .hass=${hass}
        .node=${node}
        .texts=${texts}
        .write=${write}
        @alarm-image=${(/** @type {CustomEvent} */ { detail }) => sliderIn(this.renderRoot)?.goTo(detail.time)}
      ></battery-thermal-alarm-fold>
      <battery-thermal-look
        .chosen=${looks}
        .texts=${texts}
        @look-changed=${() => this.requestUpdate()}
      ></battery-thermal-look>
      ${paint
        ? html`<battery-thermal-values .image=${image} .texts=${texts} .write=${write}></battery-thermal-values>`
        : nothing}
      <battery-thermal-report .hass=${hass} .node=${node} .texts=${texts}></battery-thermal-report>
      <p class="link">
        ${linkItems(hass, node, states, texts).map(({ entityId: id, text }) =>
          html`<button type="button" ?disabled=${!id} @click=${() => id && moreInfo(this, id)}>${text}</button>`)}
      </p>
    `;
  }
}
