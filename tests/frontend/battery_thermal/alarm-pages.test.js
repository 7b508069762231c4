/** The alarm log as far as it was asked for: its pages, errors, and when it is asked for anew. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { settle } from "../page.js";
import { alarmOf, houseOf } from "./alarm-house.js";

import { AlarmPages, logState } from "../../../custom_components/battery_thermal/frontend/alarm-pages.js";

/** @returns {any} pages that nobody listens to */
const pagesOf = () => new AlarmPages(() => {});

/** @type {(pages: any) => string[] | undefined} */
const idsOf = (pages) => pages.alarms?.map((/** @type {any} */ { id }) => id);

test("pages follow each other, and are asked for anew when the log has changed", async () => {
  const { answers, asked, hass } = houseOf([1, 2, 3, 4, 5].map((number) => alarmOf(number)));
  const pages = pagesOf();
  pages.showMore();
  pages.show(hass, "a", 2, "");
  assert.equal(pages.alarms, null);
  await settle();
  pages.show(hass, "a", 2, "");
  pages.showMore();
  await settle();
  assert.deepEqual(idsOf(pages), ["rise-1", "rise-2", "rise-3", "rise-4"]);
  assert.equal(pages.more, true);
  pages.showMore();
  await settle();
  assert.deepEqual([pages.alarms?.length, pages.more], [5, false]);
  assert.equal(asked().length, 3);
  answers.alarms = [alarmOf(0), ...answers.alarms];
  pages.show(hass, "a", 2, "another");
  await settle();
  assert.deepEqual([pages.alarms?.length, pages.alarms?.[0].id, pages.more], [5, "rise-0", true]);
  pages.show(hass, undefined, 2, "another");
  assert.equal(pages.alarms, null);
  await settle();
  assert.deepEqual(Object.keys(asked()[asked().length - 1]), ["type", "count"]);
});

test("a log that cannot be read says so, and keeps what is there", async () => {
  const { answers, hass } = houseOf([alarmOf(1)]);
  const pages = pagesOf();
  answers.error = {};
  pages.show(hass, "a", 2, "");
  await settle();
  assert.deepEqual([pages.alarms, pages.error], [null, "alarm_log.failed"]);
  answers.error = null;
  pages.show(hass, "a", 2, "1");
  await settle();
  answers.error = { message: "Busy" };
  pages.show(hass, "a", 2, "2");
  await settle();
  assert.deepEqual([pages.alarms?.length, pages.error], [1, "Busy"]);
});

test("only the last answer counts", async () => {
  const { hass } = houseOf([alarmOf(1), alarmOf(2, { node: "b" })]);
  const pages = pagesOf();
  pages.show(hass, "a", 2, "");
  pages.show(hass, "b", 2, "");
  await settle();
  assert.deepEqual(idsOf(pages), ["rise-2"]);
});

test("the state of the log is that of the open alarms", () => {
  const node = (/** @type {object} */ more = {}) => /** @type {any} */ ({ id: "a", ...more });
  const states = [[], [alarmOf(1)], [alarmOf(1, { peak: 3 })], [alarmOf(1, { level: "alarm" })], [alarmOf(1, { acknowledged_at: 5 })]];
  assert.equal(new Set(states.map((alarms) => logState([node({ alarms })]))).size, states.length);
  assert.equal(logState([node()]), logState([node({ alarms: [] })]));
});
