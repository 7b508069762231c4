/** The list of the alarm log: what an entry says, and acknowledging it. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { find, findAll, mount, send, settle, textOf, update } from "../page.js";
import { AT, alarmOf, houseOf } from "./alarm-house.js";
import { texts, write } from "./nodes-and-areas.js";

import "../../../custom_components/battery_thermal/frontend/alarm-list.js";

test("an entry says what, where, when and how much", async () => {
  const { answers, hass } = houseOf([
    alarmOf(1, { certain: false }),
    alarmOf(2, { kind: "imbalance", quantity: "difference", area: "A3", peak: 7, level: "alarm", ended_at: AT + 60_000 }),
    alarmOf(3, { kind: "over_threshold", quantity: "temperature", peak: 51, note: "Seen\nit", acknowledged: true, acknowledged_at: AT, acknowledged_by: "Ana" }),
    alarmOf(4, { kind: "over_range", quantity: "temperature", peak: 307.2, over_range: true, acknowledged: true, acknowledged_at: AT }),
    alarmOf(5, { kind: "silent", quantity: null, peak: null, peak_at: null, node: "b", control: false }),
  ]);
  const list = await mount("battery-thermal-alarm-list", { hass, names: { b: "Shed" }, texts, write, count: 5 });
  const [rise, uneven, hot, over, silent] = findAll(list, "li");
  assert.match(textOf(rise), /alarm_log.kind_rise areas.warning alarm_log.open .* · alarm_log.peak 2 K\/min .* alarm_log.may_be alarm_log.acknowledge/);
  assert.match(textOf(uneven), /alarm_log.kind_imbalance A3 areas.alarm alarm_log.ended .* alarm_log.peak 7 K/);
  assert.match(textOf(hot), /peak 51 °C .*alarm_log.acknowledged_by Ana .* Seen it$/);
  assert.match(textOf(over), /picture.over 307 °C|alarm_log.peak .*307/);
  assert.match(textOf(over), /alarm_log.acknowledged /);
  assert.match(textOf(silent), /^alarm_log.kind_silent areas.warning Shed alarm_log.open [^·]*$/);
  assert.deepEqual([rise, uneven].map(({ dataset }) => [dataset.level, dataset.open]), [["warning", ""], ["alarm", undefined]]);
  await send(find(list, ".more"), "click");
  assert.equal(findAll(list, "li").length, 5);
  answers.alarms = [];
  await update(list, { state: "another", texts: (/** @type {string} */ key) => (key.includes("kind_") ? "" : texts(key)) });
  assert.equal(textOf(list, "p"), "alarm_log.empty");
  answers.alarms = [alarmOf(1, { kind: "later_kind" })];
  await update(list, { state: "third" });
  assert.equal(textOf(list, ".kind"), "later_kind");
});

test("an alarm is acknowledged with a note, once", async () => {
  const { hass } = houseOf([alarmOf(1)]);
  const list = await mount("battery-thermal-alarm-list", { hass, texts, write, node: "a" });
  await send(find(list, ".acts .main"), "click");
  await send(findAll(list, "form button")[1], "click");
  assert.equal(find(list, "form"), null);
  await send(find(list, ".acts .main"), "click");
  find(list, "textarea").value = " Terminal tightened ";
  hass.callService.mock.mockImplementationOnce(async () => Promise.reject({}));
  await send(find(list, "form"), "submit");
  assert.equal(textOf(list, "[role=alert]"), "alarm_log.not_acknowledged");
  await send(find(list, "form"), "submit");
  assert.equal(find(list, "form"), null);
  const [, { arguments: made }] = hass.callService.mock.calls;
  assert.deepEqual(made.slice(0, 4), [
    "battery_thermal",
    "acknowledge_alarm",
    { alarm: "rise-1", note: "Terminal tightened" },
    { device_id: "d1" },
  ]);
  await send(find(list, ".acts .main"), "click");
  await send(find(list, "form"), "submit");
  assert.deepEqual(hass.callService.mock.calls[2].arguments[2], { alarm: "rise-1" });
});

test("an alarm that has ended shows at once that it was acknowledged, and the focus stays in its entry", async () => {
  const { answers, asked, hass } = houseOf([alarmOf(1, { ended_at: AT + 60_000, begin_image: AT })]);
  const list = await mount("battery-thermal-alarm-list", { hass, texts, write, node: "a" });
  const focused = () => list.shadowRoot.activeElement;
  await send(find(list, ".acts .main"), "click");
  assert.equal(focused(), find(list, "textarea"));
  await send(findAll(list, "form button")[1], "click");
  assert.equal(focused(), find(list, ".acts .main"));
  await send(find(list, ".acts .main"), "click");
  answers.alarms = [{ ...answers.alarms[0], acknowledged: true, acknowledged_at: AT, acknowledged_by: "Ana" }];
  await send(find(list, "form"), "submit");
  await settle();
  assert.equal(asked().length, 2);
  assert.match(textOf(list, "li"), /alarm_log.acknowledged_by Ana/);
  assert.equal(find(list, ".acts .main"), null);
  assert.equal(focused(), find(list, ".acts button"));
});
