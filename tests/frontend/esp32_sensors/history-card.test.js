/** The history page: every board, the most recently seen first. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { find, findAll, mount, send, textOf, update } from "../page.js";
import { boardOf, houseOf, registries } from "./cards.js";

import "../../../custom_components/esp32_sensors/frontend/cards.js";

beforeEach(() => localStorage.clear());

async function historyCard(config = {}, more = {}) {
  const house = houseOf({ ...registries("1", "2", "3"), ...more });
  const card = await mount("esp32-sensors-history", { config, hass: house.hass });
  return { ...house, card, toolbar: find(card, "esp32-sensors-toolbar") };
}

test("boards that are online come first, then those that were seen last", async () => {
  const { card, send: sendBoards } = await historyCard();
  await sendBoards(
    boardOf("1", { online: false, last_seen: 5 }),
    boardOf("2", { online: false, last_seen: 7 }),
    boardOf("3"),
  );
  assert.deepEqual(findAll(card, ".board").map((box) => box.label), ["Board 3", "Board 2", "Board 1"]);
});

test("times are in UTC until local ones are asked for", async () => {
  const { card, send: sendBoards } = await historyCard();
  await sendBoards(boardOf("1"));
  const box = find(card, ".board");
  assert.equal(textOf(box, "dd"), "1970-01-01 00:00:09 UTC");
  const clock = find(card, "esp32-sensors-toolbar > button:not([data-select])");
  await send(clock, "click");
  assert.equal(clock.getAttribute("aria-pressed"), "true");
  assert.match(textOf(box, "dd"), /1970, 00:00:09$/);
});

test("the browser remembers which times were asked for", async () => {
  const clockOf = (/** @type {any} */ { card }) => find(card, "esp32-sensors-toolbar > button:not([data-select])");
  await send(clockOf(await historyCard()), "click");
  const clock = clockOf(await historyCard());
  assert.equal(clock.getAttribute("aria-pressed"), "true");
  await send(clock, "click");
  assert.equal(clockOf(await historyCard()).getAttribute("aria-pressed"), "false");
});

test("the card may begin with local times, until somebody chooses otherwise", async () => {
  const clock = find((await historyCard({ local_times: true })).card, "esp32-sensors-toolbar > button:not([data-select])");
  assert.equal(clock.getAttribute("aria-pressed"), "true");
  await send(clock, "click");
  assert.deepEqual([clock.getAttribute("aria-pressed"), localStorage.getItem("esp32_sensors.local_times")], ["false", "false"]);
});

test("filter, layout and what is said when there is nothing", async () => {
  const { card, send: sendBoards, toolbar } = await historyCard({ layout: "compact" });
  assert.match(textOf(card, ".note"), /^common.loading_title/);
  await sendBoards();
  assert.match(textOf(card, ".note"), /^live.none_known_title/);
  await sendBoards(boardOf("1"), boardOf("2"));
  assert.match(toolbar.count, /^history.count 2/);
  assert.equal(find(card, ".boards").dataset.layout, "compact");
  await update(card, { wide: true });
  await send(findAll(toolbar, "button")[1], "click");
  assert.equal(find(card, ".boards").dataset.layout, "list");
  const search = find(toolbar, "input");
  search.value = "none of them";
  await send(search, "input");
  assert.match(textOf(card, ".note"), /^common.none_match_title/);
  assert.equal(toolbar.count, "common.count_of 0 2 {value}");
  assert.deepEqual([card.getCardSize(), card.getGridOptions().columns], [10, "full"]);
});

test("an administrator can replace a board that is offline, and nobody else is offered it", async () => {
  /** @type {any[]} */
  const sent = [];
  const callWS = async (/** @type {any} */ message) => {
    sent.push(message);
    return [];
  };
  for (const is_admin of [true, false]) {
    const { card, send: sendBoards } = await historyCard({}, { callWS, user: { is_admin } });
    await sendBoards(boardOf("1"));
    assert.equal(findAll(find(card, ".board"), "esp32-sensors-replacement").length, 0);
    await sendBoards(boardOf("1", { online: false }));
    assert.equal(findAll(find(card, ".board"), "esp32-sensors-replacement").length, is_admin ? 1 : 0);
    if (is_admin) await send(find(find(find(card, ".board"), "esp32-sensors-replacement"), ".open"), "click");
  }
  assert.deepEqual(sent.map(({ type }) => type), ["esp32_sensors/replacements"]);
});

test("what went wrong is said in the language of the viewer", async () => {
  const callWS = async (/** @type {any} */ { type, category }) => {
    if (type === "frontend/get_translations") {
      const text = "Il n'y a pas de carte {device}.";
      return { resources: { [`component.esp32_sensors.${category}.no_board.message`]: text } };
    }
    return Promise.reject({
      message: "There is no board M1.",
      translation_domain: "esp32_sensors",
      translation_key: "no_board",
      translation_placeholders: { device: "M1" },
    });
  };
  const { card, send: sendBoards } = await historyCard({}, { callWS, language: "fr", user: { is_admin: true } });
  await sendBoards(boardOf("1", { online: false }));
  const replacement = find(find(card, ".board"), "esp32-sensors-replacement");
  await send(find(replacement, ".open"), "click");
  assert.equal(textOf(replacement, ".error"), "Il n'y a pas de carte M1.");
});

test("a board whose firmware is behind that of another one is marked", async () => {
  const { card, send: sendBoards } = await historyCard();
  await sendBoards(
    boardOf("1", { firmware: { name: "A", version: "1.9" } }),
    boardOf("2", { firmware: { name: "A", version: "1.10" } }),
    boardOf("3"),
  );
  assert.deepEqual(findAll(card, ".board").map((box) => box.newer), ["1.10", null, null]);
});
