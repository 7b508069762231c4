/** The alarm log: its place in the thermal card, and its own card. */

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { KEYS, details, find, findAll, mount, send, settle, textOf, update } from "../page.js";
import { AT, alarmOf, houseOf } from "./alarm-house.js";
import { lookOf, texts, write } from "./nodes-and-areas.js";

import "../../../custom_components/battery_thermal/frontend/cards.js";
import { alarmsForm } from "../../../custom_components/battery_thermal/frontend/forms.js";

afterEach(() => document.querySelectorAll("battery-thermal-alarm-list, battery-thermal-alarm-fold, battery-thermal-alarms").forEach((one) => one.remove()));

test("in the thermal card the log is asked for when it is opened", async () => {
  const { asked, hass } = houseOf([alarmOf(1, { peak_image: AT + 1 })]);
  const node = { id: "a", alarms: [alarmOf(1)] };
  const fold = await mount("battery-thermal-alarm-fold", { hass, node, texts, write });
  assert.equal(textOf(fold, "summary"), "alarm_log.title_open 1");
  assert.equal(asked().length, 0);
  find(fold, "details").open = true;
  await settle();
  await send(find(fold, "details"), "toggle");
  const list = find(fold, "battery-thermal-alarm-list");
  assert.equal(asked().length, 1);
  const wanted = details(fold, "alarm-image");
  await send(findAll(list, ".acts button")[1], "click");
  assert.deepEqual(wanted, [{ id: "rise-1", node: "a", time: AT + 1 }]);
  find(fold, "details").open = false;
  await send(find(fold, "details"), "toggle");
  await update(fold, { node: { id: "a" } });
  assert.equal(textOf(fold, "summary"), "alarm_log.title");
});

/** The card of the log in a house with some nodes. */
async function cardOf(/** @type {any} */ config, ids = ["a", "b"]) {
  const { hass } = houseOf([alarmOf(1, { begin_image: AT, peak_image: AT + 1 }), alarmOf(2, { node: "b" })]);
  hass.connection = {
    addEventListener() {},
    subscribeMessage: async (/** @type {(event: object) => void} */ listener) => {
      const nodes = Object.fromEntries(ids.map((id) => [id, { look: lookOf(), image: null, alarms: [] }]));
      listener({ snapshot: true, nodes, gone: [], palettes: {} });
      return async () => undefined;
    },
  };
  const card = await mount("battery-thermal-alarms", { hass });
  card.setConfig(config);
  await settle();
  return { card, hass, list: find(card, "battery-thermal-alarm-list") };
}

test("the card of the log shows all banks with their names", async () => {
  const { card, list } = await cardOf({});
  assert.match(textOf(card, "h2"), /^alarm_log.title/);
  assert.deepEqual(list.names, { a: "Bank", b: "Shed" });
  assert.deepEqual([list.node, list.count, findAll(list, "li").length], [undefined, 10, 2]);
  assert.ok(card.getCardSize() && card.getGridOptions().columns);
});

test("or one bank, with a title and a number of one's own", async () => {
  const { card, list } = await cardOf({ device: "d2", title: "Log", count: 3 });
  assert.deepEqual([textOf(card, "h2"), list.node, list.count, list.names], ["Log", "b", 3, {}]);
  assert.deepEqual((await cardOf({}, ["a"])).list.names, {});
});

test("or that there is none", async () => {
  assert.match(textOf((await cardOf({}, [])).card, "p"), /^card.no_node/);
  assert.match(textOf((await cardOf({ device: "d9" })).card, "p"), /^card.node_gone/);
});

test("the picture of an image is shown at its alarm, and hidden again", async () => {
  const { list } = await cardOf({});
  const [, begin, peak] = findAll(list, "li:first-child .acts button");
  await send(begin, "click");
  assert.equal(find(list, "img").getAttribute("src"), `/api/battery_thermal/archive/a/${AT}?signed`);
  await send(peak, "click");
  assert.equal(find(list, "img").getAttribute("src"), `/api/battery_thermal/archive/a/${AT + 1}?signed`);
  await send(peak, "click");
  assert.equal(find(list, "img"), null);
});

test("the editor of the card", async () => {
  const hass = { language: "en", callWS: async () => ({ resources: KEYS }) };
  Object.assign(/** @type {any} */ (document.querySelector("home-assistant")), { hass });
  const form = await alarmsForm();
  assert.deepEqual(form.schema.map(({ name }) => name), ["title", "device", "count"]);
  const helps = form.schema.map((field) => form.computeHelper(field).split(" ")[0]);
  assert.deepEqual(helps, ["editor.alarms_title_help", "editor.alarms_device_help", "editor.count_help"]);
  assert.match(form.computeLabel({ name: "count" }), /^editor.count/);
  const { AlarmsCard } = await import("../../../custom_components/battery_thermal/frontend/alarms-card.js");
  assert.deepEqual(AlarmsCard.getStubConfig(), {});
  assert.equal((await AlarmsCard.getConfigForm()).schema.length, 3);
});
