/** The name of a board: a link for who may rename it. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { drawTemplate } from "../page.js";

import { boardName } from "../../../custom_components/esp32_sensors/frontend/board-name.js";
import { LitElement } from "../../../custom_components/esp32_sensors/frontend/common/vendor/lit.js";

/** The heading that is drawn, and its link. */
async function drawn(/** @type {Parameters<typeof boardName>} */ ...known) {
  const place = await drawTemplate(LitElement, boardName(...known));
  const heading = /** @type {HTMLElement} */ (place.querySelector("h3"));
  return { heading, link: /** @type {HTMLElement} */ (heading.querySelector("a")) };
}

test("with a path it leads there", async () => {
  const { heading, link } = await drawn("Attic", "/config/devices/device/d", "Attic, MAC");
  assert.equal(heading.textContent, "Attic");
  assert.equal(heading.title, "Attic, MAC");
  assert.equal(link.getAttribute("href"), "/config/devices/device/d");
});

test("without one it is plain text, and a name is never read as HTML", async () => {
  const { heading, link } = await drawn("<b>Attic</b>", null);
  assert.equal(heading.textContent, "<b>Attic</b>");
  assert.equal(link.hasAttribute("href"), false);
  assert.equal(heading.hasAttribute("title"), false);
});
