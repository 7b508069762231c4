/** What is shown where the browser cannot read the cards. */

import assert from "node:assert/strict";
import { test } from "node:test";

import "../page.js";

import { start } from "../../../common/frontend/start.js";

test("a browser that cannot read the cards gets a message in their place", async () => {
  await start(() => Promise.reject(new SyntaxError("private names")), ["old-card"], ["old-strategy"]);
  for (const [language, text] of [["fr", /navigateur plus récent/], ["pt-BR", /navegador mais recente/], ["de", /newer browser/]]) {
    document.documentElement.lang = String(language);
    /** @type {any} */
    const card = document.createElement("old-card");
    card.setConfig();
    assert.equal(card.getCardSize(), 1);
    document.body.append(card);
    assert.match(card.textContent, /** @type {RegExp} */ (text));
  }
  /** @type {any} */
  const strategy = customElements.get("old-strategy");
  assert.deepEqual(await strategy.generate(), { views: [{ cards: [{ type: "custom:old-card" }] }] });
});

test("a connection that is lost says nothing about the browser", async () => {
  const lost = new TypeError("Failed to fetch");
  await assert.rejects(start(() => Promise.reject(lost), ["lost-card"], []), lost);
  assert.equal(customElements.get("lost-card"), undefined);
});
