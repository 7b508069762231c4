/** What the cards about boards have in common: their boards, what is wrong, and what the viewer may. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { mount } from "../page.js";
import { boardOf, houseOf, registries } from "./cards.js";

import { BoardCard } from "../../../custom_components/esp32_sensors/frontend/board-card.js";
import { html } from "../../../custom_components/esp32_sensors/frontend/common/vendor/lit.js";

class PlainCard extends BoardCard {
  content() {
    return html`<ul>${this.boards().map(({ title }) => html`<li>${title}</li>`)}</ul>`;
  }
}
customElements.define("test-board-card", PlainCard);

/** A card, and the house that it is in. */
async function cardOf(config = {}, more = {}) {
  const house = houseOf({ ...registries("1", "2", "3"), ...more });
  const card = await mount("test-board-card", { config, hass: house.hass });
  return { card, ...house };
}

test("the boards of the network are there, in the order of their names", async () => {
  const { card, send } = await cardOf({ network: "n1" });
  await send(boardOf("3"), boardOf("1"), boardOf("2", { network: "n2" }));
  assert.deepEqual(card.boards().map((/** @type {any} */ { title }) => title), ["Board 1", "Board 3"]);
  const { card: all, send: tellAll } = await cardOf();
  await tellAll(boardOf("3"), boardOf("2", { network: "n2" }));
  assert.deepEqual(all.boards().map((/** @type {any} */ { title }) => title), ["Board 2", "Board 3"]);
});

test("it is drawn again with each change", async () => {
  const { card, send } = await cardOf();
  await send(boardOf("1"));
  const shown = () => [...card.shadowRoot.querySelectorAll("li")].map((it) => it.textContent);
  assert.deepEqual(shown(), ["Board 1"]);
  await send(boardOf("1"), boardOf("2"));
  assert.deepEqual(shown(), ["Board 1", "Board 2"]);
});

test("only for an administrator there is a hint to add boards", async () => {
  for (const [user, isAdmin, key] of /** @type {[object | undefined, boolean, string][]} */ ([
    [{ is_admin: true }, true, "live.none_known"],
    [{ is_admin: false }, false, "live.none_yet"],
    [undefined, false, "live.none_yet"],
  ])) {
    const { card } = await cardOf({}, { user });
    assert.deepEqual([card.isAdmin, card.noneKnown], [isAdmin, key]);
  }
});

test("what is known is stale while the connection is lost, and nothing is before it is known", async () => {
  const { card, lose, send } = await cardOf();
  assert.equal(card.stale, false);
  await send(boardOf("1"));
  assert.equal(card.stale, false);
  await lose();
  assert.equal(card.stale, true);
  assert.equal(card.boards().length, 1);
});
