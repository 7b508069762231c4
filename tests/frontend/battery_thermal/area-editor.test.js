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
    frame: async (/** @type {object} */ values) => {
      const detail = { ...element.draft.frame, ...values };
      find(element, "battery-thermal-grid-form").dispatchEvent(new CustomEvent("frame-changed", { detail }));
      await settle();
    },
    click: (/** @type {string} */ selector, detail = 1) => send(find(element, selector), "click", { detail }),
    chosen: () => element.draft.areas.find((/** @type {any} */ { id }) => id === element.draft.chosen),
  };
}

test("an area is chosen by its name, and again is none", async () => {
  const it = await editorOf();
  const chips = findAll(it.element, ".chips button");
  assert.deepEqual(chips.map((one) => one.textContent.trim()), ["A1", "A2", "area_editor.add", "area_editor.grid"]);
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

test("two changes before the card has rendered the first are both there", async () => {
  const element = await mount("battery-thermal-area-editor", {
    draft: { ...draftOf(LOOK), chosen: "a" }, look: LOOK, texts, write,
  });
  const drafts = details(element, "draft-changed");
  for (const [selector, value, type] of [[".name", "Plus", "input"], [".kind", "terminal", "change"]]) {
    const field = find(element, selector);
    field.value = value;
    field.dispatchEvent(new Event(type));
  }
  const { area } = drafts[1].areas[0];
  assert.deepEqual([area.name, area.kind], ["Plus", "terminal"]);
  await settle();
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

test("the grid is shown instead of areas, once nothing else is to be saved", async () => {
  const it = await editorOf({ chosen: "a" });
  assert.ok(find(it.element, ".waits").hidden);
  await it.enter(".name", "Plus", "input");
  assert.ok(find(it.element, ".grid").disabled);
  // Why is there to be read, also where nothing points.
  assert.ok(!find(it.element, ".waits").hidden);
  assert.equal(textOf(it.element, ".waits"), "area_editor.grid_waits");
  await it.enter(".name", "A1", "input");
  await update(it.element, { draft: { ...draftOf(LOOK), chosen: "a" } });
  await it.click(".grid");
  assert.deepEqual([it.element.draft.chosen, it.element.draft.frame.rows], [null, 4]);
  assert.deepEqual(findAll(it.element, ".chips button").map((one) => one.textContent.trim()), ["area_editor.grid"]);
  assert.match(textOf(it.element, ".help"), /help_grid/);
  assert.equal(find(it.element, ".save").disabled, false);
  await it.click(".grid");
  assert.equal(it.element.draft.frame, null);
  await it.click(".grid");
  await it.frame({ rows: 2 });
  // What was dragged is only discarded where that is said.
  find(it.element, ".grid").click();
  await settle();
  assert.equal(it.element.draft.frame.rows, 2);
  assert.ok(find(it.element, ".grid").disabled);
  assert.equal(find(it.element, ".grid").title, "area_editor.grid_waits");
  await it.frame({ rows: 4 });
  await it.click(".grid");
  assert.equal(it.element.draft.frame, null);
});

test("a grid that is only looked at is not saved", async () => {
  const grid = { rows: 1, columns: 1, top: 0, right: 0, bottom: 0, left: 0, keys: ["a"] };
  const it = await editorOf({}, { look: { ...LOOK, grid } });
  await it.click(".grid");
  assert.ok(find(it.element, ".save").disabled);
  await it.frame({ top: 2.5 });
  assert.ok(!find(it.element, ".save").disabled);
});

test("more than 64 areas are refused where rows and columns are entered", async () => {
  const it = await editorOf();
  const refused = () => [find(it.element, ".save").disabled, textOf(it.element, "[role=alert]")];
  await it.click(".grid");
  await it.frame({ rows: 2, columns: 16 });
  assert.deepEqual(refused(), [false, ""]);
  // With the two areas that are there.
  await it.frame({ rows: 16, columns: 4 });
  assert.deepEqual(refused(), [true, "area_editor.too_many_areas"]);
  await it.frame({ rows: 15 });
  assert.deepEqual(refused(), [false, ""]);
});

test("as many as an earlier release has stored may stay", async () => {
  const keys = Array.from({ length: 100 }, (_, at) => `${at}`);
  const areas = keys.map((key) => areaOf({ key, name: key }));
  const look = lookOf({ areas, grid: { rows: 10, columns: 10, top: 0, right: 0, bottom: 0, left: 0, keys } });
  const it = await editorOf(draftOf(look), { look });
  await it.click(".grid");
  await it.frame({ top: 5 });
  assert.equal(find(it.element, ".save").disabled, false);
  await it.frame({ rows: 11 });
  assert.ok(find(it.element, ".save").disabled);
});

test("there are at most 64", async () => {
  const areas = Array.from({ length: 64 }, (_, index) => areaOf({ key: `${index}`, name: `${index}` }));
  const it = await editorOf(draftOf(lookOf({ areas })));
  assert.ok(find(it.element, ".add").disabled);
  assert.deepEqual([find(it.element, ".full").hidden, textOf(it.element, ".full")], [false, "area_editor.too_many_areas"]);
  const room = await editorOf(draftOf(lookOf({ areas: areas.slice(1) })));
  assert.ok(find(room.element, ".full").hidden);
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
  const hass = { callWS: mock.fn(async () => ({ areas: [LOOK.areas[1]], grid: null })) };
  const saving = editing.save(hass, texts);
  assert.ok(editing.busy);
  await editing.save(hass, texts);
  await saving;
  assert.deepEqual(hass.callWS.mock.calls.map((/** @type {any} */ { arguments: [message] }) => message), [
    { type: "battery_thermal/save_areas", node: "n", changed: [], removed: ["a"] },
  ]);
  assert.deepEqual([editing.busy, editing.draft], [false, null]);
  const { areas, grid } = editing.missing(new Map())?.look ?? {};
  assert.deepEqual([areas, grid], [[LOOK.areas[1]], null]);
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
