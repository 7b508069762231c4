/** What an administrator is asked before a board takes the place of another one. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { deferred } from "../deferred.js";
import { find, findAll, mount, send, textOf } from "../page.js";

import "../../../custom_components/esp32_sensors/frontend/board-replacement.js";

const CANDIDATES = [
  { mac: "61:EC:ED:3B:25:B3", name: null },
  { mac: "61:EC:ED:3B:25:B2", name: "capteur02" },
];

/** The question about a board, and the commands that it sends. */
async function questionOf(answers = /** @type {any} */ ({ replacements: CANDIDATES })) {
  /** @type {any[]} */
  const sent = [];
  const element = await mount("esp32-sensors-replacement", {
    board: { network: "entry", mac: "61:EC:ED:3B:25:B1" },
    label: "Attic",
    texts: (/** @type {string} */ key, /** @type {any} */ values) => (values ? `${key} ${values.mac}` : key),
    call: async (/** @type {any} */ message) => {
      sent.push(message);
      const answer = answers[message.type.split("/")[1]];
      if (answer instanceof Error || answer?.failed) throw answer;
      return answer;
    },
  });
  return { element, sent };
}

test("the boards to choose from, and the one that is chosen", async () => {
  const { element, sent } = await questionOf();
  assert.equal(find(element, ".open").getAttribute("aria-label"), "replace.open: Attic");
  await send(find(element, ".open"), "click");
  assert.deepEqual(
    findAll(element, "option").map((option) => option.textContent),
    ["replace.waits 61:EC:ED:3B:25:B3", "capteur02 (61:EC:ED:3B:25:B2)"],
  );
  find(element, "select").value = "61:EC:ED:3B:25:B2";
  await send(find(element, ".confirm"), "click");
  const board = { network: "entry", mac: "61:EC:ED:3B:25:B1" };
  assert.deepEqual(sent, [
    { type: "esp32_sensors/replacements", ...board },
    { type: "esp32_sensors/replace", ...board, new_mac: "61:EC:ED:3B:25:B2" },
  ]);
  assert.ok(find(element, ".open"));
});

test("without another board it says what to do, and can be closed", async () => {
  const { element } = await questionOf({ replacements: [] });
  await send(find(element, ".open"), "click");
  assert.match(textOf(element, ".ask"), /replace.none/);
  assert.equal(findAll(element, ".confirm").length, 0);
  await send(find(element, ".cancel"), "click");
  assert.ok(find(element, ".open"));
});

test("what goes wrong is shown", async () => {
  const refused = Object.assign(new Error("The board is no longer waiting."), { failed: true });
  const { element } = await questionOf({ replacements: CANDIDATES, replace: refused });
  await send(find(element, ".open"), "click");
  await send(find(element, ".confirm"), "click");
  assert.equal(textOf(element, ".error"), "The board is no longer waiting.");
  assert.equal(find(element, ".confirm").disabled, false);
  const other = await questionOf({ replacements: { failed: true } });
  await send(find(other.element, ".open"), "click");
  assert.equal(textOf(other.element, ".error"), "replace.failed");
});

test("nothing can be pressed while it is asked", async () => {
  const answer = deferred();
  const { element } = await questionOf();
  element.call = () => answer.promise.then(() => []);
  await send(find(element, ".open"), "click");
  assert.equal(find(element, ".open").disabled, true);
  answer.resolve();
  await new Promise((done) => setTimeout(done));
  await element.updateComplete;
  assert.equal(find(element, ".cancel").disabled, false);
});
