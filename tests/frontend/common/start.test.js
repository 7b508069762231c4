/** What is shown where the browser cannot read the cards. */

import assert from "node:assert/strict";
import { test } from "node:test";

import "../page.js";

import { start } from "../../../common/frontend/start.js";

test("a browser that cannot read the cards gets a message in their place", async () => {
  const load = () => Promise.reject(new SyntaxError("private names"));
  await start(load, ["old-card"], { "old-strategy": load });
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
  await assert.rejects(start(() => Promise.reject(lost), ["lost-card"], { "lost-strategy": () => Promise.reject(lost) }), lost);
  assert.equal(customElements.get("lost-card"), undefined);
  /** @type {any} */
  const strategy = customElements.get("lost-strategy");
  await assert.rejects(strategy.generate({}, {}), lost);
});

test("a strategy is there before its module: Home Assistant does not wait long for it", async () => {
  class Pages extends HTMLElement {
    static registryDependencies = ["devices"];

    static shouldRegenerate() {
      return true;
    }

    /** @type {(config: object, hass: any) => Promise<object>} */
    static async generate(config, hass) {
      return { config, hass };
    }
  }
  /** @type {(pages: typeof Pages) => void} */
  let arrived = () => {};
  const arrives = new Promise((resolve) => (arrived = resolve));
  start(() => new Promise(() => {}), ["slow-card"], { "slow-strategy": () => /** @type {any} */ (arrives) });
  /** @type {any} */
  const strategy = customElements.get("slow-strategy");
  const made = strategy.generate({ a: 1 }, { b: 2 });
  arrived(Pages);
  assert.deepEqual(await made, { config: { a: 1 }, hass: { b: 2 } });
  assert.deepEqual(strategy.registryDependencies, ["devices"]);
  assert.equal(strategy.shouldRegenerate(), true);
  assert.deepEqual(await strategy.generate({}, {}), { config: {}, hass: {} });
});
