/** The banner about boards that want to join, and the decisions about them. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { deferred } from "../deferred.js";
import { find, findAll, mount, send, settle, textOf, update } from "../page.js";

import "../../../custom_components/esp32_sensors/frontend/join-panel.js";

const texts = (/** @type {string} */ key, values = {}) => [key, ...Object.values(values)].join(" ");
const requestOf = (/** @type {string} */ mac, network = "n1") => ({ network, title: `Network ${network}`, mac });
const areas = [{ area_id: "hall", name: "Hall" }];

test("the banner says how many ask, and opens them", async () => {
  const panel = await mount("esp32-sensors-join", { areas, requests: [], texts });
  assert.equal(find(panel, "button"), null);
  await update(panel, { requests: [requestOf("A"), requestOf("B")] });
  const banner = find(panel, ".banner");
  assert.deepEqual([textOf(panel, ".banner span"), find(panel, ".panel").hidden], ["live.asking 2", true]);
  await send(banner, "click");
  assert.deepEqual([banner.getAttribute("aria-expanded"), find(panel, ".panel").hidden], ["true", false]);
  assert.deepEqual(findAll(panel, ".who").map((it) => it.textContent), ["A", "B"]);
  await update(panel, { requests: [requestOf("A"), requestOf("B", "n2")] });
  assert.match(textOf(panel, ".who"), /Network n1/);
});

test("a board is accepted with the name and the area that were chosen", async () => {
  const answer = deferred();
  /** @type {any[]} */
  const decisions = [];
  const decide = (/** @type {any} */ { mac }, /** @type {any} */ decision) => {
    decisions.push([mac, decision]);
    return answer.promise.then(() => "");
  };
  const panel = await mount("esp32-sensors-join", { areas, decide, requests: [requestOf("A")], texts });
  find(panel, "input").value = "LeBron";
  find(panel, "select").value = "hall";
  await send(find(panel, "form"), "submit");
  assert.deepEqual(decisions, [["A", { kind: "accept", name: "LeBron", area: "hall" }]]);
  assert.equal(find(panel, ".accept").disabled, true);
  answer.resolve();
  await settle();
  // It is gone with the next event.
  assert.equal(find(panel, ".accept").disabled, true);
});

test("a board can take the place of another one of its network", async () => {
  /** @type {any[]} */
  const decisions = [];
  const decide = async (/** @type {any} */ { mac }, /** @type {any} */ decision) => {
    decisions.push([mac, decision]);
    return "";
  };
  const boards = [
    { title: "Attic", board: { network: "n1", mac: "1", online: true } },
    { title: "Garage", board: { network: "n1", mac: "2", online: false } },
    { title: "Elsewhere", board: { network: "n2", mac: "3", online: false } },
  ];
  const panel = await mount("esp32-sensors-join", { areas, boards, decide, requests: [requestOf("A")], texts });
  const select = find(panel, "[name=replaces]");
  const labels = findAll(panel, "[name=replaces] option").map((it) => it.textContent);
  assert.deepEqual(labels, ["join.replaces_none", "Garage (history.offline)", "Attic"]);
  const shown = () => [textOf(panel, ".accept"), find(panel, "[name=name]").parentNode.hidden, find(panel, ".effect").hidden];
  assert.deepEqual(shown(), ["join.accept", false, true]);
  select.value = "2";
  await send(select, "change");
  assert.deepEqual(shown(), ["replace.open", true, false]);
  // The board was deleted meanwhile: it cannot be replaced any more.
  await update(panel, { boards: boards.slice(0, 1) });
  assert.deepEqual(shown(), ["join.accept", false, true]);
  await update(panel, { boards });
  await send(find(panel, "form"), "submit");
  assert.deepEqual(decisions, [["A", { kind: "replace", board: "2" }]]);
});

test("the board that was chosen stays the one that is shown, also when the list has another order", async () => {
  const boardsOf = (/** @type {boolean} */ atticOnline) => [
    { title: "Attic", board: { network: "n1", mac: "1", online: atticOnline } },
    { title: "Garage", board: { network: "n1", mac: "2", online: false } },
  ];
  const requests = [requestOf("A"), requestOf("B")];
  const panel = await mount("esp32-sensors-join", { areas, boards: boardsOf(true), requests, texts });
  const [select, other] = findAll(panel, "[name=replaces]");
  select.value = "2";
  await send(select, "change");
  await update(panel, { boards: boardsOf(false) });
  assert.deepEqual([select.value, other.value, textOf(panel, ".accept")], ["2", "", "replace.open"]);
  await update(panel, { boards: boardsOf(true).slice(0, 1) });
  assert.deepEqual([select.value, textOf(panel, ".accept")], ["", "join.accept"]);
});

test("a board that asks again after a decision can be decided about again", async () => {
  const boards = [{ title: "Attic", board: { network: "n1", mac: "1", online: false } }];
  const answer = deferred();
  const decide = () => answer.promise.then(() => "");
  const panel = await mount("esp32-sensors-join", { areas, boards, decide, requests: [requestOf("A")], texts });
  const select = find(panel, "[name=replaces]");
  select.value = "1";
  await send(select, "change");
  await send(find(panel, "form"), "submit");
  assert.equal(find(panel, ".accept").disabled, true);
  await update(panel, { requests: [] });
  // The disk may be slower than the list.
  answer.resolve();
  await update(panel, { requests: [] });
  await update(panel, { requests: [requestOf("A")] });
  assert.deepEqual([find(panel, ".accept").disabled, textOf(panel, ".accept")], [false, "join.accept"]);
});

test("an area that is added does not change the one that was chosen", async () => {
  const panel = await mount("esp32-sensors-join", { areas, requests: [requestOf("A")], texts });
  const select = find(panel, "[name=area]");
  select.value = areas[0].area_id;
  await update(panel, { areas: [{ area_id: "new", name: "A" }, ...areas] });
  assert.equal(select.value, areas[0].area_id);
});

test("what is refused says why, and may be tried again; what was typed stays", async () => {
  const decide = async () => "Taken.";
  const panel = await mount("esp32-sensors-join", { areas, decide, requests: [requestOf("A"), requestOf("B")], texts });
  find(panel, "input").value = "LeBron";
  await send(find(panel, "form"), "submit");
  assert.deepEqual([textOf(panel, ".error"), find(panel, ".accept").disabled], ["Taken.", false]);
  assert.equal(find(panel, "input").value, "LeBron");
  await update(panel, { requests: [requestOf("B")], decide: async () => "" });
  await send(find(panel, ".refuse"), "click");
  assert.deepEqual([[...panel.outcomes.keys()], find(panel, ".refuse").disabled], [["n1/B"], true]);
});
