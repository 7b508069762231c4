/** The vendored library, the two copies of the common modules on one page, and old browsers. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import "../page.js";

import { bundle, sha256 } from "../../../script/vendor.mjs";

const ROOT = new URL("../../../", import.meta.url);
const VENDORED = "common/frontend/vendor/lit.js";

test("the vendored library is what the pinned packages give, with the pinned hash", async () => {
  const text = await readFile(new URL(VENDORED, ROOT), "utf8");
  const { vendored } = JSON.parse(await readFile(new URL("package.json", ROOT), "utf8"));
  assert.equal(sha256(text), vendored[VENDORED]);
  assert.equal(text, await bundle());
});

test("both integrations' cards are on one page, without a warning and without a clash of names", async () => {
  /** @type {string[]} */
  const warnings = [];
  /** @type {any} */ (console).warn = (/** @type {string} */ text) => warnings.push(text);
  await import("../../../custom_components/battery_thermal/frontend/cards.js");
  await import("../../../custom_components/esp32_sensors/frontend/cards.js");
  for (const tag of ["battery-thermal-card", "battery-thermal-picture", "esp32-sensors-live", "esp32-sensors-tile"]) {
    assert.ok(customElements.get(tag), tag);
  }
  assert.deepEqual(warnings, []);
});
