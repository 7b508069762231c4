/** The boards that wait for an administrator's decision. */

import { Feed, feedPerConnection } from "./common/feed.js";

/**
 * @typedef {object} JoinRequest
 * @property {string} network id of the config entry
 * @property {string} title of the network
 * @property {string} mac
 *
 * @typedef {object} Decision
 * @property {"accept" | "refuse" | "replace"} kind
 * @property {string} [board] address of the board whose place it takes
 * @property {string} [name] "": a default name
 * @property {string} [area] "": none
 */

class JoinRequestFeed extends Feed {
  /** @type {JoinRequest[]} */
  requests = [];

  /** @param {HassConnection} connection */
  constructor(connection) {
    super(connection, "esp32_sensors/subscribe_join_requests");
  }

  /** @param {any} event */
  take(event) {
    this.requests = event.requests;
  }

  clear() {
    this.requests = [];
  }
}

const feedOf = feedPerConnection((connection) => new JoinRequestFeed(connection));

/**
 * Follow the boards that ask to join.
 *
 * @param {Hass} hass of an administrator: for others Home Assistant refuses the subscription
 * @param {(requests: JoinRequest[]) => void} listener called with them now, and after each change
 * @returns {() => void} unsubscribes
 */
export function followJoinRequests(hass, listener) {
  const feed = feedOf(hass.connection);
  const unfollow = feed.listen(() => listener(feed.requests));
  if (feed.known) listener(feed.requests);
  return unfollow;
}

/**
 * Let a board in, let it take the place of another one, or refuse it. Rejects with Home Assistant's error.
 *
 * @param {Hass} hass
 * @param {JoinRequest} request
 * @param {Decision} decision
 */
export function decide(hass, { network, mac }, { kind, board, ...details }) {
  if (kind === "replace") return hass.callWS({ type: "esp32_sensors/replace", network, mac: board, new_mac: mac });
  return hass.callWS({ type: `esp32_sensors/${kind}_board`, network, mac, ...details });
}
