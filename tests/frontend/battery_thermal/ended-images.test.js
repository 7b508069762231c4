/** Which image is shown to who wants images that have ended only. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { imageOf } from "./nodes-and-areas.js";

import { shownImage } from "../../../custom_components/battery_thermal/frontend/ended-images.js";
import { applyEvent } from "../../../custom_components/battery_thermal/frontend/nodes.js";

const ended = imageOf({ maximum: 40 });
const next = { lines_received: 3, lines_expected: 24 };

/** @type {(more?: object) => any} */
const updating = (more = {}) => imageOf({ maximum: 40, next, ...more });

test("lines of the next image are left out where only ended images are wanted", () => {
  const image = updating({ maximum: 40.5 });
  const node = { image, ended };
  assert.equal(shownImage(node, false), image);
  const shown = shownImage(node, true);
  assert.deepEqual(shown, { ...ended, next });
  // The same object each time: with another one the picture is drawn anew.
  assert.equal(shownImage(node, true), shown);
});

test("what is hotter, or may be, shows at once", () => {
  for (const more of [{ maximum: 41 }, { over_range: true }, { doubtful: [[0, 1]] }]) {
    const image = updating(more);
    assert.equal(shownImage({ image, ended }, true), image);
  }
});

test("without an ended image there is nothing to show instead", () => {
  const image = updating();
  assert.equal(shownImage({ image }, true), image);
  assert.equal(shownImage({ image: ended, ended }, true), ended);
  assert.equal(shownImage({ image: null }, true), null);
});

test("a node keeps its newest image that has ended", () => {
  const event = (/** @type {object} */ node) => ({ gone: [], nodes: { a: node } });
  const first = applyEvent(new Map(), event({ image: imageOf({ closed: false }) }));
  assert.equal(first.get("a")?.ended, undefined);
  const whole = applyEvent(first, event({ image: ended }));
  assert.equal(applyEvent(whole, event({ image: updating() })).get("a")?.ended, ended);
  const sent = imageOf();
  assert.equal(applyEvent(first, event({ image: updating(), ended: sent })).get("a")?.ended, sent);
});
