/** What somebody sees who leafs through the archive: over slow lines, broken ones, and midnight. */

import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";

import { Archive } from "../../../custom_components/battery_thermal/frontend/archive.js";

const NOON = Date.parse("2026-07-01T12:00Z");
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const TODAY = [NOON - 3 * MINUTE, NOON - 2 * MINUTE, NOON - MINUTE];
const YESTERDAY = TODAY.map((time) => time - DAY);
const LOOK = { quarters: 0, mirror: false, areas: /** @type {any[]} */ ([]), correction: [0, 0.95, []] };

afterEach(() => mock.timers.reset());

/** Somebody's view of a node's archive, whose answers come when the test lets them. */
function archive(now = NOON) {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now });
  /** @type {any[]} */
  const waiting = [];
  /** @type {any} */
  const hass = {
    language: "en",
    locale: { time_zone: "server" },
    config: { time_zone: "Etc/UTC" },
    callWS: (/** @type {object} */ message) =>
      new Promise((resolve, reject) => waiting.push({ ...message, resolve, reject })),
  };
  let changes = 0;
  const made = new Archive((key) => key, () => changes++);
  /** @type {any} */
  const node = { id: "a", look: LOOK, image: { started_at: 0, closed: false } };
  const settle = () => new Promise(setImmediate);
  /** Say how things are, and let pass what the archive takes to have the last image. */
  const show = (more = {}, live = true, passes = 2000) => {
    made.show(hass, { ...node, ...more }, live);
    mock.timers.tick(passes);
  };
  /** The oldest question of a kind that was not answered yet. */
  const question = (/** @type {string} */ kind) => {
    const at = waiting.findIndex(({ type }) => type.endsWith(kind));
    assert.notEqual(at, -1, `${kind} was not asked`);
    return waiting.splice(at, 1)[0];
  };
  const answer = async (/** @type {string} */ kind, /** @type {unknown} */ result) => {
    const asked = question(kind);
    asked.resolve(result);
    await settle();
    return asked;
  };
  const refuse = async (/** @type {string} */ kind, reason = {}) => {
    question(kind).reject(reason);
    await settle();
  };
  const index = (/** @type {number[]} */ times) => answer("archive_index", { times, before: YESTERDAY.at(-1), after: null });
  const image = (/** @type {unknown} */ name) => answer("archive_image", { image: name });
  /** Images that are there are asked for by themselves. */
  const nothingElse = () => assert.deepEqual(waiting.map(({ type }) => type), []);
  const reconnect = () => {
    show({}, false);
    show();
  };
  const changesSo = () => changes;
  return { made, hass, show, index, image, answer, refuse, question, settle, reconnect, nothingElse, changesSo };
}

test("an error of a day is shown until the day can be read, and then the day is selected", async () => {
  const { made, show, index, image, refuse, reconnect } = archive();
  show();
  await index(TODAY);
  made.choose("2026-06-30");
  await refuse("archive_index", { message: "Damaged" });
  assert.deepEqual([made.error, made.index, made.time, made.day], ["Damaged", null, null, "2026-06-30"]);
  made.goTo(YESTERDAY[1]);
  await refuse("archive_index");
  assert.deepEqual([made.error, made.index, made.time], ["archive.failed", null, null]);
  reconnect();
  await index(YESTERDAY);
  assert.deepEqual([made.error, made.time], ["", YESTERDAY[1]]);
  await image("second");
  assert.equal(made.shown?.image, "second");
});

test("a day without images leads to the newest one", async () => {
  const { made, show, index, image } = archive();
  show();
  await index(TODAY);
  made.look(TODAY[0]);
  await image("first");
  made.choose("2026-01-01");
  await index([]);
  assert.deepEqual([made.day, made.index?.times, made.time, made.shown], ["2026-01-01", [], null, null]);
});

test("an image that could not be fetched is requested again when the connection is back", async () => {
  const { made, show, index, image, refuse, reconnect, changesSo } = archive();
  show();
  await index(TODAY);
  made.look(TODAY[2]);
  await image("third");
  await image("second");
  await refuse("archive_image");
  made.look(TODAY[0]);
  await refuse("archive_image");
  assert.deepEqual([made.error, made.shown?.image], ["archive.failed", "third"]);
  reconnect();
  await index(TODAY);
  assert.equal(made.error, "archive.failed");
  const before = changesSo();
  await image("first");
  assert.deepEqual([made.error, made.shown?.image, made.time], ["", "first", TODAY[0]]);
  assert.ok(changesSo() > before);
});

test("an error of an earlier image is not shown beside the newest one", async () => {
  const { made, show, index, refuse } = archive();
  show();
  await index(TODAY);
  made.look(TODAY[0]);
  await refuse("archive_image");
  made.reset();
  assert.equal(made.error, "");
});

test("a late answer does not replace the newest image", async () => {
  const { made, show, index, nothingElse } = archive();
  show();
  await index(TODAY);
  for (const turn of [() => made.choose("2026-06-30"), () => made.goTo(YESTERDAY[0])]) {
    turn();
    made.reset();
    await index(YESTERDAY);
    assert.deepEqual([made.time, made.index?.times], [null, TODAY]);
    await index(TODAY);
    assert.deepEqual([made.time, made.day], [null, "2026-07-01"]);
    nothingElse();
  }
});

test("a day that is selected while another one is requested stays selected", async () => {
  const { made, show, index, image } = archive();
  show();
  await index(TODAY);
  made.choose("2026-06-30");
  made.look(TODAY[1]);
  await index(YESTERDAY);
  await index(TODAY);
  await image("second");
  assert.deepEqual([made.day, made.time, made.shown?.image], ["2026-07-01", TODAY[1], "second"]);
});

test("a late answer about another node's archive is not shown", async () => {
  const { made, show, index, image, refuse, answer, question, settle, nothingElse } = archive();
  show();
  await index(TODAY);
  made.look(TODAY[1]);
  made.choose("2026-06-30");
  show({ id: "b" }, false);
  await image("of the other one");
  await index(YESTERDAY);
  assert.deepEqual([made.time, made.shown, made.index, made.day], [null, null, null, "2026-07-01"]);
  show({ id: "b" });
  const asked = question("archive_index");
  assert.equal(asked.node, "b");
  // Its text is fetched for so long that nobody wants to know any more.
  asked.reject({ translation_domain: "late", translation_key: "no" });
  await settle();
  made.reset();
  await index(TODAY);
  await answer("get_translations", { resources: {} });
  assert.deepEqual([made.error, made.index?.times], ["", TODAY]);
  nothingElse();
  made.look(TODAY[1]);
  show({ id: "c" });
  await refuse("archive_image");
  assert.equal(made.error, "");
  await refuse("archive_index");
  assert.equal(made.error, "archive.failed");
  show({ id: "d" }, false);
  assert.equal(made.error, "");
});

test("images are fetched again after a change of orientation, cells or correction", async () => {
  const { made, show, index, image, nothingElse } = archive();
  const area = { key: "0", name: "A1", kind: "cell", points: [[0, 0], [32, 24]], emissivity: null };
  for (const more of [
    {},
    { correction: [2, 0.95, []] },
    { correction: [2, 0.8, []] },
    { correction: [2, 0.8, [[3, 4]]] },
    { mirror: true },
    { quarters: 1 },
    { areas: [area] },
    { areas: [{ ...area, points: [[1, 0], [32, 24]] }] },
    { areas: [{ ...area, emissivity: 0.6 }] },
  ]) {
    const look = { ...LOOK, ...more };
    show({ look });
    assert.deepEqual([made.shown], [null]);
    await index([TODAY[0]]);
    made.look(TODAY[0]);
    await image(more);
    assert.equal(made.shown?.image, more);
    nothingElse();
  }
  // What the areas are called, and which are too warm, says the look itself.
  show({ look: { ...LOOK, areas: [{ ...area, emissivity: 0.6, name: "A2" }], imbalance: [3, 6] } });
  assert.notEqual(made.shown, null);
});

test("a new day begins also while the node is silent", async () => {
  const { made, show, index, answer } = archive(NOON + DAY / 2 - MINUTE);
  show();
  await index(TODAY);
  mock.timers.tick(MINUTE);
  assert.equal(made.day, "2026-07-01");
  show();
  const { start, end } = await answer("archive_index", { times: [], before: TODAY.at(-1), after: null });
  assert.deepEqual([start, end], [NOON + DAY / 2, NOON + (3 * DAY) / 2]);
  assert.deepEqual([made.day, made.index?.times, made.time], ["2026-07-02", [], null]);
});

test("a day that was selected before midnight stays selected", async () => {
  const { made, show, index, image, answer } = archive(NOON + DAY / 2 - MINUTE);
  show();
  await index(TODAY);
  made.look(TODAY[0]);
  for (const name of ["first", "second", "third"]) await image(name);
  mock.timers.tick(MINUTE);
  show({ image: { started_at: 1, closed: true } });
  const { start } = await answer("archive_index", { times: TODAY, before: null, after: null });
  assert.equal(start, NOON - DAY / 2);
  assert.deepEqual([made.day, made.time, made.shown?.image], ["2026-07-01", TODAY[0], "first"]);
});

test("without a connection, and for a card that is not shown, nothing is requested", async () => {
  const { made, show, nothingElse } = archive();
  show({}, false);
  nothingElse();
  made.stop();
  mock.timers.tick(DAY);
  nothingElse();
});

test("a day begins with its first image", async () => {
  const { made, show, index } = archive();
  show();
  await index(TODAY);
  made.choose("2026-06-30");
  await index(YESTERDAY);
  assert.equal(made.time, YESTERDAY[0]);
});

test("the images of the day are requested at once, and later only if there may be new ones", async () => {
  const { made, hass, show, index, nothingElse } = archive();
  show({}, true, 0);
  await index(TODAY);
  show();
  nothingElse();
  const image = { started_at: 1, closed: false };
  for (const more of [{ image }, { image: { ...image, closed: true } }, { image: { started_at: 2, closed: true } }]) {
    show(more);
    await index(TODAY);
    show(more);
    nothingElse();
  }
  hass.config.time_zone = "Asia/Tokyo";
  show({ image: { started_at: 2, closed: true } });
  await index(TODAY);
  assert.equal(made.day, "2026-07-01");
});

test("a new image is requested once, two seconds after its end", async () => {
  const { show, index, nothingElse } = archive();
  show({}, true, 0);
  await index(TODAY);
  show({ image: { started_at: 1, closed: true } }, true, 1999);
  nothingElse();
  // Another one begins before the last one was asked for.
  show({ image: { started_at: 2, closed: false } }, true, 1999);
  nothingElse();
  show({ image: { started_at: 2, closed: false } }, true, 1);
  await index(TODAY);
  nothingElse();
});

test("after a stop or a lost connection the new image is not requested", async () => {
  const { made, show, index, nothingElse } = archive();
  show({}, true, 0);
  await index(TODAY);
  show({ image: { started_at: 1, closed: true } }, true, 1000);
  show({ image: { started_at: 1, closed: true } }, false);
  nothingElse();
  show({ image: { started_at: 1, closed: true } }, true, 1000);
  made.stop();
  mock.timers.tick(DAY);
  nothingElse();
});
