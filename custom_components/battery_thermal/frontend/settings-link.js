/** The way to where nodes are added. */

import { go } from "./common/navigate.js";
import { html, nothing } from "./common/vendor/lit.js";

const PAGE = "/config/integrations/integration/battery_thermal";

/**
 * @param {Hass} hass
 * @param {import("./common/texts.js").Texts} texts
 */
export function settingsLink({ user }, texts) {
  return user?.is_admin ? html`<a href=${PAGE} @click=${go}>${texts("card.open_settings")}</a>` : nothing;
}
