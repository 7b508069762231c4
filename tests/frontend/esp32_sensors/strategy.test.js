/** The pages of the dashboard, and the editors of its cards. */

import assert from "node:assert/strict";
import { test } from "node:test";

import "../page.js";

import { boardForm } from "../../../custom_components/esp32_sensors/frontend/forms.js";
import { Esp32Strategy } from "../../../custom_components/esp32_sensors/frontend/strategy.js";

const texts = {
  "welcome.title": "Welcome",
  "live.title": "Live",
  "history.title": "History",
  "common.layout_list": "List",
  "editor.network": "Network",
  "editor.network_help": "Boards of this network only",
};
const resources = Object.fromEntries(
  Object.entries(texts).map(([key, text]) => [`component.esp32_sensors.config_panel.${key}`, text]),
);
/** @type {any} */
const hass = { language: "en", callWS: async () => ({ resources }), entities: {} };

test("without boards the first page is the welcome page, which leads to the two others", async () => {
  const { views } = await Esp32Strategy.generate({}, hass);
  assert.deepEqual(views.map(({ title, path, type }) => [title, path, type]), [
    ["Welcome", "welcome", "panel"],
    ["Live", "live", "panel"],
    ["History", "history", "panel"],
  ]);
  assert.deepEqual(views.map(({ cards }) => cards), [
    [{ type: "custom:esp32-sensors-welcome", links: { live: "live", history: "history" } }],
    [{ type: "custom:esp32-sensors-live" }],
    [{ type: "custom:esp32-sensors-history" }],
  ]);
});

test("with a board the first page is the live page", async () => {
  const led = { entity_id: "switch.1", platform: "esp32_sensors", translation_key: "led", device_id: "d1" };
  const { views } = await Esp32Strategy.generate({}, { ...hass, entities: { "switch.1": led } });
  assert.deepEqual(views.map(({ path }) => path), ["live", "history", "welcome"]);
});

test("all pages are about the network that was chosen", async () => {
  const { views } = await Esp32Strategy.generate({ network: "n1" }, hass);
  assert.deepEqual(views.map(({ cards }) => cards[0].network), ["n1", "n1", "n1"]);
});

test("no page is made anew for what changes in the registries", () => {
  assert.deepEqual(Esp32Strategy.registryDependencies, []);
});

test("an editor has a title and the fields of its card, in the user's language", async () => {
  Object.assign(document, { querySelector: () => ({ hass }) });
  const form = await boardForm("network", "layout");
  assert.deepEqual(form.schema.map(({ name }) => name), ["title", "network", "layout"]);
  const [title, network, layout] = form.schema.map(({ selector }) => /** @type {any} */ (selector));
  assert.deepEqual([title, network], [{ text: {} }, { config_entry: { integration: "esp32_sensors" } }]);
  assert.deepEqual(layout.select.options.map((/** @type {any} */ it) => it.value), ["grid", "list", "compact"]);
  assert.equal(layout.select.options[1].label, "List");
  assert.equal(form.computeLabel({ name: "network" }), "Network");
  assert.equal(form.computeHelper({ name: "network" }), "Boards of this network only");
});
