/**
 * All nodes, live: one subscription for all cards of a page.
 *
 * `esp32_sensors` has one like it: each integration is installed without the other.
 */

import { applyEvent } from "./nodes.js";

const COMMAND = "battery_thermal/subscribe_nodes";

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
  /** @type {Map<string, import("./nodes.js").Node>} */
  nodes = new Map();
  /** @type {Record<string, Uint8Array>} 256 colours each, three bytes a colour */
  palettes = {};
  /** Whether `nodes` is what Home Assistant knows right now. */
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
    this.nodes = applyEvent(this.nodes, event);
    for (const [name, colours] of Object.entries(event.palettes ?? {})) {
      this.palettes[name] = Uint8Array.from(atob(colours), (it) => it.charCodeAt(0));
    }
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
    this.nodes = new Map();
  }
}
