/** Links within the frontend, and the dialog about an entity. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { details } from "../page.js";

import { go, moreInfo } from "../../../common/frontend/navigate.js";

/** @type {(href: string, more?: object) => any} a click on a link */
const click = (href, more) => ({ currentTarget: { href }, preventDefault: mock.fn(), ...more });

test("a link is followed without loading the page again", () => {
  const changes = details(window, "location-changed");
  const event = click("http://localhost/lovelace/next");
  go(event);
  assert.equal(event.preventDefault.mock.callCount(), 1);
  assert.equal(location.pathname, "/lovelace/next");
  assert.deepEqual(changes, [{ replace: false }]);
});

test("in another tab or window it is followed as the browser does it", () => {
  for (const event of [click("/a", { ctrlKey: true }), click("/a", { metaKey: true }), click("/a", { shiftKey: true }), click("")]) {
    go(event);
    assert.equal(event.preventDefault.mock.callCount(), 0);
  }
});

test("the dialog about an entity is asked for across shadow roots", () => {
  const element = document.createElement("div");
  document.body.append(element);
  const asked = details(document.body, "hass-more-info");
  moreInfo(element, "sensor.hottest");
  assert.deepEqual(asked, [{ entityId: "sensor.hottest" }]);
});
