/** The form beside the picture while areas are drawn, and saving what was drawn. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { details, find, findAll, mount, send, settle, textOf, update } from "../page.js";
import { areaOf, lookOf, texts, write } from "./nodes-and-areas.js";

import { draftOf } from "../../../custom_components/battery_thermal/frontend/area-draft.js";
import { AreaEditing } from "../../../custom_components/battery_thermal/frontend/area-editing.js";
import "../../../custom_components/battery_thermal/frontend/area-editor.js";

const A1 = areaOf({ key: "a", points: [[4, 4], [8, 10]], highest: 50, warning: 5 });
const LOOK = lookOf({ areas: [A1, areaOf({ key: "b", name: "A2", points: [[0, 0], [4, 0], [0, 4]] })] });

async function editorOf(more = {}, properties = {}) {
  const element = await mount("battery-thermal-area-editor", {
    draft: { ...draftOf(LOOK), ...more }, look: LOOK, texts, write, ...properties,
  });
  element.addEventListener("draft-changed", (/** @type {CustomEvent} */ { detail }) => (element.draft = detail));
  const enter = async (/** @type {string} */ selector, /** @type {string} */ value, type = "change") => {
    const field = find(element, selector);
    field.value = value;
    await send(field, type);
  };
  return {
    element,
    enter,
    click: (/** @type {string} */ selector, detail = 1) => send(find(element, selector), "click", { detail }),
    chosen: () => element.draft.areas.find((/** @type {any} */ { id }) => id === element.draft.chosen),
  };
}

test("an area is chosen by its name, and again is none", async () => {
  const it = await editorOf();
  const chips = findAll(it.element, ".chips button");
  assert.deepEqual(chips.map((one) => one.textContent.trim()), ["A1", "A2", "area_editor.add"]);
  assert.equal(find(it.element, ".name"), null);
  await send(chips[1], "click");
  assert.equal(find(it.element, ".name").value, "A2");
  assert.equal(chips[1].getAttribute("aria-pressed"), "true");
  await send(chips[1], "click");
  assert.equal(it.chosen(), undefined);
});

test("name, kind and shape are changed", async () => {
  const it = await editorOf({ chosen: "a" });
  assert.ok(find(it.element, ".save").disabled);
  await it.enter(".name", "Plus", "input");
  await it.enter(".kind", "terminal");
  assert.deepEqual([it.chosen().area.name, it.chosen().area.kind], ["Plus", "terminal"]);
  await it.click(".rectangle");
  assert.equal(it.chosen().isMoved, false);
  await it.click(".polygon");
  assert.equal(it.chosen().points.length, 4);
  await it.click(".polygon");
  await it.click(".rectangle");
  assert.deepEqual(it.chosen().points, A1.points);
  assert.equal(find(it.element, ".save").disabled, false);
  await it.click(".delete");
  assert.deepEqual(it.element.draft.removed, ["a"]);
});

test("limits are entered in the unit of the house, and may be empty", async () => {
  const celsius = await editorOf({ chosen: "a" });
  assert.equal(find(celsius.element, '[data-number="highest"]').value, "50");
  await celsius.enter('[data-number="highest"]', "61.5");
  await celsius.enter('[data-number="warning"]', "");
  await celsius.enter('[data-number="alarm"]', "8");
  await celsius.enter('[data-number="emissivity"]', "0.9");
  const { highest, warning, alarm, emissivity } = celsius.chosen().area;
  assert.deepEqual([highest, warning, alarm, emissivity], [61.5, null, 8, 0.9]);
  assert.equal(find(celsius.element, '[data-number="emissivity"]').value, "0.9");
  const fahrenheit = await editorOf({ chosen: "a" }, { write: Object.assign(() => "", { unit: "°F" }) });
  const shown = (/** @type {string} */ key) => find(fahrenheit.element, `[data-number="${key}"]`).value;
  assert.deepEqual([shown("highest"), shown("warning")], ["122", "9"]);
  await fahrenheit.enter('[data-number="highest"]', "140");
  await fahrenheit.enter('[data-number="alarm"]', "18");
  assert.deepEqual([fahrenheit.chosen().area.highest, fahrenheit.chosen().area.alarm].map(Math.round), [60, 10]);
});

test("what does not count has no limits", async () => {
  const it = await editorOf({ chosen: "a" });
  await it.enter(".kind", "ignore");
  assert.equal(find(it.element, "details"), null);
});

test("an area is added by pointer on the picture, by key in its middle", async () => {
  const it = await editorOf({ chosen: "a" });
  await it.click(".add");
  assert.deepEqual([it.element.draft.adding, it.element.draft.chosen], [true, null]);
  assert.match(textOf(it.element, ".help"), /help_draw/);
  await it.click(".add");
  assert.equal(it.element.draft.adding, false);
  await it.click(".add", 0);
  assert.deepEqual(it.chosen().points, [[13, 9], [19, 15]]);
});

test("there are at most 64", async () => {
  const areas = Array.from({ length: 64 }, (_, index) => areaOf({ key: `${index}`, name: `${index}` }));
  const it = await editorOf(draftOf(lookOf({ areas })));
  assert.ok(find(it.element, ".add").disabled);
});

test("saving, discarding, and why it could not be saved", async () => {
  const it = await editorOf({ removed: ["a"] });
  const [saved, cancelled] = [details(it.element, "areas-save"), details(it.element, "areas-cancel")];
  await it.click(".save");
  await it.click(".cancel");
  assert.deepEqual([saved.length, cancelled.length], [1, 1]);
  await update(it.element, { busy: true, error: "Wrong" });
  assert.ok(find(it.element, ".save").disabled);
  assert.equal(textOf(it.element, "[role=alert]"), "Wrong");
});

/** @type {(more?: object) => any} */
const nodeOf = (more = {}) => ({ id: "n", look: LOOK, ...more });

test("what was drawn is sent, and shown until the node is there again", async () => {
  mock.timers.enable({ apis: ["Date"], now: 0 });
  const changed = mock.fn();
  const editing = new AreaEditing(changed);
  assert.equal(editing.isOf(nodeOf()), false);
  editing.begin(nodeOf());
  assert.ok(editing.isOf(nodeOf()));
  assert.equal(editing.isOf(nodeOf({ id: "other" })), false);
  assert.equal(editing.isOf(nodeOf({ look: lookOf({ quarters: 1 }) })), false);
  assert.equal(editing.look, LOOK);
  editing.change({ .../** @type {any} */ (editing.draft), removed: ["a"] });
  /** @type {any} */
  const hass = { callWS: mock.fn(async () => ({ areas: [LOOK.areas[1]] })) };
  const saving = editing.save(hass, texts);
  assert.ok(editing.busy);
  await editing.save(hass, texts);
  await saving;
  assert.deepEqual(hass.callWS.mock.calls.map((/** @type {any} */ { arguments: [message] }) => message), [
    { type: "battery_thermal/save_areas", node: "n", changed: [], removed: ["a"] },
  ]);
  assert.deepEqual([editing.busy, editing.draft], [false, null]);
  assert.deepEqual(editing.missing(new Map())?.look.areas, [LOOK.areas[1]]);
  assert.equal(editing.missing(new Map([["n", nodeOf()]])), undefined);
  mock.timers.setTime(30_000);
  assert.equal(editing.missing(new Map()), undefined);
  mock.timers.reset();
});

test("without a change nothing is sent, and what is refused can be changed", async () => {
  const editing = new AreaEditing(() => {});
  /** @type {any} */
  const hass = { callWS: mock.fn(async () => Promise.reject({ message: "Two areas" })) };
  await editing.save(hass, texts);
  editing.begin(nodeOf());
  await editing.save(hass, texts);
  assert.equal(editing.draft, null);
  assert.equal(hass.callWS.mock.callCount(), 0);
  editing.begin(nodeOf());
  editing.change({ .../** @type {any} */ (editing.draft), removed: ["a"] });
  await editing.save(hass, texts);
  assert.equal(editing.error, "Two areas");
  assert.notEqual(editing.draft, null);
  hass.callWS = async () => Promise.reject({});
  await editing.save(hass, texts);
  assert.equal(editing.error, "area_editor.failed");
  await settle();
});
