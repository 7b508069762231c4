/** A LED as readers hear of it, and while it is switched. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import "../fake-dom.js";

import { LedControl } from "../../../custom_components/esp32_sensors/frontend/led-control.js";

const device = { id: "d1", identifiers: [["esp32_sensors", "m1"]], config_entries: ["n1"] };
const led = { platform: "esp32_sensors", translation_key: "led", device_id: "d1", entity_id: "switch.led" };
const boardOf = (led) => ({ key: "n1/m1", online: true, control: true, led });
const passed = () => new Promise((resolve) => setImmediate(resolve));

/** The LED of a board, and what answers its action. */
function control(lit) {
  const action = Promise.withResolvers();
  const hass = { devices: { device }, entities: { led }, callService: mock.fn(() => action.promise) };
  const shown = new LedControl((key) => key.replace("live.led", "").replace("_", "") || "LED");
  const show = (lit) => shown.show(hass, boardOf(lit), "Porch");
  show(lit);
  return {
    hass,
    action,
    show,
    state: () => shown.state.textContent,
    name: () => shown.button.getAttribute("aria-label"),
    checked: () => shown.button.getAttribute("aria-checked"),
    role: () => shown.button.getAttribute("role"),
    said: () => shown.waiting.textContent,
    failed: () => shown.error.textContent,
    click: () => shown.button.tell("click"),
  };
}

test("its name has what is written on it, and the unknown is not off", () => {
  const it = control(null);
  assert.deepEqual([it.name(), it.role(), it.checked()], ["LED Porch, unknown", null, null]);
  it.show(false);
  assert.deepEqual([it.name(), it.role(), it.checked()], ["LED Porch, off", "switch", "false"]);
  it.show(true);
  assert.deepEqual([it.name(), it.role(), it.checked()], ["LED Porch, on", "switch", "true"]);
});

test("that it is being switched is said, and is shown until the board is as it has confirmed", async () => {
  const it = control(false);
  it.click();
  it.click();
  assert.equal(it.hass.callService.mock.callCount(), 1);
  assert.deepEqual([it.state(), it.said(), it.name()], ["switching_on", "switching_on", "LED Porch, switching_on"]);
  it.action.resolve();
  await passed();
  assert.equal(it.state(), "switching_on");
  it.show(true);
  await passed();
  assert.deepEqual([it.state(), it.said(), it.checked()], ["on", "", "true"]);
});

test("who was told before the action has returned waits for nothing more", async () => {
  const it = control(false);
  it.click();
  it.show(true);
  assert.equal(it.state(), "switching_on");
  it.action.resolve();
  await passed();
  assert.deepEqual([it.state(), it.failed()], ["on", ""]);
});

test("who was told, and told of another's change after it, waits for nothing either", async () => {
  const it = control(false);
  it.click();
  it.show(true);
  it.show(false);
  it.action.resolve();
  await passed();
  assert.deepEqual([it.state(), it.failed()], ["off", ""]);
});

test("what is done and not told within a second has failed, until it is told", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const it = control(true);
  it.click();
  it.action.resolve();
  await passed();
  mock.timers.tick(999);
  await passed();
  assert.equal(it.state(), "switching_off");
  mock.timers.tick(1);
  await passed();
  assert.deepEqual([it.state(), it.failed()], ["on", "failed"]);
  it.show(false);
  assert.deepEqual([it.state(), it.failed()], ["off", ""]);
  mock.timers.reset();
});

test("what fails is as it was at once", async () => {
  const it = control(false);
  it.click();
  it.action.reject(new Error("No."));
  await passed();
  assert.deepEqual([it.state(), it.failed()], ["off", "No."]);
});
