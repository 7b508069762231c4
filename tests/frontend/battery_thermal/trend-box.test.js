/** The curve of an area: what is asked for, what is marked, and what is compared. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { details, find, findAll, mount, send, settle, textOf, update } from "../page.js";
import { PAINT, areaOf, cellOf, gridOf, imageOf, keyed, lookOf, texts, write } from "./nodes-and-areas.js";

import "../../../custom_components/battery_thermal/frontend/area-table.js";
import { pixelOf } from "../../../custom_components/battery_thermal/frontend/place-curve.js";

const HOUR = 3_600_000;
/** @type {import("../../../custom_components/battery_thermal/frontend/trend-line.js").Curve} */
const CURVE = [[0, 20, 21, 22], [HOUR, 21, 22, 24], null, [4 * HOUR, 20, 20, 20]];

/** @type {(more?: object) => any} */
const subjectOf = (more = {}) => ({ name: "A1", key: "0", medianOf: "0", ...more });

/**
 * @param {(message: any) => any} answer
 * @param {object} [more] properties
 * @param {(message: any) => any} [alarms]
 */
async function boxOf(answer, more = {}, alarms = () => ({ alarms: [] })) {
  /** @type {any[]} */
  const asked = [];
  const hass = {
    locale: { language: "en", time_format: "24", time_zone: "server" },
    config: { time_zone: "UTC" },
    callWS: async (/** @type {any} */ message) => {
      if (message.type.endsWith("alarms_between")) return alarms(message);
      asked.push(message);
      return { hidden: { areas: {}, spot: [] }, ...(await answer(message)) };
    },
  };
  const areas = [areaOf(), areaOf({ key: "1", name: "A2" }), areaOf({ key: "2", name: "A3" }), areaOf({ key: "x", kind: "ignore" })];
  const box = await mount("battery-thermal-trend", { areas, hass, node: "n", subject: subjectOf(), texts, write, ...more });
  await settle();
  return { asked, box, hass };
}

test("a curve with the median of its kind; a tap, or the hottest, asks for an image", async () => {
  const { asked, box } = await boxOf(() => ({ areas: { 0: CURVE }, median: CURVE, complete: true }));
  const [{ type, node, areas, median_of: medianOf, start, end }] = asked;
  assert.deepEqual([type, node, areas, medianOf, end - start], ["battery_thermal/trend", "n", ["0"], "0", 24 * HOUR]);
  assert.equal(textOf(box, "h3"), "trend.title A1");
  assert.equal(find(box, "[role=status]").hidden, true);
  // The beginning is below the left edge: in the middle it would be read as the time there.
  const [high, low, times] = findAll(box, ".ends").map((it) => [...it.children].map((one) => one.textContent));
  assert.deepEqual([high.length, low.length], [1, 1]);
  assert.equal(times.length, 2);
  const sent = details(box, "image-asked");
  const drawing = find(box, "svg");
  drawing.getBoundingClientRect = () => ({ left: 10, width: 100 });
  await send(drawing, "click", { clientX: 110 });
  await send(find(box, ".keys button"), "click");
  assert.deepEqual(sent, [4 * HOUR, HOUR]);
  const [, , week] = findAll(box, ".head button");
  await send(week, "click");
  await settle();
  assert.deepEqual([asked.length, asked[1].end - asked[1].start], [2, 7 * 24 * HOUR]);
  assert.equal(week.getAttribute("aria-pressed"), "true");
});

test("images that may hide far more heat are marked, said and offered, also without any curve", async () => {
  const hidden = { areas: { 0: [2 * HOUR, 5 * HOUR] }, spot: [HOUR] };
  /** @type {any} */
  let areas = { 0: CURVE };
  const { box } = await boxOf(() => ({ areas, median: [], spot: [], hidden, complete: true }));
  assert.equal(find(box, "path.hidden").getAttribute("d").split("M").length - 1, 2);
  const sent = details(box, "image-asked");
  const drawing = find(box, "svg");
  drawing.getBoundingClientRect = () => ({ left: 0, width: 100 });
  // A tap finds them too.
  await send(drawing, "click", { clientX: 0 });
  const button = find(box, "button:has(.of-hidden)");
  assert.match(button.textContent, /trend\.hidden 2/);
  await send(button, "click");
  assert.deepEqual(sent, [5 * HOUR, 5 * HOUR]);
  areas = { 0: [] };
  await update(box, { state: "other" });
  await settle();
  assert.equal(find(box, "svg"), null);
  assert.equal(find(box, "[role=status]").hidden, true);
  assert.ok(find(box, "button:has(.of-hidden)"));
});

test("a peak above what the node can say is said in words", async () => {
  const { box } = await boxOf(() => ({ areas: { 0: [[0, 30, 30, 320]] }, median: [], complete: true }));
  assert.match(textOf(box, ".keys button"), /picture\.over/);
});

test("what is still calculated is asked for again, until all of it is there", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  let complete = false;
  const { asked, box } = await boxOf(() => ({ areas: { 0: [] }, median: [], complete }));
  assert.equal(textOf(box, "[role=status]"), "trend.calculating");
  complete = true;
  mock.timers.tick(2000);
  mock.timers.reset();
  await settle();
  assert.deepEqual([asked.length, textOf(box, "[role=status]")], [2, "trend.none"]);
  assert.equal(find(box, "svg"), null);
});

test("a failure is said, and a late answer about another area is ignored", async () => {
  const failing = await boxOf(() => Promise.reject(new Error()));
  assert.equal(textOf(failing.box, "[role=status]"), "archive.failed");
  /** @type {((found: any) => void)[]} */
  const answers = [];
  const { asked, box } = await boxOf(() => new Promise((resolve) => answers.push(resolve)));
  await update(box, { subject: subjectOf({ key: "1", name: "A2" }) });
  answers[1]({ areas: { 1: CURVE }, median: [], complete: true });
  answers[0]({ areas: { 0: [] }, median: [], complete: true });
  await settle();
  assert.deepEqual([asked.length, findAll(box, "svg").length], [2, 1]);
  box.remove();
  assert.equal(box.asked, "");
});

/** @type {(more?: object) => any} */
const alarmOf = (more = {}) => ({
  id: "1", kind: "imbalance", level: "alarm", area: "A1", area_key: null, since: HOUR, ended_at: null,
  begin_image: HOUR, peak_image: 2 * HOUR, end_image: null, ...more,
});

test("alarms of the area and of none are marked, and their images offered, the newest first", async () => {
  const alarms = [
    alarmOf(),
    alarmOf({ id: "2", area: "A2" }),
    alarmOf({ id: "3", kind: "silent", level: "warning", area: null, begin_image: null, peak_image: null, ended_at: 3 * HOUR }),
    alarmOf({ id: "4", kind: "rise", area: null, peak_image: null, begin_image: 3 * HOUR, end_image: 4 * HOUR }),
  ];
  const answer = () => ({ areas: { 0: CURVE }, median: CURVE, spot: CURVE, complete: true });
  const { box } = await boxOf(answer, {}, () => ({ alarms }));
  const bands = findAll(box, ".spans").map((one) => one.getAttribute("d").split("Z").length - 1);
  assert.deepEqual(bands, [1, 2]);
  const sent = details(box, "image-asked");
  const buttons = findAll(box, "button.of-alarm");
  assert.deepEqual(buttons.map((one) => one.textContent.replace(/\s+/g, " ").trim().split(",")[0]), [
    "areas.alarm alarm_log.kind_rise", "areas.alarm alarm_log.kind_imbalance",
  ]);
  for (const button of buttons) await send(button, "click");
  assert.deepEqual(sent, [3 * HOUR, 2 * HOUR]);
  // All of them concern a pixel.
  await update(box, { subject: { name: "Pixel", spot: [1, 2] } });
  await settle();
  assert.equal(findAll(box, "button.of-alarm").length, 3);
});

test("alarms of an area stay with it when it is renamed, and its name may be that of another one since", async () => {
  const alarms = [
    alarmOf({ id: "2", kind: "drift", area: "Before", area_key: "0" }),
    alarmOf({ id: "3", area: "A1", area_key: "7" }),
  ];
  const { box } = await boxOf(() => ({ areas: { 0: CURVE }, median: CURVE, complete: true }), {}, () => ({ alarms }));
  const buttons = findAll(box, "button.of-alarm");
  assert.deepEqual(buttons.map((one) => one.textContent.includes("kind_drift")), [true]);
});

test("a curve is compared with three other areas at most, and without the log it has no marks", async () => {
  const answer = (/** @type {any} */ { areas }) => ({
    areas: Object.fromEntries(areas.map((/** @type {string} */ key) => [key, CURVE])), median: CURVE, complete: true,
  });
  const { asked, box } = await boxOf(answer, {}, () => Promise.reject(new Error()));
  const choose = async (/** @type {string} */ key) => {
    const choice = find(box, "select");
    choice.value = key;
    await send(choice, "change");
    await settle();
  };
  assert.deepEqual(findAll(box, "option").map((one) => one.value), ["", "1", "2"]);
  assert.equal(findAll(box, ".spans").every((one) => one.getAttribute("d") === ""), true);
  await choose("2");
  assert.deepEqual(asked[1].areas, ["0", "2"]);
  assert.equal(findAll(box, ".other").length, 1);
  await choose("1");
  assert.equal(find(box, "select"), null);
  await send(find(box, "button.compared"), "click");
  await settle();
  assert.deepEqual(asked[3].areas, ["0", "1"]);
  // The one that it was compared with is the subject now.
  await update(box, { subject: subjectOf({ key: "1", name: "A2" }) });
  await settle();
  assert.deepEqual([asked[4].areas, box.compared], [["1"], []]);
});

test("with another image or alarm the curve is asked for anew, and stays until the answer", async () => {
  const { asked, box } = await boxOf(() => ({ areas: { 0: CURVE }, median: CURVE, complete: true }));
  box.state = "2";
  await box.updateComplete;
  assert.equal(asked.length, 2);
  assert.ok(find(box, ".line"));
});

test("the curve of a pixel has the median of the cells", async () => {
  const { asked, box } = await boxOf(() => ({ areas: {}, median: null, spot: CURVE, complete: true }), { subject: { name: "Pixel", spot: [5, 6] } });
  assert.deepEqual([asked[0].areas, asked[0].spot, "median_of" in asked[0]], [[], [5, 6], false]);
  assert.equal(find(box, ".of-median"), null);
  await update(box, { subject: { name: "Pixel", spot: [5, 6], medianOf: "0" } });
  await settle();
  assert.equal(asked[1].median_of, "0");
  assert.ok(find(box, ".of-median"));
});

const LOOK = lookOf({ areas: [areaOf(), areaOf({ key: "1", name: "Plus", points: [[0, 0], [8, 8]] })] });

test("of a place in the picture there is the curve of the smallest area there, or of its pixel", async () => {
  const hass = { callWS: () => new Promise(() => {}) };
  const it = await mount("battery-thermal-place", { hass, look: LOOK, node: "n", place: [4, 7], texts, write });
  const subject = () => find(it, "battery-thermal-trend").subject;
  assert.deepEqual(subject(), { name: "Plus", key: "1", medianOf: "1" });
  const [, pixel] = findAll(it, ".choice button");
  await send(pixel, "click");
  assert.deepEqual(subject(), { name: "trend.pixel 5 8", spot: [4, 7], medianOf: "1" });
  await update(it, { look: lookOf() });
  assert.deepEqual(subject(), { name: "trend.pixel 5 8", spot: [4, 7] });
  const closed = details(it, "curve-closed");
  await send(find(it, ".close"), "click");
  assert.equal(closed.length, 1);
});

test("a place is a pixel of the sensor, however the picture is turned, also in a block", () => {
  const rows = (/** @type {number} */ height, /** @type {number} */ width) => imageOf({ rows: Array(height).fill([]), width });
  assert.deepEqual(pixelOf({ row: 3, column: 5 }, rows(32, 24), lookOf()), [3, 5]);
  assert.deepEqual(pixelOf({ row: 3, column: 5 }, rows(24, 32), lookOf({ quarters: 1 })), [26, 3]);
  assert.deepEqual(pixelOf({ row: 1, column: 2 }, rows(8, 6), lookOf()), [6, 10]);
});

test("the table shows the curve of one area, and hides it again", async () => {
  const hass = { callWS: () => new Promise(() => {}) };
  const image = imageOf({ areas: keyed([cellOf(31), cellOf(32)]) });
  const table = await mount("battery-thermal-areas", { hass, image, look: lookOf(gridOf()), node: "n", paint: PAINT, texts, write });
  const [first, second] = findAll(table, "button.curve");
  assert.equal(find(table, "battery-thermal-trend"), null);
  await send(second, "click");
  assert.equal(find(table, "battery-thermal-trend").subject.name, "A2");
  await send(first, "click");
  assert.equal(find(table, "battery-thermal-trend").subject.name, "A1");
  await send(first, "click");
  assert.equal(find(table, "battery-thermal-trend"), null);
});
