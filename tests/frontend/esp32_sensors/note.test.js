/** What is shown where there are no boards, and where an administrator finds what is missing. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { drawTemplate } from "../page.js";

import { LitElement } from "../../../custom_components/esp32_sensors/frontend/common/vendor/lit.js";
import { note } from "../../../custom_components/esp32_sensors/frontend/note.js";

/** What is drawn of a note. */
async function drawn(/** @type {string | null} */ key, isAdmin = false) {
  const place = await drawTemplate(LitElement, note(/** @type {any} */ ((/** @type {string} */ text) => text), key, isAdmin));
  const box = /** @type {HTMLElement} */ (place.firstElementChild);
  return { box, link: box.querySelector("a")?.getAttribute("href") };
}

test("without a key there is nothing, and a screen reader hears a note as soon as there is one", async () => {
  const { box } = await drawn(null);
  assert.equal(box.hasAttribute("hidden"), true);
  assert.equal(box.textContent?.trim(), "");
  assert.equal(box.getAttribute("role"), "status");
});

test("a note has a title and a text", async () => {
  const { box, link } = await drawn("live.none_yet", true);
  assert.equal(box.hasAttribute("hidden"), false);
  assert.equal(box.querySelector("h3")?.textContent, "live.none_yet_title");
  assert.equal(box.querySelector("p")?.textContent, "live.none_yet_text");
  assert.equal(link, undefined);
});

test("an administrator is led to what is missing, nobody else", async () => {
  assert.equal((await drawn("live.none_known", true)).link, "/config/integrations/integration/esp32_sensors");
  assert.equal((await drawn("live.none_online", true)).link, "/config/integrations/integration/mqtt");
  assert.equal((await drawn("live.none_known")).link, undefined);
});
