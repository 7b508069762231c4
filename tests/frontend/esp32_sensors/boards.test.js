import assert from "node:assert/strict";
import { test } from "node:test";

import {
  NameOrder,
  applyEvent,
  compareLastSeen,
  matches,
  ofNetwork,
} from "../../../custom_components/esp32_sensors/frontend/boards.js";

/** @returns {any} what Home Assistant sends of a board */
const record = (more = {}) => ({
  network: "n1",
  mac: "61:EC:ED:3B:25:B1",
  name: "capteur01",
  online: true,
  led: false,
  button: false,
  light: 50,
  joined_at: 1,
  last_seen: 2,
  control: true,
  readings: { led: [[1, 0]], button: [], light: [[2, 50]] },
  ...more,
});
const snapshot = (/** @type {Record<string, object>} */ boards) => ({ snapshot: true, gone: [], boards });

/**
 * @param {Map<string, import("../../../custom_components/esp32_sensors/frontend/boards.js").Board>} boards
 * @param {string} key
 */
function boardOf(boards, key) {
  const board = boards.get(key);
  assert.ok(board);
  return board;
}

test("a snapshot replaces all that was known", () => {
  const before = applyEvent(new Map(), snapshot({ a: record() }));
  const after = applyEvent(before, snapshot({ b: record() }));
  assert.deepEqual([...after.keys()], ["b"]);
  assert.equal(after.get("b")?.key, "b");
  assert.deepEqual([...before.keys()], ["a"]);
});

test("a change brings the new state, and readings after the old ones", () => {
  const before = applyEvent(new Map(), snapshot({ a: record(), b: record() }));
  const change = { led: true, last_seen: 9, new: { led: [[9, 1]] } };
  const after = applyEvent(before, { gone: [], boards: { a: change } });
  const board = boardOf(after, "a");
  assert.deepEqual([board.led, board.light, board.last_seen], [true, 50, 9]);
  assert.deepEqual(board.readings.led, [[1, 0], [9, 1]]);
  assert.equal(board.readings.light, boardOf(before, "a").readings.light);
  assert.equal(after.get("b"), before.get("b"));
  assert.equal("new" in board, false);
});

test("ten readings are kept", () => {
  const light = Array.from({ length: 10 }, (_, n) => [n, n]);
  const readings = { led: [], button: [], light };
  const before = applyEvent(new Map(), snapshot({ a: record({ readings }) }));
  const change = { new: { light: [[10, 10], [11, 11]] } };
  const after = applyEvent(before, { gone: [], boards: { a: change } });
  const kept = boardOf(after, "a").readings.light;
  assert.equal(kept.length, 10);
  assert.deepEqual([kept.at(0), kept.at(-1)], [[2, 2], [11, 11]]);
});

test("boards go", () => {
  const before = applyEvent(new Map(), snapshot({ a: record(), b: record() }));
  const after = applyEvent(before, { gone: ["a"], boards: {} });
  assert.deepEqual([...after.keys()], ["b"]);
});

test("boards of one network, or of all", () => {
  const boards = [record(), record({ network: "n2" })];
  assert.equal(ofNetwork(boards, "n2").length, 1);
  assert.equal(ofNetwork(boards, undefined).length, 2);
});

test("the filter finds words of name and MAC, without accents and capitals", () => {
  const board = record();
  for (const filter of ["", "salon", "etage salon", "3b:25", "CAPTEUR", " salon "]) {
    assert.ok(matches(board, "Étage, Salon", filter), filter);
  }
  assert.ok(!matches(board, "Étage, Salon", "salon cave"));
});

/** @type {(...names: string[]) => any[]} */
const titled = (...names) => names.map((title) => ({ title, board: { key: title.toLowerCase() } }));
const titles = (/** @type {{title: string}[]} */ boards) => boards.map(({ title }) => title);

test("names are in the order people expect", () => {
  const order = new NameOrder();
  assert.deepEqual(titles(order.sorted(titled("capteur10", "capteur2", "Capteur1"))), ["Capteur1", "capteur2", "capteur10"]);
  assert.deepEqual(titles(order.sorted([])), []);
});

test("the order stays while all are called as before, with what is new about them", () => {
  let read = 0;
  /** @type {(key: string, name: string) => any} */
  const about = (key, name) => ({ board: { key }, title: { toString: () => (read++, name) } });
  const [lamp, door] = [about("1", "Lamp"), about("2", "Door")];
  const order = new NameOrder();
  assert.deepEqual(order.sorted([lamp, door]), [door, lamp]);
  read = 0;
  const now = [{ ...lamp, path: "/lamp" }, { ...door }];
  assert.deepEqual(order.sorted(now), [now[1], now[0]]);
  assert.equal(read, 0);
  const renamed = about("2", "Window");
  assert.deepEqual(order.sorted([renamed, lamp]), [lamp, renamed]);
  const more = about("3", "Attic");
  assert.deepEqual(order.sorted([renamed, lamp, more]), [more, lamp, renamed]);
  assert.deepEqual(order.sorted([more, renamed]), [more, renamed]);
  assert.deepEqual(order.sorted([lamp, renamed]), [lamp, renamed]);
});

test("online boards as they are, then the others by when they were seen", () => {
  /** @type {(title: string, more: object) => any} */
  const about = (title, more) => ({ title, board: record(more) });
  const boards = [
    about("never", { online: false, last_seen: null }),
    about("old", { online: false, last_seen: 5 }),
    about("new", { online: false, last_seen: 7 }),
    about("a", { last_seen: 8 }),
    about("b", { last_seen: 9 }),
  ].sort(compareLastSeen);
  assert.deepEqual(titles(boards), ["a", "b", "new", "old", "never"]);
});
