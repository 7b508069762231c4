/** The boards that wait for an administrator's decision. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { settle } from "../page.js";

import { decide, followJoinRequests } from "../../../custom_components/esp32_sensors/frontend/join-requests.js";

const request = { network: "n1", title: "Cellar", mac: "61:EC:ED:3B:25:B1" };

/** A house that sends requests, and what the listener got. */
function followed(refused = false) {
  const house = { send: (/** @type {object} */ _event) => {}, stopped: 0, message: /** @type {any} */ (null) };
  const hass = /** @type {any} */ ({
    connection: {
      subscribeMessage: async (/** @type {(event: object) => void} */ listener, /** @type {object} */ message) => {
        if (refused) throw new Error("unauthorized");
        house.message = message;
        house.send = listener;
        return async () => {
          house.stopped++;
        };
      },
    },
  });
  /** @type {object[][]} */
  const received = [];
  const stop = followJoinRequests(hass, (requests) => received.push(requests));
  return { house, received, stop };
}

test("boards that wait are passed on, until nobody listens", async () => {
  const { house, received, stop } = followed();
  await settle();
  assert.deepEqual(house.message, { type: "esp32_sensors/subscribe_join_requests" });
  house.send({ requests: [request] });
  house.send({ requests: [] });
  assert.deepEqual(received, [[request], []]);
  stop();
  house.send({ requests: [request] });
  await settle();
  assert.deepEqual([received.length, house.stopped], [2, 1]);
});

test("a refused subscription ends quietly", async () => {
  const { received, stop } = followed(true);
  await settle();
  stop();
  await settle();
  assert.deepEqual(received, []);
});

test("a decision is sent with name and area", async () => {
  const callWS = mock.fn(async () => undefined);
  const hass = /** @type {any} */ ({ callWS });
  await decide(hass, request, { kind: "accept", name: "LeBron", area: "hall" });
  await decide(hass, request, { kind: "refuse" });
  await decide(hass, request, { kind: "replace", board: "OLD" });
  const board = { network: "n1", mac: request.mac };
  assert.deepEqual(
    callWS.mock.calls.map((call) => /** @type {any[]} */ (call.arguments)[0]),
    [
      { type: "esp32_sensors/accept_board", ...board, name: "LeBron", area: "hall" },
      { type: "esp32_sensors/refuse_board", ...board },
      { type: "esp32_sensors/replace", network: "n1", mac: "OLD", new_mac: request.mac },
    ],
  );
});
