/** The alarm log as a card of its own: of one battery bank, or of all. */

import "./alarm-list.js";
import { logState } from "./alarm-pages.js";
import { Card } from "./common/card.js";
import { base, cardStyles } from "./common/styles.js";
import { css, html, nothing } from "./common/vendor/lit.js";
import { DOMAIN } from "./domain.js";
import { feedOf } from "./feed.js";
import { COUNT, alarmsForm } from "./forms.js";
import { deviceOf, nameOf, temperatureFormat } from "./home-assistant.js";

export class AlarmsCard extends Card {
  static domain = DOMAIN;
  /** @type {(keyof Hass)[]} */
  static used = ["devices"];
  static styles = [
    base,
    cardStyles,
    css`
      h2 { padding: 16px 16px 8px; font-size: var(--ha-card-header-font-size, 22px); font-weight: 400; }
      .list, p { display: block; padding: 0 16px 16px; }
      ha-card[data-stale] .list { opacity: 0.6; }
    `,
  ];
  static properties = { picture: { state: true } };

  constructor() {
    super();
    /** @type {import("./feed.js").NodeFeed} null until the card is in a page: before `content()` is called */
    this.feed = /** @type {any} */ (null);
    /** @type {{id: string, url: string} | null} the picture that is shown at its alarm */
    this.picture = null;
  }

  static getConfigForm() {
    return alarmsForm();
  }

  static getStubConfig() {
    return {};
  }

  getCardSize() {
    return 6;
  }

  getGridOptions() {
    return { columns: 12, rows: "auto", min_columns: 6 };
  }

  follow() {
    this.feed = feedOf(this.hass.connection);
    return this.feed.listen(() => this.requestUpdate());
  }

  content() {
    const { config, feed, hass, texts } = this;
    const { device } = config;
    const all = [...feed.nodes.values()];
    const nodes = all.filter(({ id }) => !device || deviceOf(hass, id)?.id === device);
    const gone = feed.known && !nodes.length;
    const names = device || nodes.length < 2 ? [] : nodes.map(({ id }) => [id, nameOf(deviceOf(hass, id))]);
    return html`
      <ha-card ?data-stale=${feed.known && !feed.live}>
        <h2>${config.title ?? texts("alarm_log.title")}</h2>
        <p class="secondary" role="status" ?hidden=${!gone}>${texts(device ? "card.node_gone" : "card.no_node")}</p>
        ${nodes.length
          ? html`<battery-thermal-alarm-list
              class="list"
              .count=${config.count ?? COUNT}
              .hass=${hass}
              .names=${Object.fromEntries(names)}
              .node=${device ? nodes[0].id : undefined}
              .picture=${this.picture}
              .state=${logState(nodes)}
              .texts=${texts}
              .write=${temperatureFormat(hass)}
              @alarm-image=${(/** @type {CustomEvent} */ { detail }) => this.#show(detail)}
            ></battery-thermal-alarm-list>`
          : nothing}
      </ha-card>
    `;
  }

  /**
   * Show the picture of an image at its alarm; once more: hide it.
   *
   * @param {{id: string, node: string, time: number}} wanted
   */
  async #show({ id, node, time }) {
    const path = `/api/${DOMAIN}/archive/${node}/${time}`;
    const before = this.picture;
    this.picture = null;
    if (before?.id === id && before.url.startsWith(path)) return;
    const { path: url } = await this.hass.callWS({ type: "auth/sign_path", path });
    this.picture = { id, url };
  }
}
