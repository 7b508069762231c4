/** When a card on boards is drawn. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { frame } from "../fake-dom.js";

import { BoardCard } from "../../../custom_components/esp32_sensors/frontend/board-card.js";

class Card extends BoardCard {
  updates = 0;
  create() {}
  update() {
    this.updates++;
  }
}

class CardOfStates extends Card {
  usedToo = ["states"];
}

const connection = { addEventListener() {}, subscribeMessage: () => new Promise(() => {}) };
const house = {
  language: "en",
  locale: {},
  config: {},
  devices: {},
  entities: {},
  states: {},
  user: {},
  connection,
  callWS: async () => ({ resources: {} }),
};

/** A card that is on a page and was drawn. */
async function drawn(Kind) {
  const card = new Kind();
  card.isConnected = true;
  card.hass = house;
  await new Promise((resolve) => setImmediate(resolve));
  frame();
  assert.equal(card.updates, 1);
  return card;
}

test("a state in the house is nothing to boards", async () => {
  const card = await drawn(Card);
  const other = { ...house, states: {} };
  card.hass = other;
  assert.equal(frame(), 0);
  assert.equal(card.hass, other);
});

test("other names, entities, rights and ways to write times are, once for each frame", async () => {
  const card = await drawn(Card);
  let updates = 1;
  for (const name of ["config", "devices", "entities", "locale", "user"]) {
    card.hass = { ...card.hass, [name]: {} };
    card.hass = { ...card.hass, states: {} };
    assert.equal(frame(), 1, name);
    assert.equal(card.updates, ++updates, name);
  }
});

test("a card that shows states is drawn with each", async () => {
  const card = await drawn(CardOfStates);
  card.hass = { ...house, states: {} };
  frame();
  assert.equal(card.updates, 2);
});
