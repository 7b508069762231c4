/** What somebody sees who leafs through the archive: over slow lines, broken ones, and midnight. */

import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";

import { Archive } from "../../../custom_components/battery_thermal/frontend/archive.js";

const NOON = Date.parse("2026-07-01T12:00Z");
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const TODAY = [NOON - 3 * MINUTE, NOON - 2 * MINUTE, NOON - MINUTE];
const YESTERDAY = TODAY.map((time) => time - DAY);
const LOOK = { quarters: 0, mirror: false, cells: null, correction: [0, 0.95, []] };

afterEach(() => mock.timers.reset());

/** Somebody's view of a node's archive, whose answers come when the test lets them. */
function archive(now = NOON) {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now });
  const waiting = [];
  const hass = {
    language: "en",
    locale: { time_zone: "server" },
    config: { time_zone: "Etc/UTC" },
    callWS: (message) =>
      new Promise((resolve, reject) => waiting.push({ ...message, resolve, reject })),
  };
  let changes = 0;
  const made = new Archive((key) => key, () => changes++);
  const node = { id: "a", look: LOOK, image: { started_at: 0, closed: false } };
  const settle = () => new Promise(setImmediate);
  /** Say how things are, and let pass what the archive takes to have the last image. */
  const show = (more = {}, live = true) => {
    made.show(hass, { ...node, ...more }, live);
    mock.timers.tick(2000);
  };
  /** The oldest question of a kind that was not answered yet. */
  const question = (kind) => {
    const at = waiting.findIndex(({ type }) => type.endsWith(kind));
    assert.notEqual(at, -1, `${kind} was not asked`);
    return waiting.splice(at, 1)[0];
  };
  const answer = async (kind, result) => {
    const asked = question(kind);
    asked.resolve(result);
    await settle();
    return asked;
  };
  const refuse = async (kind, reason = {}) => {
    question(kind).reject(reason);
    await settle();
  };
  const index = (times) => answer("archive_index", { times, before: YESTERDAY.at(-1), after: null });
  const image = (name) => answer("archive_image", { image: name });
  /** Images that are there are asked for by themselves. */
  const nothingElse = () => assert.deepEqual(waiting.map(({ type }) => type), []);
  const reconnect = () => {
    show({}, false);
    show();
  };
  const changesSo = () => changes;
  return { made, show, index, image, answer, refuse, question, settle, reconnect, nothingElse, changesSo };
}

test("a day that cannot be read says so until it can, and is turned to then", async () => {
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
  assert.equal(made.shown.image, "second");
});

test("a day without images leads to the newest one", async () => {
  const { made, show, index, image } = archive();
  show();
  await index(TODAY);
  made.look(TODAY[0]);
  await image("first");
  made.choose("2026-01-01");
  await index([]);
  assert.deepEqual([made.day, made.index.times, made.time, made.shown], ["2026-01-01", [], null, null]);
});

test("an image that was not had is asked for again when the connection is back", async () => {
  const { made, show, index, image, refuse, reconnect, changesSo } = archive();
  show();
  await index(TODAY);
  made.look(TODAY[2]);
  await image("third");
  await image("second");
  await refuse("archive_image");
  made.look(TODAY[0]);
  await refuse("archive_image");
  assert.deepEqual([made.error, made.shown.image], ["archive.failed", "third"]);
  reconnect();
  await index(TODAY);
  assert.equal(made.error, "archive.failed");
  const before = changesSo();
  await image("first");
  assert.deepEqual([made.error, made.shown.image, made.time], ["", "first", TODAY[0]]);
  assert.ok(changesSo() > before);
});

test("what failed of an image is of no matter to who is back at the newest one", async () => {
  const { made, show, index, refuse } = archive();
  show();
  await index(TODAY);
  made.look(TODAY[0]);
  await refuse("archive_image");
  made.reset();
  assert.equal(made.error, "");
});

test("a late answer does not lead away from the newest image", async () => {
  const { made, show, index, nothingElse } = archive();
  show();
  await index(TODAY);
  for (const turn of [() => made.choose("2026-06-30"), () => made.goTo(YESTERDAY[0])]) {
    turn();
    made.reset();
    await index(YESTERDAY);
    assert.deepEqual([made.time, made.index.times], [null, TODAY]);
    await index(TODAY);
    assert.deepEqual([made.time, made.day], [null, "2026-07-01"]);
    nothingElse();
  }
});

test("who slides on while another day is asked for stays on theirs", async () => {
  const { made, show, index, image } = archive();
  show();
  await index(TODAY);
  made.choose("2026-06-30");
  made.look(TODAY[1]);
  await index(YESTERDAY);
  await index(TODAY);
  await image("second");
  assert.deepEqual([made.day, made.time, made.shown.image], ["2026-07-01", TODAY[1], "second"]);
});

test("nothing of another node's archive is shown, however late it comes", async () => {
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
  assert.deepEqual([made.error, made.index.times], ["", TODAY]);
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

test("images are fetched anew when they are turned, divided or corrected otherwise", async () => {
  const { made, show, index, image, nothingElse } = archive();
  const names = { names: ["A1"], imbalance: [5, 10] };
  const grid = { ...names, row_edges: [0, 1], column_edges: [0, 1] };
  for (const more of [
    {},
    { correction: [2, 0.95, []] },
    { correction: [2, 0.8, []] },
    { correction: [2, 0.8, [[3, 4]]] },
    { mirror: true },
    { quarters: 1 },
    { cells: grid },
    { cells: { ...grid, row_edges: [0.1, 1] } },
  ]) {
    const look = { ...LOOK, ...more };
    show({ look });
    assert.equal(made.shown, null);
    await index([TODAY[0]]);
    made.look(TODAY[0]);
    await image(more);
    assert.equal(made.shown.image, more);
    nothingElse();
  }
  // What the cells are called, and which are too warm, says the look itself.
  show({ look: { ...LOOK, cells: { ...grid, row_edges: [0.1, 1], imbalance: [3, 6] } } });
  assert.notEqual(made.shown, null);
});

test("another day begins though the node is silent", async () => {
  const { made, show, index, answer } = archive(NOON + DAY / 2 - MINUTE);
  show();
  await index(TODAY);
  mock.timers.tick(MINUTE);
  assert.equal(made.day, "2026-07-01");
  show();
  const { start, end } = await answer("archive_index", { times: [], before: TODAY.at(-1), after: null });
  assert.deepEqual([start, end], [NOON + DAY / 2, NOON + (3 * DAY) / 2]);
  assert.deepEqual([made.day, made.index.times, made.time], ["2026-07-02", [], null]);
});

test("who looks back before midnight stays on that day after it", async () => {
  const { made, show, index, image, answer } = archive(NOON + DAY / 2 - MINUTE);
  show();
  await index(TODAY);
  made.look(TODAY[0]);
  for (const name of ["first", "second", "third"]) await image(name);
  mock.timers.tick(MINUTE);
  show({ image: { started_at: 1, closed: true } });
  const { start } = await answer("archive_index", { times: TODAY, before: null, after: null });
  assert.equal(start, NOON - DAY / 2);
  assert.deepEqual([made.day, made.time, made.shown.image], ["2026-07-01", TODAY[0], "first"]);
});

test("nothing is asked without a connection, nor by a card that is not shown", async () => {
  const { made, show, nothingElse } = archive();
  show({}, false);
  nothingElse();
  made.stop();
  mock.timers.tick(DAY);
  nothingElse();
});
