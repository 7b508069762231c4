/** What is fetched of the integration's translations, and what is made of them. */

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { mock, test } from "node:test";

import { PLURALS, errorText, loadTexts } from "../../../common/frontend/texts.js";

/**
 * A Home Assistant that answers with resources, after so many connections that dropped.
 *
 * @param {string} language
 * @param {Record<string, string>} resources
 */
function houseOf(language, resources, drops = 0) {
  /** @type {object[]} */
  const asked = [];
  const callWS = async (/** @type {object} */ message) => {
    asked.push(message);
    if (asked.length <= drops) throw new Error("Connection lost");
    return { resources };
  };
  return { hass: /** @type {any} */ ({ language, callWS }), asked };
}

const path = (/** @type {string} */ key) => `component.battery_thermal.config_panel.${key}`;

test("texts are asked for until they are there, once for all cards", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { hass, asked } = houseOf("en", { [path("live.title")]: "Boards" }, 2);
  const both = Promise.all([loadTexts(hass, "battery_thermal"), loadTexts(hass, "battery_thermal")]);
  for (let waits = 0; waits < 2; waits++) {
    await new Promise((resolve) => setImmediate(resolve));
    mock.timers.tick(1000);
  }
  const [texts, again] = await both;
  assert.equal(texts("live.title"), "Boards");
  assert.equal(again("live.title"), "Boards");
  assert.equal(texts("live.nothing"), "");
  assert.equal(asked.length, 3);
  mock.timers.reset();
});

test("placeholders are filled, and counts choose a form", async () => {
  const { hass } = houseOf("fr", {
    [path("a.count_one")]: "{count} carte sur {all}",
    [path("a.count_other")]: "{count} cartes sur {all}",
    [path("a.at")]: "l'image {number}",
  });
  const texts = await loadTexts(hass, "battery_thermal");
  assert.equal(texts("a.count", { count: 0, all: 9 }), "0 carte sur 9");
  assert.equal(texts("a.count", { count: 2, all: 9 }), "2 cartes sur 9");
  assert.equal(texts("a.at", { number: 3 }), "l'image 3");
});

test("a text of another category is fetched only where it is wanted", async () => {
  const { hass, asked } = houseOf("es", {
    [path("a.title")]: "Placas",
    "component.battery_thermal.selector.mode.options.slow": "Lento",
  });
  const [without, texts] = [await loadTexts(hass, "battery_thermal"), await loadTexts(hass, "battery_thermal", ["selector"])];
  assert.deepEqual(asked.map((/** @type {any} */ { category }) => category), ["config_panel", "selector"]);
  assert.deepEqual([texts("a.title"), texts("selector.mode.options.slow")], ["Placas", "Lento"]);
  assert.equal(texts("selector.mode.options.fast"), "");
  assert.equal(without("selector.mode.options.slow"), "");
});

test("an error is in the viewer's language, otherwise as it came", async () => {
  const { hass } = houseOf("pt", { "component.other.exceptions.no.message": "{name} não quis." });
  const refused = { message: "No.", translation_domain: "other", translation_key: "no" };
  assert.equal(await errorText(hass, { ...refused, translation_placeholders: { name: "A" } }), "A não quis.");
  assert.equal(await errorText(hass, { ...refused, translation_key: "new" }), "No.");
  assert.equal(await errorText(hass, { message: "Lost." }), "Lost.");
  assert.equal(await errorText(houseOf("de", {}, 1).hass, refused), "No.");
  assert.equal(await errorText(hass, undefined), "");
});

test("singular and plural are those of the language that the texts are in", async () => {
  const resources = { [path("a.count_one")]: "{count} board", [path("a.count_other")]: "{count} boards" };
  // In Brazil 0, in Russian 21, and in Japanese 1 would be of the other form; their texts are English.
  for (const [language, counts] of /** @type {const} */ ([
    ["pt", ["0 boards", "1 board", "21 boards"]],
    ["pt-BR", ["0 boards", "1 board", "21 boards"]],
    ["ru", ["0 boards", "1 board", "21 boards"]],
    ["ja", ["0 boards", "1 board", "21 boards"]],
  ])) {
    const texts = await loadTexts(houseOf(language, resources).hass, "battery_thermal");
    assert.deepEqual([0, 1, 21].map((count) => texts("a.count", { count })), counts, language);
  }
  const folder = new URL("../../../custom_components/battery_thermal/translations/", import.meta.url);
  assert.deepEqual(readdirSync(folder).map((file) => file.replace(".json", "")).sort(), Object.keys(PLURALS));
});
