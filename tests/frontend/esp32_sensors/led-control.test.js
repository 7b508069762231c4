/** An LED as assistive technology gets it, and while it is switched. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { find, mount, send, settle, textOf, update } from "../page.js";
import { deferred } from "../deferred.js";

import "../../../custom_components/esp32_sensors/frontend/led-control.js";

/** @type {(led: boolean | null) => any} */
const boardOf = (led) => ({ key: "n1/m1", led });
const texts = (/** @type {string} */ key) => key.replace("live.led", "").replace("_", "") || "LED";

/**
 * The LED of a board, and what answers its action.
 *
 * @param {boolean | null} first
 */
async function control(first) {
  const action = deferred();
  const switchTo = mock.fn(async () => {
    try {
      await action.promise;
      return "";
    } catch (error) {
      return /** @type {Error} */ (error).message;
    }
  });
  const element = await mount("esp32-sensors-led", { board: boardOf(first), label: "Porch", switchable: true, switchTo, texts });
  const button = find(element, "button");
  const attribute = (/** @type {string} */ name) => button.getAttribute(name);
  return {
    switchTo,
    action,
    show: (/** @type {boolean | null} */ led) => update(element, { board: boardOf(led) }),
    allow: (/** @type {boolean} */ switchable) => update(element, { switchable }),
    state: () => textOf(element, "button span"),
    name: () => attribute("aria-label"),
    checked: () => attribute("aria-checked"),
    role: () => attribute("role"),
    announced: () => textOf(element, "[role=status]"),
    failed: () => textOf(element, "[role=alert]"),
    marked: () => button.hasAttribute("data-failed"),
    toggle: () => element.shadowRoot.querySelectorAll(".toggle").length,
    unavailable: () => [button.disabled, attribute("aria-disabled"), attribute("title")],
    busy: () => attribute("aria-busy"),
    click: () => send(button, "click"),
  };
}

test("its name contains the visible text, and an unknown state is not off", async () => {
  const it = await control(null);
  assert.deepEqual([it.name(), it.role(), it.checked()], ["LED Porch, unknown", null, null]);
  assert.equal(it.toggle(), 0);
  await it.show(false);
  assert.deepEqual([it.name(), it.role(), it.checked()], ["LED Porch, off", "switch", "false"]);
  await it.show(true);
  assert.deepEqual([it.name(), it.role(), it.checked()], ["LED Porch, on", "switch", "true"]);
  assert.equal(it.toggle(), 1);
});

test("switching is shown and announced until the board has confirmed it", async () => {
  const it = await control(false);
  await it.click();
  await it.click();
  assert.equal(it.switchTo.mock.callCount(), 1);
  assert.deepEqual(/** @type {any} */ (it.switchTo.mock.calls[0].arguments), [boardOf(false), true]);
  assert.deepEqual([it.state(), it.announced(), it.name()], ["switching_on", "switching_on", "LED Porch, switching_on"]);
  it.action.resolve();
  await settle();
  assert.equal(it.state(), "switching_on");
  await it.show(true);
  assert.deepEqual([it.state(), it.announced(), it.checked()], ["on", "", "true"]);
});

test("a state that arrives before the action returns needs no further wait", async () => {
  for (const [later, state] of /** @type {[boolean[], string][]} */ ([[[true], "on"], [[true, false], "off"]])) {
    const it = await control(false);
    await it.click();
    for (const led of later) await it.show(led);
    assert.equal(it.state(), "switching_on");
    it.action.resolve();
    await settle();
    assert.deepEqual([it.state(), it.failed()], [state, ""]);
  }
});

test("a state that does not arrive within a second is a failure, until it arrives", async () => {
  const it = await control(true);
  mock.timers.enable({ apis: ["setTimeout"] });
  await it.click();
  it.action.resolve();
  await settle();
  mock.timers.tick(999);
  await settle();
  assert.equal(it.state(), "switching_off");
  mock.timers.tick(1);
  await settle();
  assert.deepEqual([it.state(), it.failed()], ["on", "failed"]);
  await it.show(false);
  assert.deepEqual([it.state(), it.failed()], ["off", ""]);
  mock.timers.reset();
});

test("a refused action shows the earlier state and the reason at once", async () => {
  const it = await control(false);
  await it.click();
  it.action.reject(new Error("No."));
  await settle();
  assert.deepEqual([it.state(), it.failed(), it.marked()], ["off", "No.", true]);
});

test("a viewer who may not switch gets a disabled button with the reason", async () => {
  const it = await control(false);
  assert.deepEqual(it.unavailable(), [false, null, null]);
  await it.allow(false);
  assert.deepEqual(it.unavailable(), [true, "true", "no_control"]);
});

test("while it is switched the button keeps the focus, and is busy", async () => {
  const it = await control(false);
  assert.equal(it.busy(), null);
  await it.click();
  assert.deepEqual([...it.unavailable(), it.busy()], [false, "true", null, "true"]);
  await it.show(true);
  it.action.resolve();
  await settle();
  assert.deepEqual([...it.unavailable(), it.busy()], [false, null, null, null]);
});

test("a confirmation of an earlier switch does not count for the next one", async () => {
  const it = await control(false);
  mock.timers.enable({ apis: ["setTimeout"] });
  await it.click();
  await it.show(true);
  it.action.resolve();
  await settle();
  await it.click();
  mock.timers.tick(1000);
  await settle();
  assert.deepEqual([it.state(), it.failed()], ["on", "failed"]);
  mock.timers.reset();
});
