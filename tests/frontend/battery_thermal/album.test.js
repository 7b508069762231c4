import assert from "node:assert/strict";
import { test } from "node:test";

import { Album } from "../../../custom_components/battery_thermal/frontend/album.js";

/**
 * An album whose images come when the test lets them, and what became of it.
 *
 * @param {number[]} times
 */
function album(times) {
  /** @type {number[]} */
  const asked = [];
  /** @type {[number, string | null][]} */
  const found = [];
  const answers = new Map();
  /** @type {Album<string>} */
  const made = new Album(
    (time) => {
      asked.push(time);
      return new Promise((resolve, reject) => answers.set(time, { resolve, reject }));
    },
    (time, image) => found.push([time, image]),
  );
  made.times = times;
  const answer = async (/** @type {number} */ time, /** @type {string | null} */ image = `image ${time}`) => {
    const { resolve, reject } = answers.get(time);
    if (image === null) reject(new Error());
    else resolve(image);
    await new Promise(setImmediate);
  };
  return { made, asked, found, answer };
}

test("images that the slider only passes are not fetched", async () => {
  const { made, asked, found, answer } = album([1, 2, 3, 4, 5, 6, 7, 8]);
  for (const time of [1, 2, 3, 4, 5, 6]) made.look(time);
  assert.deepEqual(asked, [1]);
  await answer(1);
  assert.deepEqual([asked, found], [[1, 6], []]);
  await answer(6);
  assert.deepEqual(found, [[6, "image 6"]]);
});

test("neighbours are fetched in advance, and shown at once", async () => {
  const { made, asked, found, answer } = album([1, 2, 3]);
  made.look(2);
  for (const time of [2, 3, 1]) await answer(time);
  assert.deepEqual(asked, [2, 3, 1]);
  made.look(3);
  made.look(1);
  assert.deepEqual(found.slice(1), [[3, "image 3"], [1, "image 1"]]);
  assert.deepEqual(asked, [2, 3, 1]);
});

test("an error of an image is reported once, and the image is requested again later", async () => {
  const { made, asked, found, answer } = album([1, 2]);
  made.look(1);
  await answer(1, null);
  assert.deepEqual([asked, found], [[1], [[1, null]]]);
  made.look(2);
  await answer(2);
  await answer(1);
  made.look(1);
  assert.deepEqual(found, [[1, null], [2, "image 2"], [1, "image 1"]]);
});

test("an error of an image that is no longer selected is not reported", async () => {
  const { made, asked, found, answer } = album([]);
  made.look(1);
  made.look(2);
  await answer(1, null);
  assert.deepEqual([asked, found], [[1, 2], []]);
  made.look(null);
  await answer(2);
  assert.deepEqual([asked, found], [[1, 2], []]);
});

test("the number of kept images is limited to those of a day", async () => {
  const times = Array.from({ length: 250 }, (_, time) => time);
  const { made, asked, answer } = album(times);
  made.times = [];
  for (const time of times) {
    made.look(time);
    await answer(time);
  }
  made.look(249);
  assert.equal(asked.length, 250);
  made.look(0);
  assert.equal(asked.length, 251);
});
