/** Alarms by kind and level, and what their banners say. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { details, find, findAll, mount, send, textOf, update } from "../page.js";
import { areaOf, cellOf, gridOf, imageOf, keyed, lookOf, texts, write } from "./nodes-and-areas.js";

import "../../../custom_components/battery_thermal/frontend/alarm-banners.js";
import { alarmLevels, alarmsOf, bannersOf, maximumText } from "../../../custom_components/battery_thermal/frontend/alarms.js";

/** @type {(key: string, state?: string, last_changed?: string) => Record<string, any>} */
const on = (key, state = "on", last_changed = undefined) => ({
  [`binary_sensor.${key}`]: { entity_id: `binary_sensor.bank_${key}`, state, attributes: {}, last_changed },
});

/** @type {(more?: object) => any} */
const circumstances = (more = {}) => ({
  image: imageOf({ areas: keyed([cellOf(29), cellOf(42.1, 13)]) }),
  seen: null,
  look: lookOf(gridOf()),
  threshold: 30,
  simulated: false,
  rise: undefined,
  write,
  time: (/** @type {number} */ seconds) => `at ${seconds}`,
  format: (/** @type {any} */ { state }) => `${state} K/min`,
  ...more,
});

const said = (/** @type {Record<string, any>} */ states, more = {}) => bannersOf(alarmsOf(states), circumstances(more), texts);

test("of a kind only the highest level is there, alarms before warnings", () => {
  const states = { ...on("rise_warning"), ...on("imbalance_warning"), ...on("imbalance_alarm"), ...on("over_threshold", "off") };
  assert.deepEqual(
    alarmsOf(states).map(({ kind, level }) => `${kind} ${level}`),
    ["imbalance alarm", "rise warning"],
  );
  assert.deepEqual(alarmLevels(states), {
    "binary_sensor.bank_over_threshold": "alarm",
    "binary_sensor.bank_imbalance_alarm": "alarm",
    "binary_sensor.bank_imbalance_warning": "warning",
    "binary_sensor.bank_rise_warning": "warning",
  });
});

test("a banner says which cell, how warm, how far above the others, and since when", () => {
  const states = on("imbalance_alarm", "on", "1970-01-01T00:00:20Z");
  assert.deepEqual(said(states), [
    {
      text: "alarms.since alarms.imbalance_values A2 42.1 °C 13 K at 20",
      level: "alarm",
      entityId: "binary_sensor.bank_imbalance_alarm",
    },
  ]);
});

test("a banner of drift says which cells, and not when the alarm was raised", () => {
  const states = on("drift", "on", "1970-01-01T00:00:20Z");
  const drift = [{ key: "1", amount: 2, since: Date.now() / 1000 - 12 * 86_400 }];
  assert.deepEqual(said(states, { look: lookOf({ ...gridOf(), drift }) }).map(({ text, level }) => [text, level]), [["alarms.warmed A2 2 K 12", "warning"]]);
  assert.deepEqual(said(states).map(({ text }) => text), ["alarms.drift"]);
});

test("an alarm for what may be over the limit says so", () => {
  const states = on("imbalance_alarm");
  states["binary_sensor.imbalance_alarm"].attributes.certain = false;
  assert.deepEqual(said(states).map(({ text }) => text), ["alarms.may_be alarms.imbalance_values A2 42.1 °C 13 K"]);
});

test("other kinds mention threshold and rate, as far as they are known", () => {
  const textsOf = (/** @type {string} */ key, more = {}) => said(on(key), more).map(({ text }) => text);
  assert.deepEqual(textsOf("over_threshold"), ["alarms.over_threshold_values 31 °C 30 °C"]);
  assert.deepEqual(textsOf("over_threshold", { threshold: null }), ["alarms.over_threshold"]);
  assert.deepEqual(textsOf("rise_alarm", { rise: { state: "2" } }), ["alarms.rise_values 2 K/min"]);
  assert.deepEqual(textsOf("rise_alarm", { rise: { state: "unknown" } }), ["alarms.rise"]);
  assert.deepEqual(textsOf("rise_alarm"), ["alarms.rise"]);
  assert.deepEqual(textsOf("imbalance_warning", { look: lookOf() }), ["alarms.imbalance"]);
  assert.deepEqual(textsOf("imbalance_warning", { image: imageOf({ areas: keyed([cellOf(null, null)]) }) }), ["alarms.imbalance"]);
  assert.deepEqual(textsOf("silent", { image: null }), ["alarms.silent"]);
  // An area with a limit of its own may be nearer to the others and all the same the one.
  const areas = [areaOf({ warning: 2 }), areaOf({ key: "1", name: "A2", warning: 20, alarm: 20 })];
  const image = imageOf({ areas: keyed([cellOf(33, 4), cellOf(42, 13)]) });
  assert.deepEqual(textsOf("imbalance_warning", { image, look: lookOf({ areas }) }), ["alarms.imbalance_values A1 33 °C 4 K"]);
  const limits = [areaOf({ highest: 40 }), areaOf({ key: "1", name: "A2", highest: 30 }), areaOf({ key: "2" })];
  const hot = imageOf({ areas: keyed([cellOf(41), cellOf(32), cellOf(90)]) });
  assert.deepEqual(textsOf("area_limit", { image: hot, look: lookOf({ areas: limits }) }), ["alarms.area_limit_values A2 32 °C 30 °C"]);
  assert.deepEqual(textsOf("area_limit", { image: hot }), ["alarms.area_limit"]);
  const over = imageOf({ areas: keyed([cellOf(320, 280, { over_range: true })]) });
  assert.deepEqual(textsOf("imbalance_alarm", { image: over }), ["alarms.imbalance_values A1 picture.over 307 °C 280 K"]);
});

test("an alarm that is still on below its limit does not say that anything is above it", () => {
  const since = "1970-01-01T00:00:20Z";
  const textOfOne = (/** @type {string} */ key, more = {}) => said(on(key, "on", since), more)[0].text;
  // Within the hysteresis, or after the threshold was raised.
  for (const threshold of [31, 40]) {
    assert.equal(textOfOne("over_threshold", { threshold }), `alarms.over_threshold_ending 31 °C ${threshold} °C`);
  }
  const look = lookOf({ areas: [areaOf({ highest: 40 })] });
  const cooled = imageOf({ areas: keyed([cellOf(39.5)]) });
  assert.equal(textOfOne("area_limit", { image: cooled, look }), "alarms.area_limit_ending A1 39.5 °C 40 °C");
  // What may be hotter than it shows is not said to be below.
  for (const doubt of [{ suspect: true }, { missing_lines: [3] }]) {
    const image = imageOf({ ...doubt, areas: keyed([cellOf(39.5)]) });
    assert.equal(textOfOne("over_threshold", { image, threshold: 40 }), "alarms.since alarms.over_threshold at 20");
    assert.equal(textOfOne("area_limit", { image, look }), "alarms.since alarms.area_limit at 20");
  }
  for (const heat of [{ over_range: true }, { may_be_hotter: true }]) {
    const image = imageOf({ ...heat, areas: keyed([cellOf(39, 0, heat)]) });
    assert.match(textOfOne("over_threshold", { image, threshold: 40 }), /^alarms.since alarms.over_threshold_values/);
    assert.match(textOfOne("area_limit", { image, look }), /^alarms.since alarms.area_limit_values/);
  }
  // With the compact format a value below the limit may be over it.
  const perhaps = on("over_threshold");
  perhaps["binary_sensor.over_threshold"].attributes.certain = false;
  assert.deepEqual(said(perhaps, { threshold: 31 }).map(({ text }) => text), ["alarms.may_be alarms.over_threshold_values 31 °C 31 °C"]);
});

test("unseen heat has a banner too", () => {
  const textsOf = (/** @type {object | null} */ image, more = {}) =>
    said({}, { seen: image && imageOf(image), ...more }).map(({ level, text }) => `${level}: ${text}`);
  assert.deepEqual(textsOf(null), []);
  assert.deepEqual(textsOf({ suspect: true }), ["warning: card.suspect"]);
  assert.deepEqual(textsOf({ suspect: true, doubtful: [[0, 0]] }), ["alarm: card.doubtful"]);
  assert.deepEqual(textsOf({ over_range: true }, { simulated: true }), [
    "alarm: card.over_range picture.over 307 °C",
    "warning: card.simulated",
  ]);
});

test("the hottest temperature in words", () => {
  assert.equal(maximumText(imageOf({ over_range: true }), write, texts), "picture.over 307 °C");
});

test("a banner that goes on keeps its element, and opens the history of its entity", async () => {
  const hot = { text: "Hot", level: "alarm", entityId: "binary_sensor.hot" };
  const uneven = { text: "Uneven", level: "warning" };
  const element = await mount("battery-thermal-banners", { banners: [hot, uneven], texts });
  const [first, second] = findAll(element, ".alarm");
  assert.deepEqual([textOf(first), first.dataset.level, second.disabled], ["areas.alarm: Hot", "alarm", true]);
  const asked = details(element, "hass-more-info");
  await send(first, "click");
  assert.deepEqual(asked, [{ entityId: "binary_sensor.hot" }]);
  await update(element, { banners: [uneven, { text: "Rising", level: "warning" }] });
  assert.equal(findAll(element, ".alarm")[0], second);
});

test("a banner with other values keeps its element, and so the focus", async () => {
  const hot = { level: "alarm", entityId: "binary_sensor.hot", kind: "over_threshold", acknowledged: false };
  const element = await mount("battery-thermal-banners", { banners: [{ ...hot, text: "51 °C" }], control: true, texts });
  const button = find(element, ".seen");
  await update(element, { banners: [{ text: "Above", level: "alarm", entityId: "binary_sensor.area" }, { ...hot, text: "52 °C" }] });
  const [, alarm] = findAll(element, ".alarm");
  assert.match(textOf(alarm), /52 °C$/);
  assert.equal(find(element, ".seen"), button);
  assert.equal(button.getAttribute("aria-label"), "alarm_log.acknowledge_kind 52 °C");
});

test("an alarm that nobody has seen can be acknowledged by who may", async () => {
  const banners = [
    { text: "Hot", level: "alarm", kind: "over_threshold", acknowledged: false },
    { text: "Uneven", level: "warning", kind: "imbalance", acknowledged: true },
    { text: "Doubtful", level: "warning" },
  ];
  const element = await mount("battery-thermal-banners", { banners, control: true, texts });
  const wanted = details(element, "acknowledge");
  const buttons = findAll(element, ".seen");
  assert.equal(buttons.length, 1);
  assert.equal(buttons[0].getAttribute("aria-label"), "alarm_log.acknowledge_kind Hot");
  await send(buttons[0], "click");
  assert.deepEqual(wanted, ["over_threshold"]);
  await update(element, { control: false });
  assert.equal(findAll(element, ".seen").length, 0);
});

test("whether an alarm was acknowledged is in its banner", () => {
  const state = (/** @type {boolean} */ acknowledged) => ({ entity_id: "binary_sensor.hot", state: "on", attributes: { acknowledged } });
  for (const seen of [true, false]) {
    const [alarm] = alarmsOf(/** @type {any} */ ({ "binary_sensor.unseen_heat": state(seen) }));
    const [banner] = bannersOf([alarm], /** @type {any} */ ({ image: null }), texts);
    assert.deepEqual([banner.kind, banner.acknowledged], ["unseen_heat", seen]);
  }
});
