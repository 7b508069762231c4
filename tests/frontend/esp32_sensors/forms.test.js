/** The editors of the cards about boards. */

import assert from "node:assert/strict";
import { test } from "node:test";

import "../page.js";

import { boardForm } from "../../../custom_components/esp32_sensors/frontend/forms.js";

const resources = {
  "component.esp32_sensors.config_panel.editor.title": "Title",
  "component.esp32_sensors.config_panel.editor.title_help": "Above the boards",
  "component.esp32_sensors.config_panel.common.layout_list": "List",
};
const hass = { language: "en", callWS: async () => ({ resources }) };
Object.assign(document, { querySelector: () => ({ hass }) });

test("each card has a title, and the fields that it asks for, in their order", async () => {
  assert.deepEqual((await boardForm()).schema, [{ name: "title", selector: { text: {} } }]);
  const { schema } = await boardForm("layout", "network", "local_times");
  assert.deepEqual(schema.map(({ name }) => name), ["title", "layout", "network", "local_times"]);
});

test("networks and boards are those of the integration, layouts are named", async () => {
  const { schema } = await boardForm("network", "device", "layout");
  /** @type {any[]} */
  const [, network, device, layout] = schema.map(({ selector }) => selector);
  assert.deepEqual(network, { config_entry: { integration: "esp32_sensors" } });
  assert.equal(device.device.integration, "esp32_sensors");
  const { options } = layout.select;
  assert.deepEqual(options.map((/** @type {any} */ it) => it.value), ["grid", "list", "compact"]);
  assert.equal(options[1].label, "List");
});

test("labels and helps are in the user's language", async () => {
  const form = await boardForm();
  assert.deepEqual([form.computeLabel({ name: "title" }), form.computeHelper({ name: "title" })], ["Title", "Above the boards"]);
});
