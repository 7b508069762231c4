/** The welcome page: which banks there are, how they are, how to add one. */

import { maximumText } from "./alarms.js";
import { bankBanners } from "./bank-banners.js";
import { Card } from "./common/card.js";
import { go, moreInfo } from "./common/navigate.js";
import { alarmStyles, base, cardStyles } from "./common/styles.js";
import { css, html, ifDefined, nothing, repeat } from "./common/vendor/lit.js";
import { DOMAIN } from "./domain.js";
import { feedOf } from "./feed.js";
import { welcomeForm } from "./forms.js";
import { banksOf, boardsOnline, entityIdsOf, temperatureFormat } from "./home-assistant.js";
import { settingsLink } from "./settings-link.js";

const STEPS = ["register", "open", "enter", "picture"];

export class WelcomeCard extends Card {
  static domain = DOMAIN;
  /** @type {(keyof Hass)[]} */
  static used = ["devices", "entities", "formatEntityState", "user"];
  static styles = [
    base,
    cardStyles,
    alarmStyles,
    css`
      .page { display: grid; gap: 24px; padding: 24px; max-width: 1000px; margin: 0 auto; }
      ha-card[data-stale] .page { opacity: 0.6; }
      .columns p a { display: inline-flex; align-items: center; min-height: 44px; color: inherit; }
      h2 { font-size: 28px; font-weight: 400; }
      h3 { font-size: 18px; font-weight: 500; margin-bottom: 8px; }
      .page p, .steps li { line-height: 1.6; }
      .columns { display: grid; gap: 24px; grid-template-columns: repeat(auto-fit, minmax(min(400px, 100%), 1fr)); }
      .columns > [data-wide] { grid-column: 1 / -1; }
      .steps { counter-reset: step; display: grid; gap: 8px; }
      .steps li { counter-increment: step; display: grid; grid-template-columns: 32px 1fr; }
      .steps li::before { content: counter(step); color: var(--primary-color); font-size: 20px; }
      output { font-size: 56px; line-height: 1; font-weight: 300; }
      output[data-unavailable] { font-size: inherit; font-weight: inherit; }
      .banks { display: grid; gap: 16px; grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr)); }
      .bank {
        display: flex; align-items: flex-start; justify-content: flex-start; gap: 16px;
        width: 100%; height: 100%; padding: 12px; text-align: start; color: inherit; text-decoration: none;
        border: 1px solid var(--line); border-radius: 12px;
      }
      .bank:hover { background: var(--hover); }
      .bank img { display: block; flex: none; max-width: 45%; max-height: 320px; border-radius: 8px; }
      .said { display: grid; gap: 8px; justify-items: start; min-width: 0; overflow-wrap: anywhere; }
      .name { font-size: 16px; font-weight: 500; }
      .temperature { font-size: 24px; font-variant-numeric: tabular-nums; white-space: nowrap; }
      .alarms { display: flex; flex-wrap: wrap; gap: 8px; }
      .alarms:empty { display: none; }
    `,
  ];

  constructor() {
    super();
    /** @type {import("./feed.js").NodeFeed} null until the card is in a page: before `content()` is called */
    this.feed = /** @type {any} */ (null);
  }

  static getConfigForm() {
    return welcomeForm();
  }

  static getStubConfig() {
    return {};
  }

  getCardSize() {
    return 8;
  }

  getGridOptions() {
    return { columns: "full", rows: "auto", min_columns: 6 };
  }

  usedEntities() {
    return entityIdsOf(this.hass);
  }

  follow() {
    this.feed = feedOf(this.hass.connection);
    return this.feed.listen(() => this.requestUpdate());
  }

  content() {
    const { config, hass, texts } = this;
    const banks = banksOf(hass);
    const online = boardsOnline(hass);
    const unavailable = Number.isNaN(online);
    return html`
      <ha-card ?data-stale=${hass.connected === false}>
        <div class="page">
          <div>
            <h2>${config.title ?? texts("welcome.title")}</h2>
            <p class="secondary">${texts("welcome.intro")}</p>
          </div>
          <div class="columns">
            <section ?data-wide=${/* One has room beside the other parts. */ banks.length !== 1}>
              <h3>${texts("welcome.banks_title")}</h3>
              <p ?hidden=${banks.length > 0}>${texts("welcome.none")}</p>
              <ul class="banks" ?hidden=${!banks.length}>
                ${repeat(banks, ({ id }) => id, (bank) => html`<li>${this.#bank(bank)}</li>`)}
              </ul>
            </section>
            <section ?hidden=${!hass.user?.is_admin}>
              <h3>${texts("welcome.add_title")}</h3>
              <ol class="steps">${STEPS.map((step) => html`<li>${texts(`welcome.add_${step}`)}</li>`)}</ol>
              <p>${settingsLink(hass, texts)}</p>
            </section>
            <section ?hidden=${online === null}>
              <h3>${texts("welcome.boards_title")}</h3>
              <output ?data-unavailable=${unavailable}>
                ${unavailable ? texts("welcome.condition_unavailable") : (online ?? "")}
              </output>
            </section>
          </div>
        </div>
      </ha-card>
    `;
  }

  /**
   * A bank leads to its page; where there is none, to Home Assistant's dialog about its picture.
   *
   * @param {import("./home-assistant.js").Bank} bank
   */
  #bank(bank) {
    const { config } = this;
    const path = config.links?.[bank.id];
    if (path) return html`<a class="bank" href=${path} @click=${go}>${this.#summary(bank)}</a>`;
    return html`
      <button class="bank" type="button" @click=${() => moreInfo(this, bank.picture.entity_id)}>${this.#summary(bank)}</button>
    `;
  }

  /** @param {import("./home-assistant.js").Bank} bank */
  #summary({ condition, name, node: id, picture, states, temperature }) {
    const { feed, hass, texts } = this;
    const node = feed.nodes.get(id);
    const banners = bankBanners(hass, node, states, texts);
    // As the picture has it: what is hotter in the next image counts at once.
    const hottest = node?.image ? maximumText(node.image, temperatureFormat(hass), texts) : temperature && hass.formatEntityState(temperature);
    const seen = ["alarm", "quiet"].includes(condition);
    return html`
      <img alt="" ?hidden=${!seen} src=${ifDefined(seen ? pictureOf(picture) : undefined)} />
      <span class="said">
        <span class="name">${name}</span>
        ${seen && hottest
          ? html`<span>
              <span class="secondary">${texts("card.hottest")}</span>
              <span class="temperature">${hottest}</span>
            </span>`
          : nothing}
        <span class="alarms">
          ${repeat(
            banners,
            ({ level, text }) => `${level} ${text}`,
            ({ level, text }) =>
              html`<span class="alarm" data-level=${level}><ha-icon icon="mdi:alert"></ha-icon><span>${text}</span></span>`,
          )}
        </span>
        <span class="secondary">${texts(`welcome.condition_${condition}`)}</span>
      </span>
    `;
  }
}

/**
 * The address of the picture changes only every few minutes: with its state there is one for
 * each picture.
 *
 * @param {HassState} picture
 * @returns {string | undefined}
 */
function pictureOf({ state, attributes }) {
  const { entity_picture: address } = attributes;
  return address && `${address}&state=${encodeURIComponent(state)}`;
}
