/** When a card is drawn, subscribed and translated. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { mount, resize, settle, update } from "../page.js";

import { Card } from "../../../common/frontend/card.js";
import { define } from "../../../common/frontend/define.js";

class TestCard extends Card {
  static domain = "test";
  /** @type {(keyof Hass)[]} */
  static used = ["devices"];
  drawn = 0;
  followed = 0;

  usedEntities() {
    return ["sensor.own"];
  }

  follow() {
    this.followed++;
    return () => this.followed--;
  }

  content() {
    this.drawn++;
    return this.texts("a.title");
  }
}
define({ "test-card": TestCard });

/** @returns {any} */
const houseOf = (language = "en") => ({
  language,
  locale: {},
  config: {},
  devices: {},
  states: {},
  callWS: async (/** @type {any} */ { language: asked }) => ({
    resources: { "component.test.config_panel.a.title": `Title ${asked}` },
  }),
});

test("a card without hass draws nothing, with it once for each frame", async () => {
  const card = await mount("test-card", {});
  assert.equal(card.drawn, 0);
  await update(card, { hass: houseOf() });
  assert.deepEqual([card.drawn, card.followed, card.shadowRoot.textContent], [1, 1, "Title en"]);
  card.requestUpdate();
  card.hass = { ...card.hass, devices: {} };
  card.hass = { ...card.hass, locale: {} };
  await settle();
  assert.equal(card.drawn, 2);
});

test("a state of another entity does not draw it, its own does, and so does the configuration", async () => {
  const card = await mount("test-card", { hass: houseOf() });
  await update(card, { hass: { ...card.hass, states: { "sensor.other": {} }, entities: {} } });
  assert.equal(card.drawn, 1);
  await update(card, { hass: { ...card.hass, states: { "sensor.own": {} } } });
  assert.equal(card.drawn, 2);
  card.setConfig({ title: "A" });
  await settle();
  assert.equal(card.drawn, 3);
  for (const name of ["config", "devices", "locale"]) {
    await update(card, { hass: { ...card.hass, [name]: {} } });
  }
  assert.equal(card.drawn, 6);
});

test("what it follows has changed: it is drawn, although a state of another entity changes in the same frame", async () => {
  const card = await mount("test-card", { hass: houseOf() });
  for (const drawn of [2, 3]) {
    card.requestUpdate();
    card.hass = { ...card.hass, states: { "sensor.other": {} } };
    await settle();
    assert.equal(card.drawn, drawn);
  }
  await update(card, { hass: { ...card.hass, states: {} } });
  assert.equal(card.drawn, 3);
});

test("another language is fetched; only the last one counts", async () => {
  const card = await mount("test-card", { hass: houseOf() });
  card.hass = houseOf("fr");
  card.hass = houseOf("pt");
  await settle();
  assert.equal(card.shadowRoot.textContent, "Title pt");
});

test("a card that leaves the page unsubscribes, and subscribes again when it is back", async () => {
  const card = await mount("test-card", { hass: houseOf() });
  card.remove();
  assert.equal(card.followed, 0);
  document.body.append(card);
  await settle();
  assert.equal(card.followed, 1);
});

test("it knows whether it has room for columns, and whether it is a whole page", async () => {
  const card = await mount("test-card", { hass: houseOf() });
  resize(card, 700);
  await update(card, { layout: "panel" });
  assert.deepEqual([card.hasAttribute("wide"), card.hasAttribute("data-page")], [true, true]);
  resize(card, 699);
  await update(card, { layout: undefined });
  assert.deepEqual([card.hasAttribute("wide"), card.hasAttribute("data-page")], [false, false]);
});
