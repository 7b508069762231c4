/** What is shown where there are no boards. */

import { go } from "./common/navigate.js";
import { html, nothing } from "./common/vendor/lit.js";

/** Where an administrator finds what is missing, by the key of the note. */
/** @type {Record<string, string>} */
const PAGES = {
  "live.none_known": "/config/integrations/integration/esp32_sensors",
  "live.none_online": "/config/integrations/integration/mqtt",
};

/**
 * @param {import("./common/texts.js").Texts} texts
 * @param {string | null} key of the texts; null: there is nothing to say
 * @param {boolean} isAdmin whether the viewer can open the settings
 */
export const note = (texts, key, isAdmin) =>
  html`<div class="note" role="status" ?hidden=${!key}>
    ${key
      ? html`
          <ha-icon icon="mdi:chip"></ha-icon>
          <h3>${texts(`${key}_title`)}</h3>
          <p class="secondary">${texts(`${key}_text`)}</p>
          ${isAdmin && PAGES[key] ? html`<a href=${PAGES[key]} @click=${go}>${texts("live.settings")}</a>` : nothing}
        `
      : nothing}
  </div>`;
