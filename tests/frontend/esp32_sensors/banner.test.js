/** What is wrong with the networks, and the banner about it. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { find, mount, textOf, update } from "../page.js";

import { LitElement } from "../../../custom_components/esp32_sensors/frontend/common/vendor/lit.js";
import { troubleBanner, troubleOf } from "../../../custom_components/esp32_sensors/frontend/banner.js";

const texts = (/** @type {string} */ key) => key;

class TestBanner extends LitElement {
  static properties = { trouble: {}, isAdmin: {} };

  constructor() {
    super();
    /** @type {"broker_lost" | "failed" | null} */
    this.trouble = null;
    this.isAdmin = false;
  }

  render() {
    return troubleBanner(this.trouble, texts, this.isAdmin);
  }
}
customElements.define("test-banner", TestBanner);


test("a lost broker matters more than a network that is not set up", () => {
  const networks = { n1: "connected", n2: "failed", n3: "broker_lost" };
  assert.equal(troubleOf(networks, undefined), "broker_lost");
  assert.deepEqual(["n1", "n2", "n3", "n4"].map((id) => troubleOf(networks, id)), [null, "failed", "broker_lost", null]);
});

test("an administrator is led to the settings", async () => {
  const page = await mount("test-banner", { trouble: "broker_lost", isAdmin: true });
  assert.equal(find(page, "a").getAttribute("href"), "/config/integrations/integration/mqtt");
  await update(page, { trouble: "failed", isAdmin: false });
  assert.deepEqual([find(page, "a"), textOf(page, "[role=status]")], [null, "live.failed"]);
  await update(page, { trouble: null });
  assert.equal(find(page, ".banner"), null);
});
