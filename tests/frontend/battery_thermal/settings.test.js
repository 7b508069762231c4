/** Fan, threshold and mode: what is shown of them, and what is asked for. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { details, find, findAll, mount, send, settle, textOf, update } from "../page.js";
import { texts, write } from "./nodes-and-areas.js";

import "../../../custom_components/battery_thermal/frontend/settings.js";

/** @type {(more?: object) => any} */
const nodeOf = (more = {}) => ({ control: true, threshold: 50, wanted: null, stage: "idle", error: null, ...more });

const wantedOf = (more = {}) => ({ threshold: 50, mode: "slow", fan: false, ...more });

/** @type {(fan?: string, mode?: string, number?: object) => any} */
const statesOf = (fan = "off", mode = "slow", number = {}) => ({
  "fan.fan": { entity_id: "fan.bank", state: fan, attributes: {} },
  "number.threshold": {
    entity_id: "number.bank",
    state: "50",
    attributes: { unit_of_measurement: "°C", min: -10, max: 90, ...number },
  },
  "select.mode": { entity_id: "select.bank", state: mode, attributes: {} },
});

/** The settings of a node. */
async function settingsOf(node = nodeOf(), states = statesOf()) {
  const act = mock.fn(async () => "");
  const element = await mount("battery-thermal-settings", { act, node, states, texts, write });
  const input = find(element, "input");
  input.reportValidity = () => true;
  const row = (/** @type {string} */ key) => find(element, `[data-setting=${key}]`);
  const options = (/** @type {string} */ key) => [...row(key).querySelectorAll("[role=group] button")];
  return {
    element,
    act,
    input,
    show: (/** @type {any} */ now = nodeOf(), /** @type {any} */ of = statesOf()) => update(element, { node: now, states: of }),
    options,
    choose: (/** @type {string} */ key, /** @type {number} */ index) => send(options(key)[index], "click"),
    pressed: (/** @type {string} */ key) => options(key).map((it) => it.getAttribute("aria-pressed") === "true"),
    set: (/** @type {string} */ key) => send(row(key).querySelector(".controls > button"), "click"),
    setHidden: (/** @type {string} */ key) => row(key).querySelector(".controls > button").hidden,
    all: () => find(element, ".all"),
    type: async (/** @type {string} */ value) => {
      input.value = value;
      await send(input, "input");
    },
    how: (/** @type {string} */ key) => row(key).querySelector(".how"),
    fan: () => textOf(element, ".runs"),
    error: () => textOf(element, "[role=alert]"),
    /** The arguments of all calls. */
    calls: () => /** @type {any[]} */ (act.mock.calls.map((call) => call.arguments)),
  };
}

test("the known settings of the node are shown", async () => {
  const it = await settingsOf(nodeOf(), statesOf("on", "fast"));
  assert.deepEqual([it.input.value, it.input.min, it.input.max], ["50", "-10", "90"]);
  assert.deepEqual([it.pressed("fan"), it.pressed("mode")], [[true, false], [false, true]]);
  assert.equal(it.fan(), "settings.fan_on_hot");
  await it.show(nodeOf({ wanted: wantedOf({ fan: true }) }), statesOf("on"));
  assert.deepEqual([it.pressed("fan"), it.fan()], [[false, true], "settings.fan_on_always"]);
  await it.show(nodeOf(), statesOf("off"));
  assert.equal(it.fan(), "settings.fan_off");
});

test("controls work only for who may use them, while their entity is available", async () => {
  const it = await settingsOf();
  const disabled = () => ["fan", "mode"].map((key) => it.options(key)[0].disabled).concat(it.input.disabled);
  assert.deepEqual(disabled(), [false, false, false]);
  await it.show(nodeOf({ control: false }));
  assert.deepEqual(disabled(), [true, true, true]);
  await it.show(nodeOf(), {});
  assert.deepEqual(disabled(), [true, true, true]);
  await it.show(nodeOf(), { ...statesOf("unavailable"), "select.mode": undefined });
  assert.deepEqual(disabled(), [true, true, false]);
});

test("one setting is chosen and sent by its own button", async () => {
  const it = await settingsOf();
  assert.equal(it.setHidden("fan"), true);
  await it.choose("fan", 1);
  assert.deepEqual([it.pressed("fan"), it.setHidden("fan"), it.all().hidden], [[false, true], false, true]);
  await it.set("fan");
  await it.choose("mode", 1);
  await it.set("mode");
  await it.type("61");
  await it.set("threshold");
  assert.deepEqual(it.calls(), [
    ["fan", "turn_on", {}, "fan.bank"],
    ["select", "select_option", { option: "fast" }, "select.bank"],
    ["number", "set_value", { value: 61 }, "number.bank"],
  ]);
  await it.show(nodeOf({ wanted: wantedOf({ fan: true }) }));
  await it.choose("fan", 0);
  await it.set("fan");
  assert.deepEqual(it.calls()[3], ["fan", "turn_off", {}, "fan.bank"]);
});

test("several settings are sent together, at once", async () => {
  const it = await settingsOf();
  await it.choose("fan", 1);
  await it.type("61");
  await it.choose("mode", 1);
  assert.equal(it.all().hidden, false);
  await send(it.all(), "click");
  assert.deepEqual(it.calls().map(([domain]) => domain), ["fan", "number", "select"]);
  assert.equal(it.all().hidden, true);
  // The way back is no change.
  await it.choose("mode", 1);
  await it.choose("mode", 0);
  assert.equal(it.setHidden("mode"), true);
});

test("Enter sends the threshold, a value that the node cannot take is not sent", async () => {
  const it = await settingsOf();
  await it.type("62");
  await send(it.input, "keydown", { key: "6" });
  assert.equal(it.calls().length, 0);
  await send(it.input, "keydown", { key: "Enter" });
  assert.deepEqual(it.calls()[0][2], { value: 62 });
  it.input.reportValidity = () => false;
  await it.set("threshold");
  assert.equal(it.calls().length, 1);
});

test("an empty threshold says what is missing", async () => {
  const it = await settingsOf(nodeOf({ threshold: null }));
  await it.set("threshold");
  assert.deepEqual([it.error(), it.calls().length], ["settings.threshold_missing", 0]);
  await it.type("50");
  await it.set("threshold");
  assert.deepEqual([it.error(), it.calls().length], ["", 1]);
});

test("the wanted threshold is shown, but what is typed stays", async () => {
  const it = await settingsOf();
  await it.show(nodeOf({ wanted: wantedOf({ threshold: 55 }) }));
  assert.equal(it.input.value, "55");
  await it.type("7");
  await it.show(nodeOf({ threshold: 60 }));
  assert.equal(it.input.value, "7");
  // The same number in another unit would be another temperature.
  await it.show(nodeOf({ threshold: 60 }), statesOf("off", "slow", { unit_of_measurement: "°F" }));
  assert.equal(it.input.value, "140");
});

test("whole °C that are no whole °F are shown with their decimal, and can be sent", async () => {
  const it = await settingsOf();
  await it.show(nodeOf({ threshold: 38 }), statesOf("off", "slow", { unit_of_measurement: "°F", min: -40, max: 572 }));
  assert.deepEqual([it.input.value, it.input.step], ["100.4", "any"]);
  await it.show(nodeOf({ threshold: 38 }));
  assert.deepEqual([it.input.value, it.input.step], ["38", "1"]);
});

test("what was refused is said once, whatever was sent", async () => {
  const it = await settingsOf();
  it.act.mock.mockImplementation(async () => "Not now.");
  await it.choose("fan", 1);
  await it.choose("mode", 1);
  await send(it.all(), "click");
  assert.equal(it.error(), "Not now.");
});

test("a choice that is made while settings are sent stays", async () => {
  const it = await settingsOf();
  /** @type {(text: string) => void} */
  let answer = () => {};
  it.act.mock.mockImplementation(() => new Promise((resolve) => (answer = resolve)));
  await it.type("61");
  await it.set("threshold");
  await it.type("62");
  answer("");
  await settle();
  assert.equal(it.input.value, "62");
});

test("the state of the fan opens its history", async () => {
  const it = await settingsOf();
  const asked = details(it.element, "hass-more-info");
  await send(find(it.element, ".runs"), "click");
  assert.deepEqual(asked, [{ entityId: "fan.bank" }]);
});

test("each setting says how far it is; an automatic fan has nothing to confirm", async () => {
  const it = await settingsOf(nodeOf({ threshold: null }));
  assert.equal(it.how("threshold").dataset.state, "unknown");
  assert.equal(it.how("fan").hidden, true);
  await it.show(nodeOf({ wanted: wantedOf({ threshold: 60, fan: true }), stage: "queued" }));
  assert.deepEqual(findAll(it.element, ".how").map((one) => one.dataset.state), ["pending", "pending", "proven"]);
  assert.equal(it.how("fan").textContent, "settings.how_pending settings.fan_always settings.step_queued ");
});

test("what was not sent or not heard is not said to be confirmed", async () => {
  const it = await settingsOf();
  assert.match(textOf(it.element, "[data-setting=threshold] .how"), /^settings.how_proven$|^settings.how_proven\s/);
  await it.type("61");
  await it.choose("mode", 1);
  assert.equal(it.how("threshold").textContent, "settings.how_proven_value 50 °C");
  assert.equal(it.how("mode").textContent, "settings.how_proven_value settings.slow");
  // Before the first message the mode is not known.
  for (const state of ["unknown", "unavailable"]) {
    await it.show(nodeOf(), statesOf(state, state));
    assert.deepEqual([it.how("mode").dataset.state, it.how("mode").textContent], ["unknown", "settings.how_unheard"]);
    assert.deepEqual([it.fan(), it.how("fan").hidden], ["settings.how_unheard", true]);
  }
  await it.show(nodeOf(), {});
  assert.equal(it.fan(), "settings.how_unheard");
});
