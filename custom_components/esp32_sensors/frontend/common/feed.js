/** Live data from Home Assistant: one subscription for all cards of a page. */

/** Milliseconds. A Home Assistant that starts has the command only after a while. */
const RETRY = 1000;

/**
 * Return a function that returns the feed of a connection, always the same one.
 *
 * @template {Feed} T
 * @param {(connection: HassConnection) => T} create
 * @returns {(connection: HassConnection) => T}
 */
export function feedPerConnection(create) {
  /** @type {WeakMap<object, T>} */
  const feeds = new WeakMap();
  return (connection) => {
    let feed = feeds.get(connection);
    if (!feed) {
      feed = create(connection);
      feeds.set(connection, feed);
    }
    return feed;
  };
}

/**
 * Subclasses have `take()`, which takes in an event, and `clear()`, which removes the data.
 *
 * @abstract
 */
export class Feed {
  /** Whether the data is what Home Assistant has now. */
  live = false;
  /** Whether there is data. */
  known = false;
  #connection;
  #command;
  /** @type {Set<() => void>} */
  #listeners = new Set();
  #attempt = 0;
  /** @type {(() => Promise<void>) | null} */
  #unsubscribe = null;

  /**
   * @param {HassConnection} connection the frontend's connection
   * @param {string} command the type of the message that subscribes
   */
  constructor(connection, command) {
    this.#connection = connection;
    this.#command = command;
    connection.addEventListener("ready", () => this.#start());
    connection.addEventListener("disconnected", () => this.#lost());
  }

  /** @param {any} _event an event of the subscription */
  take(_event) {}

  clear() {}

  /**
   * @param {() => void} listener called after each change
   * @returns {() => void} unsubscribes
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

  #notifyListeners() {
    for (const listener of this.#listeners) listener();
  }

  /** Subscribe, again and again until it works. Only the last attempt counts. */
  async #start() {
    if (!this.#listeners.size || this.#unsubscribe) return;
    const attempt = ++this.#attempt;
    const current = () => attempt === this.#attempt;
    try {
      const unsubscribe = await this.#connection.subscribeMessage(
        (event) => current() && this.#receive(event),
        { type: this.#command },
        // The frontend tries it once after a restart, which is too early.
        { resubscribe: false },
      );
      if (current()) this.#unsubscribe = unsubscribe;
      else unsubscribe().catch(() => {});
    } catch (error) {
      // Who may not subscribe, may not do it a second later either.
      if (/** @type {{code?: string}} */ (error)?.code === "unauthorized") return;
      setTimeout(() => current() && this.#start(), RETRY);
    }
  }

  /** @param {any} event */
  #receive(event) {
    this.take(event);
    this.live = this.known = true;
    this.#notifyListeners();
  }

  #lost() {
    this.#attempt++;
    this.#unsubscribe = null;
    this.live = false;
    this.#notifyListeners();
  }

  #stopUnused() {
    if (this.#listeners.size) return;
    this.#attempt++;
    this.#unsubscribe?.().catch(() => {});
    this.#unsubscribe = null;
    this.live = this.known = false;
    this.clear();
  }
}
