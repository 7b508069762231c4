/** The way to where nodes are added: only for who may go it. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { drawTemplate } from "../page.js";
import { texts } from "./nodes-and-areas.js";

import { LitElement } from "../../../custom_components/battery_thermal/frontend/common/vendor/lit.js";
import { settingsLink } from "../../../custom_components/battery_thermal/frontend/settings-link.js";

/** The link that a user sees. */
async function linkOf(/** @type {any} */ user) {
  const place = await drawTemplate(LitElement, settingsLink(/** @type {any} */ ({ user }), texts));
  return place.querySelector("a");
}

test("an administrator is led to the integration", async () => {
  const link = await linkOf({ is_admin: true });
  assert.equal(link?.getAttribute("href"), "/config/integrations/integration/battery_thermal");
  assert.equal(link?.textContent, "card.open_settings");
});

test("nobody else is", async () => {
  assert.equal((await linkOf({ is_admin: false })), null);
  assert.equal((await linkOf(undefined)), null);
});
