/** The button that writes a report, and the link that opens it. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { find, mount, send, textOf, update } from "../page.js";
import { texts } from "./nodes-and-areas.js";

import "../../../custom_components/battery_thermal/frontend/report-button.js";

const settle = () => new Promise(setImmediate);

/** A button, and the questions to Home Assistant that were not answered yet. */
async function button(more = {}) {
  /** @type {any[]} */
  const asked = [];
  const hass = {
    language: "en",
    devices: { d: { id: "d", identifiers: [["battery_thermal", "a"]] } },
    callWS: (/** @type {any} */ message) =>
      message.type === "call_service"
        ? new Promise((resolve, reject) => asked.push({ message, resolve, reject }))
        : Promise.resolve({ resources: {} }),
  };
  const element = await mount("battery-thermal-report", { hass, node: { id: "a", control: true, ...more }, texts });
  return { element, asked };
}

test("the report is written once at a time, and can be opened", async () => {
  const { element, asked } = await button();
  assert.equal(textOf(element, "button"), "report_card.create");
  await send(find(element, "button"), "click");
  await settle();
  assert.equal(textOf(element, "button"), "report_card.busy");
  assert.equal(find(element, "button").disabled, true);
  const [{ message, resolve }] = asked;
  assert.deepEqual(message.service_data, { device_id: "d" });
  resolve({ response: { url: "/api/report?sig" } });
  await settle();
  await update(element, {});
  assert.equal(find(element, "a").getAttribute("href"), "/api/report?sig");
  assert.equal(find(element, "button").disabled, false);
  // Not that of another node.
  await update(element, { node: { id: "b", control: true } });
  assert.equal(find(element, "a"), null);
});

test("what went wrong is said", async () => {
  const { element, asked } = await button();
  for (const [error, text] of [[{ message: "No." }, "No."], [{}, "report_card.failed"]]) {
    await send(find(element, "button"), "click");
    asked.pop().reject(error);
    await settle();
    await settle();
    await update(element, {});
    assert.equal(textOf(element, "[role=status]"), text);
  }
});

test("an answer that comes when another node's report is under way is not shown", async () => {
  const { element, asked } = await button();
  await send(find(element, "button"), "click");
  await update(element, { node: { id: "b", control: true } });
  await send(find(element, "button"), "click");
  asked[0].resolve({ response: { url: "/api/a" } });
  await settle();
  await update(element, {});
  assert.equal(find(element, "a"), null);
  assert.equal(find(element, "button").disabled, true);
});

test("who may only look has no button", async () => {
  const { element } = await button({ control: false });
  assert.equal(find(element, "button"), null);
});
