/** The editors of the cards. */

import assert from "node:assert/strict";
import { test } from "node:test";

import "../page.js";

import { thermalForm, welcomeForm } from "../../../custom_components/battery_thermal/frontend/forms.js";

const resources = {
  "component.battery_thermal.config_panel.editor.title": "Title",
  "component.battery_thermal.config_panel.editor.low": "Lowest",
  "component.battery_thermal.config_panel.editor.low_help": "Of a fixed scale",
  "component.battery_thermal.config_panel.editor.welcome_title_help": "Above the banks",
  "component.battery_thermal.config_panel.look.fixed": "Fixed",
  "component.battery_thermal.selector.palette.options.arctic": "Arctic",
};

/** A connection that sends palettes, their order is that of the integration's list. */
const connection = {
  addEventListener: () => undefined,
  subscribeMessage: async (/** @type {(event: object) => void} */ listener) => {
    setImmediate(() => listener({ snapshot: true, nodes: {}, gone: [], palettes: { white_hot: "", arctic: "", above: "" } }));
    return async () => undefined;
  },
};

/** Have the page's `hass` write temperatures in a unit. */
function houseIn(/** @type {string} */ temperature) {
  const hass = { language: "en", config: { unit_system: { temperature } }, callWS: async () => ({ resources }), connection };
  Object.assign(document, { querySelector: () => ({ hass }) });
}

test("the ends of the scale are in the unit of the house", async () => {
  for (const [unit, min, max] of /** @type {const} */ ([["°C", -40, 300], ["°F", -40, 572]])) {
    houseIn(unit);
    const { schema } = await thermalForm();
    for (const name of ["low", "high"]) {
      const field = schema.find((it) => it.name === name);
      assert.deepEqual(field?.selector, { number: { mode: "box", min, max, unit_of_measurement: unit } });
    }
  }
});

test("a thermal card: its fields, in the user's language", async () => {
  houseIn("°C");
  const form = await thermalForm();
  assert.deepEqual(form.schema.map(({ name }) => name), ["title", "device", "palette", "scale", "low", "high", "only_ended", "small"]);
  /** @type {any} */
  const [, device, palette, scale] = form.schema.map(({ selector }) => selector);
  assert.deepEqual(device, { device: { integration: "battery_thermal", entity: { domain: "camera" } } });
  assert.deepEqual(palette.select.options, [{ value: "white_hot", label: "" }, { value: "arctic", label: "Arctic" }]);
  assert.deepEqual(scale.select.options.map((/** @type {any} */ it) => it.value), ["automatic", "threshold", "fixed"]);
  assert.equal(scale.select.options[2].label, "Fixed");
  assert.deepEqual([form.computeLabel({ name: "low" }), form.computeHelper({ name: "low" })], ["Lowest", "Of a fixed scale"]);
});

test("a welcome card has a title of its own", async () => {
  houseIn("°C");
  const form = await welcomeForm();
  assert.deepEqual(form.schema, [{ name: "title", selector: { text: {} } }]);
  assert.deepEqual([form.computeLabel(), form.computeHelper()], ["Title", "Above the banks"]);
});
