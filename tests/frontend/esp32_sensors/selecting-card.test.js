/** Selecting several boards on a page, and doing something with them. */

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { KEYS, find, findAll, mount, send, settle, textOf, update } from "../page.js";
import { boardOf, houseOf, registries } from "./cards.js";

import "../../../custom_components/esp32_sensors/frontend/cards.js";

beforeEach(() => localStorage.clear());

/** A page with boards 1 (online), 2 (offline) and, where asked for, 7, which waits to join. */
async function page(kind = "history", more = {}) {
  const many = mock.fn(async (/** @type {any} */ message) => ({ errors: Object.fromEntries(message.boards.map((/** @type {string} */ key) => [key, null])) }));
  const callWS = async (/** @type {any} */ message) => {
    return message.type === "esp32_sensors/many_boards" ? many(message) : { resources: KEYS };
  };
  const areas = { b: { area_id: "b", name: "Kitchen" }, a: { area_id: "a", name: "Attic" } };
  const house = houseOf({ ...registries("1", "2"), areas, callWS, ...more });
  const card = await mount(`esp32-sensors-${kind}`, { config: {}, hass: house.hass });
  await house.send(boardOf("1"), boardOf("2", { online: false }));
  await house.sendRequests({ network: "n1", title: "Boards", mac: "7" });
  const bar = () => find(card, "esp32-sensors-selection");
  const box = (/** @type {string} */ label) =>
    [...findAll(card, ".requests input"), ...findAll(card, ".board").map((it) => find(it, ".select input"))].find(
      (it) => it?.getAttribute("aria-label") === label,
    );
  const action = (/** @type {string} */ name) => find(bar(), `[data-action="${name}"]`);
  const press = async (/** @type {any} */ button) => {
    await send(button, "click");
    await settle();
  };
  const begin = () => press(find(card, "[data-select]"));
  const asked = () => many.mock.calls.map(({ arguments: [message] }) => message);
  return { ...house, card, many, asked, bar, begin, box, action, press };
}

test("boards can be selected once that is asked for, and no longer when it has ended", async () => {
  const { card, bar, begin, box } = await page();
  assert.deepEqual([bar(), findAll(find(card, ".board"), ".select").length], [null, 0]);
  await begin();
  assert.equal(find(card, "[data-select]").getAttribute("aria-pressed"), "true");
  assert.ok(box(find(find(card, ".board"), ".select input").getAttribute("aria-label")));
  assert.equal(findAll(card, ".requests li").length, 1);
  await send(bar(), "selection-ended");
  await settle();
  assert.deepEqual([bar(), findAll(card, ".requests").length], [null, 0]);
  await begin();
  await send(card, "keydown", { key: "Escape" });
  await settle();
  assert.equal(bar(), null);
  await begin();
  await begin();
  assert.equal(bar(), null);
  card.remove();
});

test("all are selected, or none, and only what is shown", async () => {
  const { card, bar, begin, press, send: sendBoards } = await page();
  await begin();
  const all = () => findAll(bar(), ".row button")[0];
  await press(all());
  assert.deepEqual([bar().count, bar().all, textOf(bar(), ".row button").split(" ")[0]], [3, 3, "select.none"]);
  await sendBoards(boardOf("1"));
  assert.deepEqual([bar().count, bar().all], [2, 2]);
  await press(all());
  assert.equal(bar().count, 0);
  card.remove();
});

test("an LED is switched and a board is identified at once, and what became of it is said", async () => {
  const { card, asked, bar, begin, action, many, press } = await page("live");
  await begin();
  const input = find(find(card, ".board"), ".select input");
  input.checked = true;
  await send(input, "change");
  await settle();
  assert.equal(bar().count, 1);
  assert.equal(action("accept").disabled, true);
  await press(action("led_on"));
  assert.deepEqual(asked(), [{ type: "esp32_sensors/many_boards", action: "led_on", boards: ["n1/1"] }]);
  assert.match(textOf(bar(), ".outcome"), /^select.all_done 1/);
  many.mock.mockImplementation(async () => ({ errors: { "n1/1": { message: "Offline." } } }));
  await press(action("identify"));
  assert.deepEqual(findAll(bar(), ".outcome li").map((/** @type {any} */ it) => it.textContent.slice(0, 8)), ["select.s", "Offline."]);
  many.mock.mockImplementation(async () => Promise.reject({ message: "No." }));
  await press(action("led_off"));
  assert.equal(textOf(bar(), ".outcome"), "No.");
  many.mock.mockImplementation(async () => Promise.reject({}));
  await press(action("led_off"));
  assert.match(textOf(bar(), ".outcome"), /^select.failed/);
  input.checked = false;
  await send(input, "change");
  await settle();
  assert.deepEqual([bar().count, bar().outcome, action("led_on").disabled], [0, [], true]);
  card.remove();
});

test("forgetting is asked about with the number of boards, and can be cancelled", async () => {
  const { card, asked, bar, begin, action, press } = await page();
  await begin();
  await press(findAll(bar(), ".row button")[0]);
  await press(action("forget"));
  assert.match(textOf(bar(), ".asked h3"), /^select.forget_title 2/);
  assert.deepEqual(asked(), []);
  await press(find(bar(), ".asked [data-first]"));
  assert.deepEqual([find(bar(), ".asked"), asked()], [null, []]);
  await press(action("forget"));
  await send(find(bar(), ".asked h3"), "keydown", { key: "Escape" });
  await settle();
  assert.deepEqual([find(bar(), ".asked"), bar() === null], [null, false]);
  await press(action("forget"));
  await press(find(bar(), "[data-confirm]"));
  assert.deepEqual(asked(), [{ type: "esp32_sensors/many_boards", action: "forget", boards: ["n1/1", "n1/2"] }]);
  card.remove();
});

test("a forgotten board that joins again is not selected, and one that could not be forgotten still is", async () => {
  const { card, bar, begin, action, many, press, send: sendBoards } = await page();
  many.mock.mockImplementation(async () => ({ errors: { "n1/1": null, "n1/2": { message: "No." } } }));
  await begin();
  await press(findAll(bar(), ".row button")[0]);
  await press(action("forget"));
  await press(find(bar(), "[data-confirm]"));
  await sendBoards(boardOf("1"), boardOf("2"));
  assert.deepEqual([...card.selected].sort(), ["n1/2", "n1/7"]);
  card.remove();
});

test("what was asked about other boards is not asked any more", async () => {
  const { card, bar, begin, action, press, send: sendBoards } = await page();
  await begin();
  await press(findAll(bar(), ".row button")[0]);
  await press(action("forget"));
  await sendBoards(boardOf("1", { light: 1 }), boardOf("2", { online: false }));
  assert.ok(find(bar(), ".asked"));
  await sendBoards(boardOf("1"));
  assert.equal(find(bar(), ".asked"), null);
  card.remove();
});

test("an area is chosen among those of the house, or none", async () => {
  const { card, asked, bar, begin, action, press } = await page();
  await begin();
  await press(findAll(bar(), ".row button")[0]);
  await press(action("set_area"));
  const choice = find(bar(), "select");
  assert.deepEqual([...choice.options].map((it) => it.textContent.split(" ")[0]), ["select.no_area", "Attic", "Kitchen"]);
  choice.value = "b";
  await send(choice, "change");
  await press(find(bar(), "[data-confirm]"));
  await press(action("set_area"));
  const again = find(bar(), "select");
  again.value = "";
  await send(again, "change");
  await press(find(bar(), "[data-confirm]"));
  assert.deepEqual(asked().map((it) => [it.action, it.area_id]), [["set_area", "b"], ["set_area", null]]);
  card.remove();
});

test("boards that wait to join are accepted and refused", async () => {
  const { card, asked, begin, action, press } = await page("live");
  const inPanel = () => find(card, "esp32-sensors-join")?.requests.length ?? 0;
  assert.equal(inPanel(), 1);
  await begin();
  assert.equal(inPanel(), 0);
  const input = find(card, ".requests input");
  input.checked = true;
  await send(input, "change");
  await settle();
  await press(action("accept"));
  await press(action("refuse"));
  assert.deepEqual(asked().map((it) => [it.action, it.boards]), [["accept", ["n1/7"]], ["refuse", ["n1/7"]]]);
  await update(card, { config: { network: "other" } });
  assert.equal(findAll(card, ".requests").length, 0);
  card.remove();
});

test("who may do nothing is offered nothing, and who is no administrator only the LEDs", async () => {
  const visitor = { user: { is_admin: false } };
  const { card, bar, begin, send: sendBoards } = await page("live", visitor);
  await begin();
  assert.deepEqual(findAll(bar(), "[data-action]").map((/** @type {any} */ it) => it.dataset.action), ["led_on", "led_off", "identify"]);
  await sendBoards(boardOf("1", { control: false }));
  assert.equal(find(card, "[data-select]"), null);
  card.remove();
});
