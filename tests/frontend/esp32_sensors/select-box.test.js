/** The box that selects one board. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { drawTemplate } from "../page.js";

import { LitElement } from "../../../custom_components/esp32_sensors/frontend/common/vendor/lit.js";
import { selectBoxOf } from "../../../custom_components/esp32_sensors/frontend/select-box.js";

/** The box of an element, and what the element has said. */
async function boxOf(/** @type {boolean | null} */ selected) {
  const element = Object.assign(document.createElement("div"), {
    label: "Attic",
    selected,
    texts: /** @type {any} */ ((/** @type {string} */ key, /** @type {any} */ { name }) => `${key} ${name}`),
  });
  /** @type {boolean[]} */
  const said = [];
  element.addEventListener("select-changed", (/** @type {any} */ { detail }) => said.push(detail));
  const place = await drawTemplate(LitElement, selectBoxOf(element));
  return { box: /** @type {HTMLInputElement | null} */ (place.querySelector("input")), said };
}

test("while boards are not selected there is no box", async () => {
  assert.equal((await boxOf(null)).box, null);
});

test("it shows whether the board is selected, and names it", async () => {
  for (const selected of [true, false]) {
    const { box } = await boxOf(selected);
    assert.equal(box?.checked, selected);
    assert.equal(box?.getAttribute("aria-label"), "select.board Attic");
  }
});

test("a change is dispatched with its new state", async () => {
  const { box, said } = await boxOf(false);
  for (const checked of [true, false]) {
    Object.assign(/** @type {object} */ (box), { checked });
    box?.dispatchEvent(new Event("change"));
  }
  assert.deepEqual(said, [true, false]);
});
