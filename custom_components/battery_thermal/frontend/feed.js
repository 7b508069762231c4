/** All nodes, live, and the palettes of their pictures. */

import { Feed, feedPerConnection } from "./common/feed.js";
import { applyEvent } from "./nodes.js";

export class NodeFeed extends Feed {
  /** @type {Map<string, import("./nodes.js").Node>} */
  nodes = new Map();
  /** @type {Record<string, Uint8Array>} 256 colours each, three bytes a colour */
  palettes = {};

  /** @param {HassConnection} connection */
  constructor(connection) {
    super(connection, "battery_thermal/subscribe_nodes");
  }

  /** @param {any} event */
  take(event) {
    this.nodes = applyEvent(this.nodes, event);
    for (const [name, colours] of Object.entries(event.palettes ?? {})) {
      this.palettes[name] = Uint8Array.from(atob(colours), (it) => it.charCodeAt(0));
    }
  }

  clear() {
    this.nodes = new Map();
  }
}

export const feedOf = feedPerConnection((connection) => new NodeFeed(connection));
