/** All boards, live. */

import { applyEvent } from "./boards.js";
import { Feed, feedPerConnection } from "./common/feed.js";

export class BoardFeed extends Feed {
  /** @type {Map<string, import("./boards.js").Board>} */
  boards = new Map();
  /** @type {Record<string, string>} the states of the networks, by the id of the config entry */
  networks = {};

  /** @param {HassConnection} connection */
  constructor(connection) {
    super(connection, "esp32_sensors/subscribe_boards");
  }

  /** @param {any} event */
  take(event) {
    this.boards = applyEvent(this.boards, event);
    this.networks = event.networks ?? this.networks;
  }

  clear() {
    this.boards = new Map();
    this.networks = {};
  }
}

export const feedOf = feedPerConnection((connection) => new BoardFeed(connection));
