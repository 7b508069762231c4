/** The live page: which boards it shows, and how an LED is switched. */

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { KEYS, find, findAll, mount, send, textOf, update } from "../page.js";
import { boardOf, houseOf, registries } from "./cards.js";

import "../../../custom_components/esp32_sensors/frontend/cards.js";

beforeEach(() => localStorage.clear());

async function liveCard(config = {}, more = {}) {
  const house = houseOf({ ...registries("1", "2"), ...more });
  const card = await mount("esp32-sensors-live", { config, hass: house.hass });
  const shown = () => findAll(card, ".board").map((tile) => tile.label);
  const toolbar = () => find(card, "esp32-sensors-toolbar");
  return { ...house, card, shown, toolbar, note: () => textOf(card, ".note") };
}

test("boards that are online are shown by name, as they come and go", async () => {
  const { note, send: sendBoards, shown } = await liveCard();
  assert.match(note(), /^common.loading_title/);
  await sendBoards();
  assert.match(note(), /^live.none_known_title/);
  await sendBoards(boardOf("2"), boardOf("1"));
  assert.deepEqual([shown(), note()], [["Board 1", "Board 2"], ""]);
  await sendBoards(boardOf("2"), boardOf("1", { online: false }));
  assert.deepEqual(shown(), ["Board 2"]);
  await sendBoards(boardOf("1", { online: false }));
  assert.match(note(), /^live.none_online_title/);
});

test("for a visitor there is no hint to add boards", async () => {
  const { card: ofAdministrator, send: tellAdministrator } = await liveCard();
  await tellAdministrator();
  assert.equal(find(ofAdministrator, ".note a").getAttribute("href"), "/config/integrations/integration/esp32_sensors");
  const { card, note, send: sendBoards } = await liveCard({}, { user: { is_admin: false } });
  await sendBoards();
  assert.match(note(), /^live.none_yet_title/);
  assert.equal(find(card, ".note a"), null);
});

const request = { network: "n1", title: "Cellar", mac: "A" };

test("an administrator sees which boards ask to join, of the network that is shown", async () => {
  const callWS = mock.fn(async (/** @type {{type: string}} */ { type }) => {
    if (type === "esp32_sensors/accept_board") return undefined;
    if (type === "esp32_sensors/refuse_board") return Promise.reject({ message: "No." });
    return { resources: KEYS };
  });
  const areas = { b: { area_id: "b", name: "Shed" }, a: { area_id: "a", name: "Attic" } };
  const { card, sendRequests } = await liveCard({ network: "n1" }, { areas, callWS });
  await sendRequests(request, { ...request, network: "n2" });
  const panel = find(card, "esp32-sensors-join");
  assert.deepEqual([panel.requests, panel.areas.map((/** @type {HassArea} */ { name }) => name)], [[request], ["Attic", "Shed"]]);
  assert.equal(await card.decide(request, { kind: "accept", name: "", area: "" }), "");
  assert.equal(await card.decide(request, { kind: "refuse" }), "No.");
  callWS.mock.mockImplementation(async () => Promise.reject({}));
  assert.match(await card.decide(request, { kind: "refuse" }), /^join.failed/);
  await sendRequests();
  assert.equal(find(card, "esp32-sensors-join"), null);
  const ofVisitor = await liveCard({}, { user: { is_admin: false } });
  const ofOneBoard = await liveCard({ device: "d1" });
  for (const other of [ofVisitor, ofOneBoard]) {
    await other.sendRequests(request);
    assert.equal(find(other.card, "esp32-sensors-join"), null);
  }
  card.remove();
});

test("when the broker is lost the page says so, and not that boards are to be added or checked", async () => {
  const { card, note, send: sendBoards, sendNetworks } = await liveCard();
  await sendBoards();
  await sendNetworks({ n1: "broker_lost" });
  assert.match(textOf(card, ".trouble"), /^live.broker_lost/);
  assert.equal(note(), "");
  await sendBoards(boardOf("1"));
  await sendNetworks({ n1: "connected" });
  assert.equal(find(card, ".trouble"), null);
});

test("boards that are offline are behind their number", async () => {
  const { card, send: sendBoards } = await liveCard();
  await sendBoards(boardOf("1"), boardOf("2", { online: false }));
  const offline = find(card, "esp32-sensors-offline");
  assert.deepEqual(offline.boards.map((/** @type {any} */ { title }) => title), ["Board 2"]);
});

test("a board keeps its element when others come, so that the focus stays", async () => {
  const { card, send: sendBoards } = await liveCard();
  await sendBoards(boardOf("2"));
  const [second] = findAll(card, ".board");
  await sendBoards(boardOf("1"), boardOf("2"));
  assert.equal(findAll(card, ".board")[1], second);
});

test("the filter leaves the boards that match, and says so when there is none", async () => {
  const { card, note, send: sendBoards, shown, toolbar } = await liveCard();
  await sendBoards(boardOf("1"), boardOf("2"));
  assert.match(toolbar().count, /^live.count 2/);
  const search = find(toolbar(), "input");
  search.value = "capteur2";
  await send(search, "input");
  assert.deepEqual([shown(), toolbar().count], [["Board 2"], "common.count_of 1 2 {value}"]);
  search.value = "nothing";
  await send(search, "input");
  assert.match(note(), /^common.none_match_title/);
  await update(card, { config: { title: "Mine" } });
  assert.deepEqual([search.value, toolbar().label], ["nothing", "Mine"]);
});

test("a layout that is chosen is remembered", async () => {
  const { card, send: sendBoards, toolbar } = await liveCard({ layout: "list" });
  await sendBoards(boardOf("1"));
  assert.equal(find(card, ".boards").dataset.layout, "list");
  await update(card, { wide: true });
  await send(findAll(toolbar(), "button")[2], "click");
  assert.deepEqual([find(card, ".boards").dataset.layout, find(card, ".board").layout], ["compact", "compact"]);
  assert.equal(localStorage.getItem("esp32_sensors.layout.live"), "compact");
});

test("the card of one board shows it offline as well, and says when it is gone", async () => {
  const { card, note, send: sendBoards, shown, toolbar } = await liveCard({ device: "d1" });
  assert.deepEqual([card.getCardSize(), card.getGridOptions().columns], [4, 6]);
  await sendBoards(boardOf("1", { online: false }), boardOf("2"));
  assert.deepEqual([shown(), toolbar()], [["Board 1"], null]);
  assert.match(find(card, ".board").lastSeen, /^01\/01\/1970, 00:00:09$|^1\/1\/1970, 00:00:09$/);
  await sendBoards(boardOf("2"));
  assert.match(note(), /^live.board_gone_title/);
});

test("only an online board with an enabled LED can be switched, by who may", async () => {
  const { card, send: sendBoards } = await liveCard({}, registries("1"));
  await sendBoards(boardOf("1"), boardOf("2"), boardOf("3", { control: false }));
  assert.deepEqual(findAll(card, ".board").map((tile) => tile.switchable), [true, false, false]);
});

test("an LED is switched by its entity, and a refusal is returned in words", async () => {
  const callService = mock.fn(async () => undefined);
  const { card, send: sendBoards } = await liveCard({}, { ...registries("1"), callService });
  const board = boardOf("1");
  await sendBoards(board);
  const shown = find(card, ".board").board;
  assert.equal(await card.switchTo(shown, true), "");
  assert.deepEqual(/** @type {any} */ (callService.mock.calls[0].arguments), ["switch", "turn_on", {}, { entity_id: "switch.1" }, false]);
  callService.mock.mockImplementation(async () => Promise.reject({ message: "No." }));
  assert.equal(await card.switchTo(shown, false), "No.");
  callService.mock.mockImplementation(async () => Promise.reject({}));
  assert.match(await card.switchTo(shown, false), /^live.led_failed/);
});

test("a board is identified by its button, by who may", async () => {
  const callService = mock.fn(async () => undefined);
  const { card, send: sendBoards } = await liveCard({}, { ...registries("1"), callService });
  await sendBoards(boardOf("1"), boardOf("2"), boardOf("3", { control: false }));
  assert.deepEqual(findAll(card, ".board").map((tile) => tile.identifiable), [true, false, false]);
  const shown = find(card, ".board").board;
  assert.equal(await card.identify(shown), "");
  assert.deepEqual(/** @type {any} */ (callService.mock.calls[0].arguments), ["button", "press", {}, { entity_id: "button.1" }, false]);
  callService.mock.mockImplementation(async () => Promise.reject({}));
  assert.match(await card.identify(shown), /^live.identify_failed/);
});

test("while the connection is lost the boards stay, and are shown as stale", async () => {
  const { card, lose, send: sendBoards, shown } = await liveCard();
  await sendBoards(boardOf("1"));
  await lose();
  assert.deepEqual([shown(), find(card, "ha-card").hasAttribute("data-stale")], [["Board 1"], true]);
});
