/** The controls of the archive: what they show of a day, where they lead, and how images are played. */

import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";

import { details, find, findAll, mount, send, settle, textOf, update } from "../page.js";
import { imageOf, lookOf, write } from "./nodes-and-areas.js";

import "../../../custom_components/battery_thermal/frontend/time-slider.js";

const NOON = Date.parse("2026-07-01T12:00Z");
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const TIMES = [NOON - 3 * MINUTE, NOON - 2 * MINUTE, NOON - MINUTE];
const YESTERDAY = NOON - DAY;

afterEach(() => mock.timers.reset());

/** @type {any} */
const NODE = { id: "a", look: lookOf(), image: null };

/** A slider over an archive with three images today, and one yesterday. */
async function sliderOf(alarms = {}) {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: NOON });
  let refuses = false;
  /** @type {any[]} */
  const asked = [];
  /** @type {any} */
  const hass = {
    language: "en",
    locale: { language: "en", time_format: "24", time_zone: "server" },
    config: { time_zone: "Etc/UTC" },
    callWS: async (/** @type {any} */ message) => {
      asked.push(message);
      if (refuses) throw new Error("Damaged");
      if (message.type === "history/history_during_period") {
        return { "binary_sensor.hot": [{ s: "off", lu: 0 }, { s: "on", lu: TIMES[1] / 1000 }, { s: "off", lu: TIMES[2] / 1000 }] };
      }
      if (message.type.endsWith("image")) {
        return { image: imageOf({ maximum: TIMES.indexOf(message.time) + 40 }), ambient: null, threshold: null };
      }
      if (message.start === NOON - DAY / 2) return { times: TIMES, before: YESTERDAY, after: null };
      if (message.start === NOON - (3 * DAY) / 2) return { times: [YESTERDAY], before: null, after: TIMES[0] };
      return { times: [], before: YESTERDAY, after: null };
    },
  };
  const texts = (/** @type {string} */ key, /** @type {any} */ values = {}) => [key, ...Object.values(values)].join(" ");
  const slider = await mount("battery-thermal-archive", { alarms, hass, live: true, node: NODE, texts, write });
  const shown = details(slider, "archive-changed");
  const pass = async (/** @type {number} */ milliseconds) => {
    mock.timers.tick(milliseconds);
    await settle();
  };
  await pass(2000);
  const [before, after, play, live] = findAll(slider, ".days button");
  const range = find(slider, "input[type=range]");
  return {
    slider,
    hass,
    asked,
    pass,
    before,
    after,
    play,
    live,
    day: find(slider, "input[type=date]"),
    refuse: (/** @type {boolean} */ on) => (refuses = on),
    press: (/** @type {EventTarget} */ button) => send(button, "click"),
    slide: async (/** @type {number} */ place) => {
      range.value = String(place);
      await send(range, "input");
    },
    choose: async (/** @type {string} */ day) => {
      const field = find(slider, "input[type=date]");
      field.value = day;
      await send(field, "change");
    },
    /** The image that is shown; null: the newest one. */
    shown: () => shown[shown.length - 1]?.image.maximum ?? null,
    /** First time, chosen one, last one. */
    ends: () => findAll(slider, ".ends > *").map((it) => it.textContent),
    range: () => [range.value, range.max, range.disabled],
    value: () => range.getAttribute("aria-valuetext"),
    note: () => textOf(slider, "p"),
  };
}

test("today's images, and the newest one after them", async () => {
  const it = await sliderOf();
  assert.deepEqual(it.ends(), ["11:57:00", "archive.newest", "archive.live"]);
  assert.deepEqual(it.range(), ["3", "3", false]);
  assert.deepEqual([it.day.value, it.day.max], ["2026-07-01", "2026-07-01"]);
  assert.deepEqual([it.before.disabled, it.after.disabled], [false, true]);
  assert.deepEqual([it.live.getAttribute("aria-pressed"), it.note(), it.shown()], ["true", "", null]);
});

test("the slider leads to an image with time and temperature, and from the last stop to the newest one", async () => {
  const it = await sliderOf();
  await it.slide(1);
  assert.equal(it.shown(), 41);
  const text = "archive.at archive.image 11:58:00 41 °C 2 3";
  assert.deepEqual([it.ends()[1], it.value()], [text, text]);
  assert.deepEqual([it.range(), it.live.getAttribute("aria-pressed")], [["1", "3", false], "false"]);
  await it.slide(0);
  assert.equal(it.ends()[1], "archive.at archive.image 11:57:00 40 °C 1 3");
  await it.slide(3);
  assert.deepEqual([it.shown(), it.ends()[1]], [null, "archive.newest"]);
});

test("buttons lead to the day before, and back", async () => {
  const it = await sliderOf();
  await it.press(it.before);
  assert.deepEqual([it.day.value, it.ends()[0], it.ends()[2]], ["2026-06-30", "12:00:00", "12:00:00"]);
  // A day that is over ends with its last image.
  assert.deepEqual(it.range(), ["0", "0", false]);
  assert.deepEqual([it.before.disabled, it.after.disabled], [true, false]);
  await it.press(it.after);
  assert.equal(it.day.value, "2026-07-01");
  await it.press(it.live);
  assert.deepEqual([it.shown(), it.ends()[1]], [null, "archive.newest"]);
});

test("a day is chosen in the field; one without images says so", async () => {
  const it = await sliderOf();
  await it.choose("2026-06-30");
  assert.equal(it.ends()[0], "12:00:00");
  await it.choose("2026-01-01");
  assert.deepEqual([it.note(), it.ends()], ["archive.none", ["", "", ""]]);
  assert.equal(it.range()[2], true);
  await it.choose("");
  assert.equal(it.day.value, "2026-07-01");
});

test("an error is shown instead of the images", async () => {
  const it = await sliderOf();
  it.refuse(true);
  await it.press(it.before);
  assert.deepEqual([it.note(), it.range()[2]], ["Damaged", true]);
  it.refuse(false);
  await it.press(it.live);
  assert.equal(it.note(), "");
});

test("images are played to the last one, from the first or from the one that is looked at", async () => {
  const it = await sliderOf();
  await it.press(it.play);
  assert.deepEqual([it.shown(), it.play.getAttribute("aria-label")], [40, "archive.pause"]);
  await it.pass(250);
  assert.equal(it.shown(), 41);
  await it.pass(250);
  await it.pass(250);
  assert.deepEqual([it.shown(), it.play.getAttribute("aria-label")], [42, "archive.play"]);
  await it.slide(1);
  await it.press(it.play);
  await it.pass(250);
  assert.equal(it.shown(), 42);
});

test("playing ends with a press, and when somebody slides or leaves", async () => {
  const it = await sliderOf();
  for (const stop of [() => it.press(it.play), () => it.slide(0), () => it.press(it.live), () => it.slider.remove()]) {
    await it.slide(0);
    await it.press(it.play);
    await stop();
    await it.pass(1000);
    assert.notEqual(it.shown(), 42);
    assert.equal(it.slider.playing, false);
  }
});

test("images with an alarm are marked", async () => {
  const it = await sliderOf({ "binary_sensor.hot": "alarm" });
  await it.pass(0);
  const marks = findAll(it.slider, ".mark");
  assert.deepEqual(marks.map((mark) => mark.dataset.level), ["alarm"]);
  const { start_time: start, end_time: end, entity_ids: ids } = it.asked.find(({ type }) => type.startsWith("history"));
  assert.deepEqual([start, end, ids], ["2026-07-01T00:00:00.000Z", "2026-07-02T00:00:00.000Z", ["binary_sensor.hot"]]);
});

test("a slider that is taken off the page asks for nothing more", async () => {
  const it = await sliderOf();
  it.slider.remove();
  const before = it.asked.length;
  await update(it.slider, { node: { ...NODE, image: { started_at: 1, closed: true } } });
  await it.pass(DAY);
  assert.equal(it.asked.length, before);
});

test("times are written anew when the user's profile changes", async () => {
  const it = await sliderOf();
  await update(it.slider, { hass: { ...it.hass, locale: { ...it.hass.locale, time_format: "12" } } });
  assert.match(it.ends()[0], /^11:57:00\sAM$/);
});
