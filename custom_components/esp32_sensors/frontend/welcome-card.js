/** The welcome page: what there is, how many boards are online, how to add one. */

import { bannerStyles } from "./banner.js";
import { batteryBanks } from "./battery-banks.js";
import { BoardCard } from "./board-card.js";
import { boardPicture, pictureStyles } from "./board-picture.js";
import { go, moreInfo } from "./common/navigate.js";
import { alarmStyles, base, cardStyles } from "./common/styles.js";
import { css, html, ifDefined, nothing, repeat } from "./common/vendor/lit.js";
import { boardForm } from "./forms.js";
import { boardStyles, noteStyles } from "./styles.js";

const STEPS = ["flash", "connect", "appear", "name"];

export class WelcomeCard extends BoardCard {
  static styles = [
    base,
    cardStyles,
    boardStyles,
    noteStyles,
    bannerStyles,
    pictureStyles,
    alarmStyles,
    css`
      .page { display: grid; gap: 24px; padding: 24px; max-width: 1000px; margin: 0 auto; }
      .head { display: flex; flex-wrap: wrap; align-items: center; gap: 16px 40px; }
      .head > div { flex: 1 1 340px; }
      /* On a phone the picture of a board would move an alarm below the edge of the screen. */
      @media (max-width: 600px) { .page[data-alarmed] .picture { display: none; } }
      h2 { font-size: 28px; font-weight: 400; }
      h3 { font-size: 18px; font-weight: 500; margin-bottom: 8px; }
      .page p, .page li { line-height: 1.6; }
      .columns { display: grid; gap: 24px; grid-template-columns: repeat(auto-fit, minmax(min(280px, 100%), 1fr)); }
      .online { display: flex; align-items: baseline; gap: 10px; }
      .online output { font-size: 56px; line-height: 1; font-weight: 300; }
      .steps { counter-reset: step; display: grid; gap: 8px; }
      .steps li { counter-increment: step; display: grid; grid-template-columns: 32px 1fr; }
      .steps li::before { content: counter(step); color: var(--primary-color); font-size: 20px; }
      .banks { display: grid; gap: 16px; }
      .banks button { flex-direction: column; padding: 8px; height: auto; }
      .banks .name { font-weight: 500; }
      .banks img { max-width: 100%; max-height: 320px; border-radius: 8px; display: block; }
      .alarms { display: flex; flex-wrap: wrap; gap: 8px; justify-content: center; }
      .alarms .alarm { text-align: start; }
      .links { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 12px; }
      .links a {
        display: inline-flex; align-items: center; gap: 8px; min-height: 44px; padding: 0 16px;
        border: 1px solid var(--line); border-radius: 10px; color: inherit; text-decoration: none;
      }
    `,
  ];
  // The last two are those of the battery banks.
  /** @type {(keyof Hass)[]} */
  static used = [...BoardCard.used, "formatEntityState", "states"];

  static getConfigForm() {
    return boardForm("network");
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

  content() {
    const { config, feed, texts } = this;
    const all = this.boards();
    const online = all.filter(({ board }) => board.online).length;
    const banks = batteryBanks(this.hass, texts);
    const alarmed = banks.some(({ alarms }) => alarms.length > 0);
    const links = Object.entries(config.links ?? {}).map(
      ([key, path]) => html`<a href=${path} @click=${go}>${texts(`${key}.title`)}</a>`,
    );
    return html`
      <ha-card ?data-stale=${this.stale}>
        <div class="page" ?data-alarmed=${alarmed}>
          <div class="head">
            <div>
              <h2>${config.title ?? texts("welcome.title")}</h2>
              <p class="secondary">${texts("welcome.intro")}</p>
            </div>
            ${boardPicture()}
          </div>
          ${this.troubleBanner()}
          <div class="columns">
            ${alarmed ? this.#banks(banks) : nothing}
            <section>
              <h3>${texts("welcome.online_title")}</h3>
              <p class="online">
                <output>${feed.known ? online : "–"}</output>
                <span class="secondary">${feed.known ? texts("welcome.online_of", { count: all.length }) : ""}</span>
              </p>
              <p class="links">${links}</p>
            </section>
            <section ?hidden=${!this.hass.user?.is_admin}>
              <h3>${texts("welcome.add_title")}</h3>
              <ol class="steps">${STEPS.map((step) => html`<li>${texts(`welcome.add_${step}`)}</li>`)}</ol>
            </section>
            ${alarmed ? nothing : this.#banks(banks)}
          </div>
        </div>
      </ha-card>
    `;
  }

  /** @param {import("./battery-banks.js").Bank[]} banks */
  #banks(banks) {
    return html`
      <section ?hidden=${!banks.length}>
        <h3>${this.texts("welcome.battery_title")}</h3>
        <div class="banks">
          ${repeat(banks, ({ picture }) => picture?.entity_id, (bank) => this.#bank(bank))}
        </div>
      </section>
    `;
  }

  /** @param {import("./battery-banks.js").Bank} bank */
  #bank({ name, picture: found, temperature, alarms }) {
    const { hass, texts } = this;
    const picture = /** @type {HassState} */ (found);
    // Without a picture nothing is said to be without alarm.
    const heard = !["unavailable", "unknown"].includes(picture.state);
    const silence = picture.state === "unknown" ? texts("welcome.battery_waiting") : hass.formatEntityState(picture);
    return html`
      <button type="button" @click=${() => moreInfo(this, picture.entity_id)}>
        <span class="alarms" ?hidden=${!alarms.length}>
          ${repeat(
            alarms,
            ({ text }) => text,
            ({ text, level }) =>
              html`<span class="alarm" data-level=${level}><ha-icon icon="mdi:alert"></ha-icon>${text}</span>`,
          )}
        </span>
        <img alt="" src=${ifDefined(pictureOf(picture))} />
        <span class="name">${name}</span>
        <span>
          ${heard && temperature ? texts("welcome.battery_hottest", { value: hass.formatEntityState(temperature) }) : ""}
        </span>
        <span class="secondary" ?hidden=${alarms.length > 0}>
          ${heard ? texts("welcome.battery_quiet") : silence}
        </span>
      </button>
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
