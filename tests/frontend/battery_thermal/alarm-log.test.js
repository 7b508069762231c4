/** The alarm log: its pages, its list, its place in the thermal card, and its own card. */

import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";

import { KEYS, details, find, findAll, mount, send, settle, textOf, update } from "../page.js";
import { lookOf, texts, write } from "./nodes-and-areas.js";

import { acknowledge } from "../../../custom_components/battery_thermal/frontend/acknowledge.js";
import { AlarmPages, logState } from "../../../custom_components/battery_thermal/frontend/alarm-pages.js";
import "../../../custom_components/battery_thermal/frontend/cards.js";
import { alarmsForm } from "../../../custom_components/battery_thermal/frontend/forms.js";

afterEach(() => document.querySelectorAll("battery-thermal-alarm-list, battery-thermal-alarm-fold, battery-thermal-alarms").forEach((one) => one.remove()));

const AT = Date.UTC(2026, 2, 1, 12);

/** @type {(number: number, more?: object) => any} */
const alarmOf = (number, more = {}) => ({
  id: `rise-${number}`,
  node: "a",
  control: true,
  kind: "rise",
  quantity: "rate",
  level: "warning",
  area: null,
  certain: true,
  peak: 2,
  peak_at: AT,
  over_range: false,
  since: AT,
  ended_at: null,
  begin_image: null,
  peak_image: null,
  end_image: null,
  acknowledged: false,
  acknowledged_at: null,
  acknowledged_by: null,
  note: null,
  ...more,
});

/**
 * A house whose log has some alarms, the newest first.
 *
 * @param {any[]} alarms
 */
function houseOf(alarms) {
  /** @type {{alarms: any[], error: any}} */
  const answers = { alarms, error: null };
  /** @type {any} */
  const hass = {
    language: "en",
    locale: { language: "en", time_format: "24", number_format: "language", time_zone: "server" },
    config: { time_zone: "Etc/UTC", unit_system: { temperature: "°C" } },
    devices: {
      d1: { id: "d1", name: "Bank", identifiers: [["battery_thermal", "a"]] },
      d2: { id: "d2", name: "Shed", identifiers: [["battery_thermal", "b"]] },
    },
    entities: {},
    states: {},
    callService: mock.fn(async () => undefined),
    callWS: mock.fn(async (/** @type {any} */ { type, path, count, before, node }) => {
      if (type === "frontend/get_translations") return { resources: KEYS };
      if (type === "auth/sign_path") return { path: `${path}?signed` };
      if (answers.error) throw answers.error;
      const of = answers.alarms.filter((one) => !node || one.node === node);
      const begin = before ? of.findIndex(({ id }) => id === before) + 1 : 0;
      const page = of.slice(begin, begin + count);
      return { alarms: page, next: page.length === count ? page[page.length - 1].id : null };
    }),
  };
  const asked = () => hass.callWS.mock.calls.map((/** @type {any} */ { arguments: [it] }) => it).filter((/** @type {any} */ { type }) => type.endsWith("/alarms"));
  return { answers, asked, hass };
}

/** @returns {any} pages that nobody listens to */
const pagesOf = () => new AlarmPages(() => {});

/** @type {(pages: any) => string[] | undefined} */
const idsOf = (pages) => pages.alarms?.map((/** @type {any} */ { id }) => id);

test("pages follow each other, and are asked for anew when the log has changed", async () => {
  const { answers, asked, hass } = houseOf([1, 2, 3, 4, 5].map((number) => alarmOf(number)));
  const pages = pagesOf();
  pages.showMore();
  pages.show(hass, "a", 2, "");
  assert.equal(pages.alarms, null);
  await settle();
  pages.show(hass, "a", 2, "");
  pages.showMore();
  await settle();
  assert.deepEqual(idsOf(pages), ["rise-1", "rise-2", "rise-3", "rise-4"]);
  assert.equal(pages.more, true);
  pages.showMore();
  await settle();
  assert.deepEqual([pages.alarms?.length, pages.more], [5, false]);
  assert.equal(asked().length, 3);
  answers.alarms = [alarmOf(0), ...answers.alarms];
  pages.show(hass, "a", 2, "another");
  await settle();
  assert.deepEqual([pages.alarms?.length, pages.alarms?.[0].id, pages.more], [5, "rise-0", true]);
  pages.show(hass, undefined, 2, "another");
  assert.equal(pages.alarms, null);
  await settle();
  assert.deepEqual(Object.keys(asked()[asked().length - 1]), ["type", "count"]);
});

test("a log that cannot be read says so, and keeps what is there", async () => {
  const { answers, hass } = houseOf([alarmOf(1)]);
  const pages = pagesOf();
  answers.error = {};
  pages.show(hass, "a", 2, "");
  await settle();
  assert.deepEqual([pages.alarms, pages.error], [null, "alarm_log.failed"]);
  answers.error = null;
  pages.show(hass, "a", 2, "1");
  await settle();
  answers.error = { message: "Busy" };
  pages.show(hass, "a", 2, "2");
  await settle();
  assert.deepEqual([pages.alarms?.length, pages.error], [1, "Busy"]);
});

test("only the last answer counts", async () => {
  const { hass } = houseOf([alarmOf(1), alarmOf(2, { node: "b" })]);
  const pages = pagesOf();
  pages.show(hass, "a", 2, "");
  pages.show(hass, "b", 2, "");
  await settle();
  assert.deepEqual(idsOf(pages), ["rise-2"]);
});

test("the state of the log is that of the open alarms", () => {
  const node = (/** @type {object} */ more = {}) => /** @type {any} */ ({ id: "a", ...more });
  const states = [[], [alarmOf(1)], [alarmOf(1, { peak: 3 })], [alarmOf(1, { level: "alarm" })], [alarmOf(1, { acknowledged_at: 5 })]];
  assert.equal(new Set(states.map((alarms) => logState([node({ alarms })]))).size, states.length);
  assert.equal(logState([node()]), logState([node({ alarms: [] })]));
});

test("an entry says what, where, when and how much", async () => {
  const { answers, hass } = houseOf([
    alarmOf(1, { certain: false }),
    alarmOf(2, { kind: "imbalance", quantity: "difference", area: "A3", peak: 7, level: "alarm", ended_at: AT + 60_000 }),
    alarmOf(3, { kind: "over_threshold", quantity: "temperature", peak: 51, note: "Seen\nit", acknowledged: true, acknowledged_at: AT, acknowledged_by: "Ana" }),
    alarmOf(4, { kind: "over_range", quantity: "temperature", peak: 307.2, over_range: true, acknowledged: true, acknowledged_at: AT }),
    alarmOf(5, { kind: "silent", quantity: null, peak: null, peak_at: null, node: "b", control: false }),
  ]);
  const list = await mount("battery-thermal-alarm-list", { hass, names: { b: "Shed" }, texts, write, count: 5 });
  const [rise, uneven, hot, over, silent] = findAll(list, "li");
  assert.match(textOf(rise), /alarm_log.kind_rise areas.warning alarm_log.open .* · alarm_log.peak 2 K\/min .* alarm_log.may_be alarm_log.acknowledge/);
  assert.match(textOf(uneven), /alarm_log.kind_imbalance A3 areas.alarm alarm_log.ended .* alarm_log.peak 7 K/);
  assert.match(textOf(hot), /peak 51 °C .*alarm_log.acknowledged_by Ana .* Seen it$/);
  assert.match(textOf(over), /picture.over 307 °C|alarm_log.peak .*307/);
  assert.match(textOf(over), /alarm_log.acknowledged /);
  assert.match(textOf(silent), /^alarm_log.kind_silent areas.warning Shed alarm_log.open [^·]*$/);
  assert.deepEqual([rise, uneven].map(({ dataset }) => [dataset.level, dataset.open]), [["warning", ""], ["alarm", undefined]]);
  await send(find(list, ".more"), "click");
  assert.equal(findAll(list, "li").length, 5);
  answers.alarms = [];
  await update(list, { state: "another", texts: (/** @type {string} */ key) => (key.includes("kind_") ? "" : texts(key)) });
  assert.equal(textOf(list, "p"), "alarm_log.empty");
  answers.alarms = [alarmOf(1, { kind: "later_kind" })];
  await update(list, { state: "third" });
  assert.equal(textOf(list, ".kind"), "later_kind");
});

test("an alarm is acknowledged with a note, once", async () => {
  const { hass } = houseOf([alarmOf(1)]);
  const list = await mount("battery-thermal-alarm-list", { hass, texts, write, node: "a" });
  await send(find(list, ".acts .main"), "click");
  await send(findAll(list, "form button")[1], "click");
  assert.equal(find(list, "form"), null);
  await send(find(list, ".acts .main"), "click");
  find(list, "textarea").value = " Terminal tightened ";
  hass.callService.mock.mockImplementationOnce(async () => Promise.reject({}));
  await send(find(list, "form"), "submit");
  assert.equal(textOf(list, "[role=alert]"), "alarm_log.not_acknowledged");
  await send(find(list, "form"), "submit");
  assert.equal(find(list, "form"), null);
  const [, { arguments: made }] = hass.callService.mock.calls;
  assert.deepEqual(made.slice(0, 4), [
    "battery_thermal",
    "acknowledge_alarm",
    { alarm: "rise-1", note: "Terminal tightened" },
    { device_id: "d1" },
  ]);
  await send(find(list, ".acts .main"), "click");
  await send(find(list, "form"), "submit");
  assert.deepEqual(hass.callService.mock.calls[2].arguments[2], { alarm: "rise-1" });
});

test("what Home Assistant says of a failure is said", async () => {
  const { hass } = houseOf([]);
  hass.callService = async () => Promise.reject({ message: "No" });
  assert.equal(await acknowledge(hass, texts, "gone", { kind: "rise" }), "No");
});

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
    subscribeMessage: async (/** @type {(event: object) => void} */ tell) => {
      const nodes = Object.fromEntries(ids.map((id) => [id, { look: lookOf(), image: null, alarms: [] }]));
      tell({ snapshot: true, nodes, gone: [], palettes: {} });
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
