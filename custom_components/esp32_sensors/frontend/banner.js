/** Banners above the boards: what needs attention, and the way to it. */

import { go } from "./common/navigate.js";
import { css, html, nothing } from "./common/vendor/lit.js";

/** Where an administrator sees what is wrong with a network, or with Home Assistant's connection to the broker. */
const PAGES = {
  broker_lost: "/config/integrations/integration/mqtt",
  failed: "/config/integrations/integration/esp32_sensors",
};

export const bannerStyles = css`
  .banner {
    display: flex; align-items: center; justify-content: flex-start; gap: 12px; width: 100%; min-height: 44px; padding: 8px 16px;
    border: 1px solid var(--primary-color); border-radius: 10px; color: inherit; text-align: start; text-decoration: none;
  }
  .banner ha-icon { flex: none; color: var(--primary-color); }
  .banner b { margin-left: auto; font-weight: 500; text-decoration: underline; }
  .banner[data-level="alarm"] { border-color: var(--error-color); background: var(--alarm-fill); }
  .banner[data-level="alarm"] ha-icon { color: var(--error-color); }
`;

/**
 * What is wrong with the networks that are shown.
 *
 * @param {Record<string, string>} networks their states, by the id of the config entry
 * @param {string | undefined} network the one that is shown; undefined: all
 * @returns {keyof typeof PAGES | null} null: nothing
 */
export function troubleOf(networks, network) {
  const states = Object.entries(networks).flatMap(([id, state]) => (!network || id === network ? [state] : []));
  if (states.includes("broker_lost")) return "broker_lost";
  return states.includes("failed") ? "failed" : null;
}

/**
 * @param {keyof typeof PAGES | null} trouble
 * @param {import("./common/texts.js").Texts} texts
 * @param {boolean} isAdmin whether the viewer can open the settings
 */
export function troubleBanner(trouble, texts, isAdmin) {
  if (!trouble) return nothing;
  const said = html`<ha-icon icon="mdi:lan-disconnect"></ha-icon><span>${texts(`live.${trouble}`)}</span>`;
  if (!isAdmin) return html`<div class="banner trouble" role="status" data-level="alarm">${said}</div>`;
  return html`
    <div role="status">
      <a class="banner trouble" data-level="alarm" href=${PAGES[trouble]} @click=${go}>${said}<b>${texts("live.settings")}</b></a>
    </div>
  `;
}
