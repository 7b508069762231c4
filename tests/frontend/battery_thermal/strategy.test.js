/** Which pages the dashboard has, in which order, and when it has others. */

import assert from "node:assert/strict";
import { test } from "node:test";

import "../page.js";

import { BatteryStrategy } from "../../../custom_components/battery_thermal/frontend/strategy.js";

const resources = { "component.battery_thermal.config_panel.welcome.title": "Welcome" };
/** @type {(...names: string[]) => any} */
const houseOf = (...names) => ({
  language: "en",
  callWS: async () => ({ resources }),
  devices: Object.fromEntries(
    names.map((name) => [name, { id: name, name, identifiers: [["battery_thermal", `node-${name}`]] }]),
  ),
});
const viewsOf = async (/** @type {string[]} */ ...names) => (await BatteryStrategy.generate({}, houseOf(...names))).views;

test("the page of the only node comes first, the welcome page else", async () => {
  const paths = async (/** @type {string[]} */ ...names) => (await viewsOf(...names)).map(({ path }) => path);
  assert.deepEqual(await paths(), ["welcome"]);
  assert.deepEqual(await paths("boat"), ["boat", "welcome"]);
  assert.deepEqual(await paths("shed", "boat"), ["welcome", "boat", "shed"]);
});

test("the welcome page leads to the page of each node", async () => {
  const [welcome, boat] = await viewsOf("shed", "boat");
  assert.equal(welcome.title, "Welcome");
  assert.deepEqual(welcome.cards, [
    { type: "custom:battery-thermal-welcome", links: { boat: "boat", shed: "shed" } },
  ]);
  assert.deepEqual(boat.cards, [{ type: "custom:battery-thermal-card", device: "boat" }]);
});

test("pages are made anew when a node comes or has another name, and for nothing else", () => {
  const changes = (/** @type {Hass} */ before, /** @type {Hass} */ after) => BatteryStrategy.shouldRegenerate({}, before, after);
  const house = houseOf("boat");
  const named = houseOf("boat");
  named.devices.boat.name_by_user = "Yacht";
  const more = houseOf("boat");
  more.devices.lamp = { id: "lamp", name: "Lamp", identifiers: [["hue", "lamp"]] };
  assert.equal(changes(house, house), false);
  assert.equal(changes(house, more), false);
  assert.equal(changes(house, named), true);
  assert.equal(changes(house, houseOf("boat", "shed")), true);
  assert.equal(changes(house, houseOf()), true);
});
