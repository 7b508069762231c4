/** What all cards have in common: configuration, texts, a subscription, one drawing per frame. */

import { loadTexts } from "./texts.js";
import { LitElement } from "./vendor/lit.js";

/** CSS pixels from which a card has room for columns side by side. */
const WIDE = 700;

/** @type {(keyof Hass)[]} */
const USED_BY_ALL = ["config", "connected", "language", "locale"];

/**
 * Subclasses have `content()`, which is called when the texts are there, and may have
 * `follow()`.
 *
 * @abstract
 */
export class Card extends LitElement {
  /** The integration whose texts the card uses. */
  static domain = "";
  /**
   * The categories of its translations that the card uses besides the texts of cards.
   *
   * @type {string[]}
   */
  static categories = [];
  /**
   * What a card uses of `hass` besides. `hass` is a new object with every state that changes
   * in the house; most of them do not concern the card.
   *
   * @type {(keyof Hass)[]}
   */
  static used = [];
  /** @type {import("./vendor/lit.js").PropertyDeclarations} */
  static properties = {
    config: { attribute: false },
    hass: { attribute: false },
    layout: { attribute: false },
    texts: { attribute: false },
    wide: { type: Boolean, reflect: true },
  };

  constructor() {
    super();
    /** @type {CardConfig} as the user wrote it */
    this.config = {};
    /** @type {Hass} null until the frontend has set it: before `content()` is called */
    this.hass = /** @type {any} */ (null);
    /** @type {string | undefined} the kind of the view; a panel's card fills the page */
    this.layout = undefined;
    /** @type {import("./texts.js").Texts} null until they are there: before `content()` is called */
    this.texts = /** @type {any} */ (null);
    /** Whether there is room for columns side by side. */
    this.wide = false;
    /** @type {string | null} the language of the texts that are there or on their way */
    this.language = null;
    /** @type {(() => void) | null} */
    this.unfollow = null;
    /** Whether something has changed that is no property, such as what the card follows. */
    this.outdated = false;
    this.observer = new ResizeObserver(([{ contentRect }]) => {
      this.wide = contentRect.width >= WIDE;
    });
  }

  /** @param {CardConfig} config */
  setConfig(config) {
    this.config = config;
  }

  /**
   * Return what the card shows.
   *
   * @returns {unknown}
   */
  content() {
    return undefined;
  }

  /**
   * Subscribe to what is shown besides `hass`.
   *
   * @returns {() => void} unsubscribes
   */
  follow() {
    return () => {};
  }

  connectedCallback() {
    super.connectedCallback();
    this.observer.observe(this);
    this.requestUpdate();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.observer.disconnect();
    this.unfollow?.();
    this.unfollow = null;
  }

  /**
   * Without a name something has changed that is no property. The card is drawn then, although
   * `hass` may change as well until the next frame, with no state that the card uses.
   *
   * @param {PropertyKey} [name]
   * @param {unknown} [before]
   * @param {import("./vendor/lit.js").PropertyDeclarations[string]} [options]
   */
  requestUpdate(name, before, options) {
    if (name === undefined) this.outdated = true;
    super.requestUpdate(name, before, options);
  }

  /** Draw with the next frame, however much has changed until then. */
  async scheduleUpdate() {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    super.scheduleUpdate();
  }

  /** @param {import("./vendor/lit.js").PropertyValues} changed */
  shouldUpdate(changed) {
    if (!this.hass) return false;
    if (!this.unfollow || this.outdated || changed.size !== 1 || !changed.has("hass")) return true;
    const before = /** @type {Hass | null} */ (changed.get("hass"));
    const { used } = /** @type {typeof Card} */ (this.constructor);
    return (
      [...USED_BY_ALL, ...used].some((name) => this.hass[name] !== before?.[name]) ||
      this.usedEntities().some((id) => this.hass.states[id] !== before?.states[id])
    );
  }

  /** @returns {string[]} the entities whose states the card uses */
  usedEntities() {
    return [];
  }

  willUpdate() {
    this.outdated = false;
    this.toggleAttribute("data-page", this.layout === "panel");
    if (this.hass.language !== this.language) this.#loadTexts(this.hass);
    if (!this.unfollow && this.isConnected) this.unfollow = this.follow();
  }

  render() {
    return this.texts !== null && this.unfollow ? this.content() : undefined;
  }

  /** @param {Hass} hass */
  async #loadTexts(hass) {
    this.language = hass.language;
    const { categories, domain } = /** @type {typeof Card} */ (this.constructor);
    const texts = await loadTexts(hass, domain, categories);
    if (this.language === hass.language) this.texts = texts;
  }
}
