/** What can be done with several boards, and what is said of it. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { outcomeLines, possibleActions } from "../../../custom_components/esp32_sensors/frontend/selection.js";

const online = { key: "n/1", label: "One", waits: false, usable: true };
const offline = { key: "n/2", label: "Two", waits: false, usable: false };
const waiting = { key: "n/3", label: "Three", waits: true, usable: false };

/** The actions that are possible, with the keys they are about. */
const possible = (/** @type {any[]} */ selected, viewer = { isAdmin: true, anyWaits: true }) =>
  Object.fromEntries(
    possibleActions(selected, viewer)
      .filter((it) => it.possible)
      .map(({ action, keys }) => [action, keys.join()]),
  );

test("what is possible follows from what is selected", () => {
  assert.deepEqual(possible([]), {});
  const all = { led_on: "n/1,n/2", led_off: "n/1,n/2", identify: "n/1,n/2", set_area: "n/1,n/2", forget: "n/1,n/2" };
  assert.deepEqual(possible([online, offline]), all);
  assert.deepEqual(possible([offline]), { set_area: "n/2", forget: "n/2" });
  assert.deepEqual(possible([waiting]), { accept: "n/3", refuse: "n/3" });
  assert.deepEqual(possible([online, offline, waiting]), { ...all, accept: "n/3", refuse: "n/3" });
});

test("what is offered follows from who looks, and from whether a board waits", () => {
  const offered = (/** @type {any} */ viewer) => possibleActions([], viewer).map(({ action }) => action);
  assert.deepEqual(offered({ isAdmin: false, anyWaits: true }), ["led_on", "led_off", "identify"]);
  assert.deepEqual(offered({ isAdmin: true, anyWaits: false }), ["led_on", "led_off", "identify", "set_area", "forget"]);
});

test("what became of the boards is said in a few lines", () => {
  const texts = (/** @type {string} */ key, /** @type {any} */ values) => `${key} ${JSON.stringify(values)}`;
  assert.deepEqual(outcomeLines([], 3, texts), ['select.all_done {"count":3}']);
  assert.deepEqual(outcomeLines(["A.", "B.", "A."], 4, texts), ['select.some_done {"all":4,"done":1}', "A.", "B."]);
  const many = ["1", "2", "3", "4", "5", "6", "7"];
  assert.deepEqual(outcomeLines(many, 7, texts).slice(-2), ["5", 'select.more_errors {"count":2}']);
});
