/** The boards that wait for an administrator's decision. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { decide, followJoinRequests } from "../../../custom_components/esp32_sensors/frontend/join-requests.js";

const request = { network: "n1", title: "Cellar", mac: "61:EC:ED:3B:25:B1" };

const settle = () => new Promise(setImmediate);

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

/** A house that sends requests, and what its listeners got. */
function houseOf() {
  /** @type {Record<string, () => void>} */
  const happens = {};
  const house = {
    asked: /** @type {any[]} */ ([]),
    happens,
    refusal: /** @type {{code: string} | null} */ (null),
    send: (/** @type {object} */ _event) => {},
    stopped: 0,
    hass: /** @type {any} */ ({
      connection: {
        addEventListener: (/** @type {string} */ type, /** @type {() => void} */ listener) => (happens[type] = listener),
        subscribeMessage: async (/** @type {(event: object) => void} */ listener, /** @type {object} */ message) => {
          house.asked.push(message);
          if (house.refusal) throw house.refusal;
          house.send = listener;
          return async () => {
            house.stopped++;
          };
        },
      },
    }),
    follow: () => {
      /** @type {object[][]} */
      const received = [];
      return { received, stop: followJoinRequests(house.hass, (requests) => received.push(requests)) };
    },
  };
  return house;
}

test("boards that wait are passed on, until nobody listens", async () => {
  const house = houseOf();
  const { received, stop } = house.follow();
  await settle();
  assert.deepEqual(house.asked, [{ type: "esp32_sensors/subscribe_join_requests" }]);
  house.send({ requests: [request] });
  const other = house.follow();
  house.send({ requests: [] });
  assert.deepEqual([received, other.received, house.asked.length], [[[request], []], [[request], []], 1]);
  stop();
  other.stop();
  house.send({ requests: [request] });
  mock.timers.tick(1000);
  await settle();
  assert.deepEqual([received.length, house.stopped], [2, 1]);
});

test("after a restart of Home Assistant they are followed as soon as that is possible", async () => {
  const house = houseOf();
  const { received } = house.follow();
  await settle();
  house.send({ requests: [request] });
  house.happens.disconnected();
  house.refusal = { code: "unknown_command" };
  house.happens.ready();
  await settle();
  house.refusal = null;
  mock.timers.tick(1000);
  await settle();
  assert.equal(house.asked.length, 3);
  house.send({ requests: [] });
  assert.deepEqual(received[received.length - 1], []);
});

test("a refused subscription ends quietly", async () => {
  const house = houseOf();
  house.refusal = { code: "unauthorized" };
  const { received, stop } = house.follow();
  await settle();
  mock.timers.tick(1000);
  await settle();
  stop();
  assert.deepEqual([received, house.asked.length], [[], 1]);
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
