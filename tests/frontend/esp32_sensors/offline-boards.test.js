/** How many boards are offline, and which. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { find, findAll, mount, send, textOf, update } from "../page.js";
import { boardOf } from "./cards.js";

import "../../../custom_components/esp32_sensors/frontend/offline-boards.js";

const texts = (/** @type {string} */ key, values = {}) => [key, ...Object.values(values)].join(" ");
const time = (/** @type {number} */ seconds) => `at ${seconds}`;

test("the count opens the boards, with their last time and the way to their device", async () => {
  const element = await mount("esp32-sensors-offline", { boards: [], texts, time });
  assert.equal(find(element, "button"), null);
  const boards = [
    { board: boardOf("1", { key: "1" }), title: "One", path: "/one" },
    { board: boardOf("2", { key: "2", last_seen: null }), title: "Two", path: null },
  ];
  await update(element, { boards });
  const button = find(element, "button");
  assert.deepEqual([textOf(element, "button"), find(element, "ul").hidden], ["live.offline 2", true]);
  await send(button, "click");
  assert.deepEqual([button.getAttribute("aria-expanded"), find(element, "ul").hidden], ["true", false]);
  assert.deepEqual(
    findAll(element, "li").map((item) => item.textContent.replace(/\s+/g, " ").trim()),
    ["One live.last_seen at 9", "Two live.never_seen"],
  );
  assert.equal(find(element, "a").getAttribute("href"), "/one");
});
