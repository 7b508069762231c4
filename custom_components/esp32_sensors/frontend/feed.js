/** All boards, live: one subscription for all cards of a page. */

import { applyEvent } from "./boards.js";

const COMMAND = "esp32_sensors/subscribe_boards";

/** Milliseconds. A Home Assistant that starts knows the command only after a while. */
const RETRY = 1000;

/** @type {WeakMap<object, Feed>} */
const feeds = new WeakMap();

/**
 * @param {any} connection the frontend's connection
 * @returns {Feed}
 */
export function feedOf(connection) {
  if (!feeds.has(connection)) feeds.set(connection, new Feed(connection));
  return feeds.get(connection);
}

class Feed {
  /** @type {Map<string, import("./boards.js").Board>} */
  boards = new Map();
  /** Whether `boards` is what Home Assistant knows right now. */
  live = false;
  /** Whether it ever was. */
  known = false;
  #connection;
  #listeners = new Set();
  #attempt = 0;
  #unsubscribe = null;

  constructor(connection) {
    this.#connection = connection;
    connection.addEventListener("ready", () => this.#start());
    connection.addEventListener("disconnected", () => this.#lost());
  }

  /**
   * @param {() => void} listener told of every change
   * @returns {() => void} how to stop
   */
  listen(listener) {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#start();
    return () => {
      this.#listeners.delete(listener);
      // A page that is left for another of the same dashboard listens again at once.
      if (!this.#listeners.size) setTimeout(() => this.#stopUnused(), RETRY);
    };
  }

  #tell() {
    for (const listener of this.#listeners) listener();
  }

  /** Subscribe, again and again until it works. Only the last attempt counts. */
  async #start() {
    if (!this.#listeners.size || this.#unsubscribe) return;
    const attempt = ++this.#attempt;
    const current = () => attempt === this.#attempt;
    try {
      const unsubscribe = await this.#connection.subscribeMessage(
        (event) => current() && this.#take(event),
        { type: COMMAND },
        // The frontend tries it once after a restart, which is too early.
        { resubscribe: false },
      );
      if (current()) this.#unsubscribe = unsubscribe;
      else unsubscribe().catch(() => {});
    } catch {
      setTimeout(() => current() && this.#start(), RETRY);
    }
  }

  #take(event) {
    this.boards = applyEvent(this.boards, event);
    this.live = this.known = true;
    this.#tell();
  }

  #lost() {
    this.#attempt++;
    this.#unsubscribe = null;
    this.live = false;
    this.#tell();
  }

  #stopUnused() {
    if (this.#listeners.size) return;
    this.#attempt++;
    this.#unsubscribe?.().catch(() => {});
    this.#unsubscribe = null;
    this.live = this.known = false;
    this.boards = new Map();
  }
}
