/**
 * The parts of Home Assistant's frontend that the dashboards' modules use.
 *
 * Source: src/types.ts and src/data/*.ts of github.com/home-assistant/frontend, and home-assistant-js-websocket. The
 * frontend publishes no types, so only what is used here is declared. Nothing of this file reaches a browser.
 */

/** The state of an entity. */
interface HassState {
  entity_id: string;
  state: string;
  attributes: Record<string, any>;
  /** ISO 8601. */
  last_changed?: string;
}

/** An entry of the entity registry, in the short form that the frontend keeps for display. */
interface HassEntity {
  entity_id: string;
  platform: string;
  device_id?: string;
  translation_key?: string;
}

/** An entry of the device registry. */
interface HassDevice {
  id: string;
  name: string | null;
  name_by_user: string | null;
  disabled_by: string | null;
  config_entries: string[];
  /** Pairs of domain and id. */
  identifiers: [string, string][];
}

/** An entry of the area registry. */
interface HassArea {
  area_id: string;
  name: string;
}

/** How the user wants numbers, dates and times to be written. */
interface HassLocale {
  language: string;
  number_format: string;
  time_format: string;
  date_format: string;
  time_zone: string;
}

/** The WebSocket connection. */
interface HassConnection {
  addEventListener(type: "ready" | "disconnected", listener: () => void): void;
  /** Resolve with the function that unsubscribes. */
  subscribeMessage(
    listener: (event: any) => void,
    message: { type: string; [key: string]: unknown },
    options: { resubscribe: boolean },
  ): Promise<() => Promise<void>>;
}

/** The object that the frontend gives to each card, a new one with each change. */
interface Hass {
  language: string;
  locale: HassLocale;
  connected: boolean;
  themes: unknown;
  connection: HassConnection;
  config: { time_zone: string; unit_system: { temperature: string } };
  user?: { is_admin: boolean };
  areas?: Record<string, HassArea>;
  devices: Record<string, HassDevice>;
  entities: Record<string, HassEntity>;
  states: Record<string, HassState>;
  callWS(message: { type: string; [key: string]: unknown }): Promise<any>;
  callService(
    domain: string,
    action: string,
    data: Record<string, unknown>,
    target: { entity_id?: string; device_id?: string },
    /** Whether the frontend shows a failure to the user itself. */
    notifyOnError: boolean,
  ): Promise<unknown>;
  /** "": there is no such text. */
  localize?(path: string): string;
  formatEntityState(state: HassState): string;
  /** Missing in versions before 2026.10. */
  formatEntityName?(state: HassState, parts: { type: string }[]): string;
}

/** A card as the user configured it. */
interface CardConfig {
  [key: string]: any;
}

/** A card or a dashboard as it is offered to the user. */
interface Offer {
  type: string;
  name: string;
  description?: string;
  [key: string]: unknown;
}

interface Window {
  customCards?: Offer[];
  customStrategies?: Offer[];
}

interface HTMLElementTagNameMap {
  "home-assistant": HTMLElement & { hass?: Hass };
  "ha-card": HTMLElement;
  "ha-icon": HTMLElement;
}
