/** What is in its place stays there. Both integrations have the same file: what holds for one holds for the other. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import "../fake-dom.js";

import { h, setChildren } from "../../../custom_components/esp32_sensors/frontend/dom.js";

const FRONTENDS = new URL("../../../custom_components/", import.meta.url);

/** How many are moved or put in to come from one order to another. */
function moves(from, to) {
  const elements = new Map([...from, ...to].map((name) => [name, h(name)]));
  const parent = h("div", {}, ...[...from].map((name) => elements.get(name)));
  parent.inserted = 0;
  setChildren(parent, [...to].map((name) => elements.get(name)));
  assert.equal(parent.children.map(({ tag }) => tag).join(""), to);
  return parent.inserted;
}

test("nobody moves but who has another place", () => {
  assert.equal(moves("abcdef", "abcdef"), 0);
  assert.equal(moves("abcdef", "bcdefa"), 1);
  assert.equal(moves("abcdef", "fabcde"), 1);
  assert.equal(moves("abcdef", "acdebf"), 1);
  assert.equal(moves("abcdef", "badcfe"), 3);
  assert.equal(moves("abcdef", "fedcba"), 5);
});

test("who comes is put in its place, who goes takes nobody along", () => {
  assert.equal(moves("", "abc"), 3);
  assert.equal(moves("abc", ""), 0);
  assert.equal(moves("abcdef", "bdf"), 0);
  assert.equal(moves("bdf", "abcdef"), 3);
  assert.equal(moves("abcd", "xdbyc"), 3);
});

test("both integrations have the same", async () => {
  const [one, other] = await Promise.all(
    ["battery_thermal", "esp32_sensors"].map((domain) => readFile(new URL(`${domain}/frontend/dom.js`, FRONTENDS), "utf8")),
  );
  assert.equal(one.replace("esp32_sensors", "battery_thermal"), other);
});
