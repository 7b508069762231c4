/** The live page: boards that are connected, as they come, go and change. */

import { bannerStyles } from "./banner.js";
import "./board-tile.js";
import { matches } from "./boards.js";
import { base, cardStyles } from "./common/styles.js";
import { errorText } from "./common/texts.js";
import { css, html, nothing, repeat } from "./common/vendor/lit.js";
import { boardForm } from "./forms.js";
import { areasOf, clockFormat, deviceOf, identifyButtonOf, ledOf, timeFormat } from "./home-assistant.js";
import "./join-panel.js";
import { decide } from "./join-requests.js";
import { note } from "./note.js";
import "./offline-boards.js";
import { SelectingCard, selectingStyles } from "./selecting-card.js";
import { boardStyles, noteStyles } from "./styles.js";
import { NARROW_LAYOUTS, rememberLayout, rememberedLayout } from "./toolbar.js";

export class LiveCard extends SelectingCard {
  static styles = [
    base,
    cardStyles,
    boardStyles,
    noteStyles,
    bannerStyles,
    ...selectingStyles,
    css`
      .boards {
        display: grid; gap: var(--gap); padding: 16px;
        grid-template-columns: repeat(auto-fill, minmax(min(240px, 100%), 1fr));
      }
      .boards[data-layout="list"] { grid-template-columns: 1fr; gap: 8px; }
      .boards[data-layout="compact"] {
        grid-template-columns: repeat(auto-fill, minmax(min(160px, 100%), 1fr)); gap: 8px;
      }
      .boards.single { padding: 0; }
      .banners { display: grid; gap: 8px; padding: 16px 16px 0; }
    `,
  ];
  static properties = { chosen: { state: true }, filter: { state: true } };

  constructor() {
    super();
    /** @type {import("./toolbar.js").Layout | null} what the user chose on this page */
    this.chosen = null;
    /** What the user looks for. */
    this.filter = "";
    this.decide = this.decide.bind(this);
    this.identify = this.identify.bind(this);
    this.switchTo = this.switchTo.bind(this);
  }

  static getConfigForm() {
    return boardForm("network", "device", "layout");
  }

  static getStubConfig() {
    return {};
  }

  getCardSize() {
    return this.config.device ? 4 : 8;
  }

  getGridOptions() {
    return this.config.device
      ? { columns: 6, rows: "auto", min_columns: 4 }
      : { columns: "full", rows: "auto", min_columns: 6 };
  }

  content() {
    const { config, texts } = this;
    const all = this.boards();
    const online = all.filter(({ board }) => board.online);
    const offline = all.filter(({ board }) => !board.online);
    const shown = config.device
      ? all.filter(({ board }) => deviceOf(this.hass, board)?.id === config.device)
      : online.filter(({ board, title }) => matches(board, title, this.filter));
    const layout = config.device ? "single" : (this.chosen ?? rememberedLayout("live", config.layout));
    return html`
      <ha-card ?data-stale=${this.stale} ?data-selecting=${this.selecting}>
        ${config.device ? nothing : this.#toolbar(layout, shown, online.length, offline)}
        ${this.#banners(all)} ${this.requestList()} ${note(texts, this.#emptyBecause(all, online, shown), this.isAdmin)}
        <div class=${config.device ? "boards single" : "boards"} data-layout=${config.device ? "grid" : layout}>
          ${repeat(shown, ({ board }) => board.key, (titled) => this.#tile(titled, layout))}
        </div>
        ${this.selectionBar(shown)}
      </ha-card>
    `;
  }

  /** @param {import("./boards.js").Titled[]} all */
  #banners(all) {
    const { hass, texts } = this;
    // While boards are selected, those that wait are in the list of what can be selected.
    const asking = this.selecting ? [] : this.requests;
    if (!asking.length && !this.trouble) return nothing;
    return html`
      <div class="banners">
        ${this.troubleBanner()}
        <esp32-sensors-join
          .areas=${areasOf(hass)}
          .boards=${all}
          .decide=${this.decide}
          .requests=${asking}
          .texts=${texts}
        ></esp32-sensors-join>
      </div>
    `;
  }

  /**
   * @param {string} layout
   * @param {import("./boards.js").Titled[]} shown
   * @param {number} all
   * @param {import("./boards.js").Titled[]} offline
   */
  #toolbar(layout, shown, all, offline) {
    const { config, texts } = this;
    const count = shown.length;
    return html`
      <esp32-sensors-toolbar
        .count=${count === all ? texts("live.count", { count: all }) : texts("common.count_of", { count, all })}
        .label=${config.title ?? texts("live.title")}
        .layout=${layout}
        .layouts=${this.wide ? undefined : NARROW_LAYOUTS}
        .texts=${texts}
        @filter-changed=${(/** @type {CustomEvent} */ event) => (this.filter = event.detail)}
        @layout-changed=${(/** @type {CustomEvent} */ event) => {
          this.chosen = event.detail;
          rememberLayout("live", event.detail);
        }}
      >
        ${this.selectButton(shown)}
        <esp32-sensors-offline .boards=${offline} .texts=${texts} .time=${timeFormat(this.hass)}></esp32-sensors-offline>
      </esp32-sensors-toolbar>
    `;
  }

  /**
   * @param {import("./boards.js").Titled} titled
   * @param {string} layout
   */
  #tile({ board, title, path }, layout) {
    const { hass } = this;
    const seen = board.online || board.last_seen === null ? "" : timeFormat(hass)(board.last_seen);
    return html`
      <esp32-sensors-tile
        class="board"
        .board=${board}
        .identifiable=${board.control && board.online && Boolean(identifyButtonOf(hass, board))}
        .identify=${this.identify}
        .label=${title}
        .lastSeen=${seen}
        .layout=${layout}
        .path=${path}
        .selected=${this.selecting ? this.selected.has(board.key) : null}
        .switchable=${board.control && board.online && Boolean(ledOf(hass, board))}
        .switchTo=${this.switchTo}
        .texts=${this.texts}
        .time=${clockFormat(hass)}
        .wide=${this.wide}
        @select-changed=${(/** @type {CustomEvent} */ event) => this.select(board.key, event.detail)}
      ></esp32-sensors-tile>
    `;
  }

  /**
   * Switch the LED of a board.
   *
   * @param {import("./boards.js").Board} board
   * @param {boolean} on
   * @returns {Promise<string>} what went wrong; "": nothing
   */
  async switchTo(board, on) {
    return this.#call("switch", on ? "turn_on" : "turn_off", ledOf(this.hass, board), "live.led_failed");
  }

  /**
   * Let the LED of a board blink.
   *
   * @param {import("./boards.js").Board} board
   * @returns {Promise<string>} what went wrong; "": nothing
   */
  async identify(board) {
    return this.#call("button", "press", identifyButtonOf(this.hass, board), "live.identify_failed");
  }

  /**
   * @param {string} domain
   * @param {string} action
   * @param {string | undefined} entityId
   * @param {string} failed key of the text when Home Assistant does not say what went wrong
   */
  async #call(domain, action, entityId, failed) {
    const { hass } = this;
    try {
      await hass.callService(domain, action, {}, { entity_id: entityId }, false);
      return "";
    } catch (error) {
      return (await errorText(hass, error)) || this.texts(failed);
    }
  }

  /**
   * Let a board in, or refuse it.
   *
   * @type {import("./join-panel.js").Decide}
   */
  async decide(request, decision) {
    try {
      await decide(this.hass, request, decision);
      return "";
    } catch (error) {
      return (await errorText(this.hass, error)) || this.texts("join.failed");
    }
  }

  /**
   * @param {import("./boards.js").Titled[]} all
   * @param {import("./boards.js").Titled[]} online
   * @param {import("./boards.js").Titled[]} shown
   */
  #emptyBecause(all, online, shown) {
    if (shown.length) return null;
    if (!this.feed.known) return "common.loading";
    if (this.config.device) return "live.board_gone";
    // The banner says why there is none.
    if (this.trouble && !online.length) return null;
    if (!all.length) return this.noneKnown;
    return online.length ? "common.none_match" : "live.none_online";
  }
}
