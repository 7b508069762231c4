/** One subscription for all cards of a page. Each integration has a feed of its own: the rules are the same. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { feedOf as batteryFeed } from "../../../custom_components/battery_thermal/frontend/feed.js";
import { feedOf as boardFeed } from "../../../custom_components/esp32_sensors/frontend/feed.js";

/** @type {[string, (connection: any) => any, string, string][]} */
const FEEDS = [
  ["esp32_sensors", boardFeed, "boards", "esp32_sensors/subscribe_boards"],
  ["battery_thermal", batteryFeed, "nodes", "battery_thermal/subscribe_nodes"],
];

const settle = () => new Promise(setImmediate);

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

/** A connection that does what the test says, and what was asked of it. */
function connectionOf() {
  /** @type {Map<string, () => void>} */
  const listeners = new Map();
  /** @type {{event: (event: object) => void, message: any, options: any}[]} */
  const asked = [];
  const unsubscribe = mock.fn(async () => undefined);
  let refuses = false;
  return {
    connection: {
      addEventListener: (/** @type {string} */ type, /** @type {() => void} */ listener) => listeners.set(type, listener),
      subscribeMessage: async (/** @type {any} */ event, /** @type {any} */ message, /** @type {any} */ options) => {
        asked.push({ event, message, options });
        if (refuses) throw new Error("unknown command");
        return unsubscribe;
      },
    },
    asked,
    unsubscribe,
    refuse: (/** @type {boolean} */ on) => (refuses = on),
    say: (/** @type {"ready" | "disconnected"} */ type) => listeners.get(type)?.(),
  };
}

for (const [domain, feedOf, kind, command] of FEEDS) {
  const snapshot = (/** @type {string[]} */ ...keys) => ({
    snapshot: true,
    gone: [],
    [kind]: Object.fromEntries(keys.map((key) => [key, { readings: {} }])),
  });
  const keysOf = (/** @type {any} */ feed) => [...feed[kind].keys()];

  test(`${domain}: all cards of a connection share one subscription`, async () => {
    const { connection, asked } = connectionOf();
    const feed = feedOf(connection);
    assert.equal(feedOf(connection), feed);
    assert.notEqual(feedOf(connectionOf().connection), feed);
    assert.equal(asked.length, 0);
    const [first, second] = [mock.fn(), mock.fn()];
    feed.listen(first);
    feed.listen(second);
    await settle();
    assert.deepEqual(asked.map(({ message, options }) => [message, options]), [[{ type: command }, { resubscribe: false }]]);
    assert.deepEqual([feed.known, feed.live], [false, false]);
    asked[0].event(snapshot("a", "b"));
    assert.deepEqual([feed.known, feed.live, keysOf(feed)], [true, true, ["a", "b"]]);
    assert.deepEqual([first.mock.callCount(), second.mock.callCount()], [1, 1]);
  });

  test(`${domain}: what is known stays while the connection is lost, and is not live`, async () => {
    const { connection, asked, say } = connectionOf();
    const feed = feedOf(connection);
    const listener = mock.fn();
    feed.listen(listener);
    await settle();
    asked[0].event(snapshot("a"));
    say("disconnected");
    assert.deepEqual([feed.known, feed.live, keysOf(feed), listener.mock.callCount()], [true, false, ["a"], 2]);
    // What comes of the old subscription now is late.
    asked[0].event(snapshot("late"));
    assert.deepEqual([feed.live, keysOf(feed), listener.mock.callCount()], [false, ["a"], 2]);
    say("ready");
    await settle();
    assert.equal(asked.length, 2);
    asked[1].event(snapshot("b"));
    assert.deepEqual([feed.live, keysOf(feed)], [true, ["b"]]);
    // It is subscribed already.
    say("ready");
    await settle();
    assert.equal(asked.length, 2);
  });

  test(`${domain}: a command that is refused is tried again every second`, async () => {
    const { connection, asked, refuse } = connectionOf();
    refuse(true);
    feedOf(connection).listen(() => {});
    await settle();
    for (let attempts = 1; attempts < 4; attempts++) {
      assert.equal(asked.length, attempts);
      mock.timers.tick(999);
      await settle();
      assert.equal(asked.length, attempts);
      mock.timers.tick(1);
      await settle();
    }
    refuse(false);
    mock.timers.tick(1000);
    await settle();
    mock.timers.tick(5000);
    await settle();
    assert.equal(asked.length, 5);
  });

  test(`${domain}: an attempt that was overtaken is given up`, async () => {
    const { connection, asked, unsubscribe, say, refuse } = connectionOf();
    const feed = feedOf(connection);
    feed.listen(() => {});
    // Lost before the answer, and back.
    say("disconnected");
    await settle();
    assert.equal(unsubscribe.mock.callCount(), 1);
    refuse(true);
    say("ready");
    await settle();
    say("disconnected");
    mock.timers.tick(5000);
    await settle();
    assert.equal(asked.length, 2);
  });

  test(`${domain}: nobody listens for a second: unsubscribed, and nothing is known`, async () => {
    const { connection, asked, unsubscribe, say } = connectionOf();
    const feed = feedOf(connection);
    const listener = mock.fn();
    const stop = feed.listen(listener);
    await settle();
    asked[0].event(snapshot("a"));
    stop();
    mock.timers.tick(999);
    assert.equal(unsubscribe.mock.callCount(), 0);
    assert.deepEqual(keysOf(feed), ["a"]);
    mock.timers.tick(1);
    assert.equal(unsubscribe.mock.callCount(), 1);
    assert.deepEqual([feed.known, feed.live, keysOf(feed)], [false, false, []]);
    asked[0].event(snapshot("late"));
    assert.deepEqual([keysOf(feed), listener.mock.callCount()], [[], 1]);
    say("ready");
    await settle();
    assert.equal(asked.length, 1);
  });

  test(`${domain}: a page that is left for another one keeps the subscription`, async () => {
    const { connection, asked, unsubscribe } = connectionOf();
    const feed = feedOf(connection);
    const stop = feed.listen(() => {});
    await settle();
    stop();
    mock.timers.tick(500);
    feed.listen(() => {});
    mock.timers.tick(5000);
    await settle();
    assert.deepEqual([asked.length, unsubscribe.mock.callCount()], [1, 0]);
  });
}

test("battery_thermal: palettes come as base64, and stay", async () => {
  const { connection, asked } = connectionOf();
  const feed = batteryFeed(/** @type {any} */ (connection));
  feed.listen(() => {});
  await settle();
  asked[0].event({ snapshot: true, gone: [], nodes: {}, palettes: { grey: btoa("\x00\x01\xff") } });
  asked[0].event({ gone: [], nodes: {} });
  assert.deepEqual(feed.palettes, { grey: Uint8Array.of(0, 1, 255) });
});
