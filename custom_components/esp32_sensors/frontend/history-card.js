/** The history page: every board ever seen, with the last values it has sent. */

import { bannerStyles } from "./banner.js";
import { compareLastSeen, matches } from "./boards.js";
import { base, cardStyles } from "./common/styles.js";
import { errorText } from "./common/texts.js";
import { css, html, repeat } from "./common/vendor/lit.js";
import { newerVersion, newestVersions } from "./firmware.js";
import { boardForm } from "./forms.js";
import "./history-box.js";
import { momentFormat, timeFormat, utc, utcMoment } from "./home-assistant.js";
import { note } from "./note.js";
import { SelectingCard, selectingStyles } from "./selecting-card.js";
import { boardStyles, noteStyles } from "./styles.js";
import { NARROW_LAYOUTS, rememberLayout, rememberedLayout } from "./toolbar.js";

/** Under which this browser remembers whether times are local: "true" or "false". */
const LOCAL_TIMES = "esp32_sensors.local_times";

/** @returns {boolean | null} null: nothing was chosen in this browser */
function rememberedTimes() {
  const stored = localStorage.getItem(LOCAL_TIMES);
  return stored === null ? null : stored === "true";
}

export class HistoryCard extends SelectingCard {
  static styles = [
    base,
    cardStyles,
    boardStyles,
    noteStyles,
    bannerStyles,
    ...selectingStyles,
    css`
      .banner { margin: 16px 16px 0; width: auto; }
      .boards {
        display: grid; gap: var(--gap); padding: 16px;
        grid-template-columns: repeat(auto-fill, minmax(min(600px, 100%), 1fr));
      }
      .boards[data-layout="list"] { grid-template-columns: 1fr; }
      .boards[data-layout="compact"] {
        grid-template-columns: repeat(auto-fill, minmax(min(220px, 100%), 1fr)); gap: 8px;
      }
    `,
  ];
  static properties = { chosen: { state: true }, filter: { state: true }, chosenLocal: { state: true } };

  constructor() {
    super();
    /** @type {import("./toolbar.js").Layout | null} what the user chose on this page */
    this.chosen = null;
    /** What the user looks for. */
    this.filter = "";
    /** @type {boolean | null} whether this user chose local times instead of UTC in this browser; null: neither */
    this.chosenLocal = rememberedTimes();
  }

  static getConfigForm() {
    return boardForm("network", "layout", "local_times");
  }

  static getStubConfig() {
    return {};
  }

  getCardSize() {
    return 10;
  }

  getGridOptions() {
    return { columns: "full", rows: "auto", min_columns: 6 };
  }

  /** Whether times are those of the user instead of UTC. */
  get local() {
    return this.chosenLocal ?? Boolean(this.config.local_times);
  }

  content() {
    const { config, texts } = this;
    const [time, moment] = this.local ? [timeFormat(this.hass), momentFormat(this.hass)] : [utc, utcMoment];
    const all = this.boards();
    const shown = all.filter(({ board, title }) => matches(board, title, this.filter)).sort(compareLastSeen);
    const newest = newestVersions(this.feed.boards.values());
    const layout = this.chosen ?? rememberedLayout("history", config.layout);
    return html`
      <ha-card ?data-stale=${this.stale} ?data-selecting=${this.selecting}>
        ${this.#toolbar(layout, shown, all.length)} ${this.troubleBanner()} ${this.requestList()}
        ${note(texts, this.#emptyBecause(all, shown), this.isAdmin)}
        <div class="boards" data-layout=${layout}>
          ${repeat(
            shown,
            ({ board }) => board.key,
            ({ board, title, path }) => html`
              <esp32-sensors-box
                class="board"
                .board=${board}
                .call=${this.hass.user?.is_admin ? this.#call : null}
                .label=${title}
                .layout=${layout}
                .moment=${moment}
                .newer=${newerVersion(board, newest)}
                .path=${path}
                .selected=${this.selecting ? this.selected.has(board.key) : null}
                .texts=${texts}
                .time=${time}
                .wide=${this.wide}
                @select-changed=${(/** @type {CustomEvent} */ event) => this.select(board.key, event.detail)}
              ></esp32-sensors-box>
            `,
          )}
        </div>
        ${this.selectionBar(shown)}
      </ha-card>
    `;
  }

  /**
   * @param {string} layout
   * @param {import("./boards.js").Titled[]} shown
   * @param {number} all
   */
  #toolbar(layout, shown, all) {
    const { config, texts } = this;
    const count = shown.length;
    return html`
      <esp32-sensors-toolbar
        .count=${count === all ? texts("history.count", { count }) : texts("common.count_of", { count, all })}
        .label=${config.title ?? texts("history.title")}
        .layout=${layout}
        .layouts=${this.wide ? undefined : NARROW_LAYOUTS}
        .texts=${texts}
        @filter-changed=${(/** @type {CustomEvent} */ event) => (this.filter = event.detail)}
        @layout-changed=${(/** @type {CustomEvent} */ event) => {
          this.chosen = event.detail;
          rememberLayout("history", event.detail);
        }}
      >
        ${this.selectButton(shown)}
        <button type="button" aria-pressed=${this.local ? "true" : "false"} @click=${() => this.#toggleTimes()}>
          <ha-icon icon="mdi:clock-outline"></ha-icon>
          ${texts("history.local_times")}
        </button>
      </esp32-sensors-toolbar>
    `;
  }

  /** Send a command. Rejects with an error in the language of the viewer. */
  #call = (/** @type {{type: string, [key: string]: unknown}} */ message) => {
    const { hass } = this;
    return hass.callWS(message).catch(async (error) => Promise.reject(new Error(await errorText(hass, error))));
  };

  #toggleTimes() {
    this.chosenLocal = !this.local;
    localStorage.setItem(LOCAL_TIMES, String(this.chosenLocal));
  }

  /**
   * @param {import("./boards.js").Titled[]} all
   * @param {import("./boards.js").Titled[]} shown
   */
  #emptyBecause(all, shown) {
    if (shown.length) return null;
    if (!this.feed.known) return "common.loading";
    return all.length ? "common.none_match" : this.noneKnown;
  }
}
