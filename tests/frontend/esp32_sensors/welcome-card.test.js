/** The welcome page of the boards, with the battery banks of the other integration. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { details, find, findAll, mount, send, textOf, update } from "../page.js";
import { boardOf, houseOf, registries } from "./cards.js";

import "../../../custom_components/esp32_sensors/frontend/cards.js";

const PICTURE = { entity_id: "image.bank", state: "2026-01-01T00:00:00Z", attributes: { entity_picture: "/api/image?token=1" } };

/** A house with boards and a bank. */
async function welcomeCard(config = {}, states = {}) {
  const { devices, entities } = registries("1", "2");
  const ofBank = (/** @type {string} */ entity_id, /** @type {string} */ translation_key) => ({
    entity_id,
    translation_key,
    platform: "battery_thermal",
    device_id: "bank",
  });
  const more = {
    devices: { ...devices, bank: { id: "bank", name: "Bank", identifiers: [], config_entries: [] } },
    entities: {
      ...entities,
      picture: ofBank("image.bank", "thermal"),
      maximum: ofBank("sensor.maximum", "maximum"),
      alarm: ofBank("binary_sensor.rise", "rise_warning"),
    },
    states: { "image.bank": PICTURE, "sensor.maximum": { entity_id: "sensor.maximum", state: "31.5 °C", attributes: {} }, ...states },
  };
  const house = houseOf(more);
  const card = await mount("esp32-sensors-welcome", { config, hass: house.hass });
  return { ...house, card };
}

test("it counts the boards that are online, and leads to the other pages", async () => {
  const { card, send: sendBoards } = await welcomeCard({ links: { live: "live" } });
  assert.equal(textOf(card, "output"), "–");
  await sendBoards(boardOf("1"), boardOf("2", { online: false }));
  assert.deepEqual([textOf(card, "output"), textOf(card, ".online .secondary")], ["1", "welcome.online_of 2 {all} {value}"]);
  assert.equal(find(card, ".links a").getAttribute("href"), "live");
  assert.equal(findAll(card, ".steps li").length, 4);
  assert.deepEqual([card.getCardSize(), card.getGridOptions().columns], [8, "full"]);
});

test("only for an administrator there is a hint how to add a board", async () => {
  const { card, hass } = await welcomeCard();
  const section = () => find(card, ".steps").parentNode;
  assert.equal(section().hasAttribute("hidden"), false);
  await update(card, { hass: { ...hass, user: { is_admin: false } } });
  assert.equal(section().hasAttribute("hidden"), true);
});

test("a bank shows its picture, temperature and alarms, and opens the dialog about its picture", async () => {
  const alarm = { entity_id: "binary_sensor.rise", state: "on", attributes: { device_class: "problem", friendly_name: "Rise" } };
  const { card, hass } = await welcomeCard();
  const bank = find(card, ".banks button");
  assert.match(textOf(bank.parentNode.getRootNode().host, ".banks button"), /^Bank welcome.battery_hottest .* 31.5 °C welcome.battery_quiet/);
  assert.equal(find(card, "img").getAttribute("src"), "/api/image?token=1&state=2026-01-01T00%3A00%3A00Z");
  const asked = details(card, "hass-more-info");
  await send(bank, "click");
  assert.deepEqual(asked, [{ entityId: "image.bank" }]);
  await update(card, { hass: { ...hass, states: { ...hass.states, "binary_sensor.rise": alarm } } });
  assert.deepEqual([textOf(card, ".alarm").split(" ")[0], find(card, ".alarm").dataset.level], ["battery.rise", "warning"]);
});

test("a bank with an alarm comes first, and says it before its picture", async () => {
  const alarm = { entity_id: "binary_sensor.rise", state: "on", attributes: { device_class: "problem" } };
  const { card, hass } = await welcomeCard();
  const titles = () => findAll(card, "h3").map((it) => it.textContent.split(" ")[0]);
  const usual = ["welcome.online_title", "welcome.add_title", "welcome.battery_title"];
  assert.deepEqual(titles(), usual);
  assert.equal(find(card, ".alarms").hasAttribute("hidden"), true);
  await update(card, { hass: { ...hass, states: { ...hass.states, "binary_sensor.rise": alarm } } });
  assert.deepEqual(titles(), [usual[2], usual[0], usual[1]]);
  // What is only nice to look at may give way.
  assert.equal(find(card, ".page").hasAttribute("data-alarmed"), true);
  assert.deepEqual(
    [...find(card, ".banks button").children].slice(0, 3).map((it) => it.className || it.localName),
    ["alarms", "img", "name"],
  );
  await update(card, { hass });
  assert.deepEqual(titles(), usual);
  assert.equal(find(card, ".page").hasAttribute("data-alarmed"), false);
});

test("a bank without a picture is not shown as free of alarms", async () => {
  const { card } = await welcomeCard({}, { "image.bank": { ...PICTURE, state: "unavailable", attributes: {} } });
  assert.equal(textOf(card, ".banks button > .secondary"), "unavailable");
  assert.equal(find(card, "img").hasAttribute("src"), false);
});

test("a bank that has not sent an image has no temperature either", async () => {
  const { card } = await welcomeCard({}, { "image.bank": { ...PICTURE, state: "unknown" } });
  assert.match(textOf(card, ".banks button > .secondary"), /^welcome.battery_waiting/);
  assert.equal(textOf(card, ".name + span"), "");
});
