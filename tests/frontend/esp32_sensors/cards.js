/** What the tests of the cards share: a house with boards. */

import { KINDS } from "../../../custom_components/esp32_sensors/frontend/boards.js";
import { KEYS, settle } from "../page.js";

/** The readings of a board that has reported nothing. */
export const NO_READINGS = Object.fromEntries(KINDS.map((kind) => [kind, /** @type {any[]} */ ([])]));

/** @type {(mac: string, more?: object) => any} */
export const boardOf = (mac, more = {}) => ({
  network: "n1",
  mac,
  name: `capteur${mac}`,
  online: true,
  identifying: false,
  firmware: null,
  led: false,
  button: false,
  light: 42,
  joined_at: 1,
  last_seen: 9,
  control: true,
  readings: NO_READINGS,
  ...more,
});

/** A house, the events of whose subscription the test sends. */
export function houseOf(more = {}) {
  /** @type {((event: object) => void)[]} */
  const listeners = [];
  /** @type {((event: object) => void)[]} */
  const requestListeners = [];
  /** @type {Record<string, (() => void)[]>} */
  const connectionListeners = {};
  /** @type {any} */
  const hass = {
    language: "en",
    locale: { language: "en", time_format: "24", date_format: "DMY", time_zone: "server" },
    config: { time_zone: "Etc/UTC" },
    connected: true,
    devices: {},
    entities: {},
    states: {},
    user: { is_admin: true },
    connection: {
      addEventListener: (/** @type {string} */ type, /** @type {() => void} */ listener) => {
        (connectionListeners[type] ??= []).push(listener);
      },
      subscribeMessage: async (
        /** @type {(event: object) => void} */ listener,
        /** @type {{type: string}} */ { type },
      ) => {
        if (type === "esp32_sensors/subscribe_boards") listeners.push(listener);
        if (type === "esp32_sensors/subscribe_join_requests") requestListeners.push(listener);
        return async () => undefined;
      },
    },
    callWS: async () => ({ resources: KEYS }),
    formatEntityState: (/** @type {HassState} */ { state }) => state,
    ...more,
  };
  return {
    hass,
    /** Send boards by MAC, as one snapshot. */
    send: async (/** @type {any[]} */ ...boards) => {
      const event = { snapshot: true, gone: [], boards: Object.fromEntries(boards.map((it) => [`n1/${it.mac}`, it])) };
      for (const listener of listeners) listener(event);
      await settle();
    },
    /** Send the states of networks. */
    sendNetworks: async (/** @type {object} */ networks) => {
      for (const listener of listeners) listener({ gone: [], boards: {}, networks });
      await settle();
    },
    /** Send boards that want to join. */
    sendRequests: async (/** @type {object[]} */ ...requests) => {
      for (const listener of requestListeners) listener({ requests });
      await settle();
    },
    lose: async () => {
      for (const listener of connectionListeners.disconnected) listener();
      await settle();
    },
  };
}

/** The devices, LEDs and buttons to identify of boards with these MACs. */
export function registries(/** @type {string[]} */ ...macs) {
  const devices = macs.map((mac) => ({
    id: `d${mac}`,
    name: `Board ${mac}`,
    identifiers: [["esp32_sensors", mac]],
    config_entries: ["n1"],
  }));
  const entityOf = (/** @type {string} */ mac, /** @type {string} */ domain, /** @type {string} */ key) => ({
    entity_id: `${domain}.${mac}`,
    platform: "esp32_sensors",
    translation_key: key,
    device_id: `d${mac}`,
  });
  const entities = macs.flatMap((mac) => [entityOf(mac, "switch", "led"), entityOf(mac, "button", "identify")]);
  return {
    devices: Object.fromEntries(devices.map((it) => [it.id, it])),
    entities: Object.fromEntries(entities.map((it) => [it.entity_id, it])),
  };
}
