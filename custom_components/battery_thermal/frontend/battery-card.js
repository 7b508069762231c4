/** What the cards have in common: texts, and drawing once per frame. */

import { h } from "./dom.js";
import { base } from "./styles.js";
import { loadTexts } from "./texts.js";

/**
 * @abstract
 * Subclasses have `create()`, which fills `this.card` and is called again in another
 * language, and `update()`, which shows what is known.
 */
export class BatteryCard extends HTMLElement {
  /** @type {any} as the user wrote it */
  config = {};
  /** @type {import("./texts.js").Texts | null} null until they are there */
  texts = null;
  #hass = null;
  #language = null;
  #stop = null;
  #frame = 0;

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [base];
    /** The card itself. */
    this.card = h("ha-card");
    this.shadowRoot.append(this.card);
  }

  /** @param {any} config */
  setConfig(config) {
    this.config = config;
    if (this.texts) this.#create();
  }

  /** Where Home Assistant puts the card; as a whole page it fills it. */
  set layout(layout) {
    this.toggleAttribute("data-page", layout === "panel");
  }

  get hass() {
    return this.#hass;
  }

  set hass(hass) {
    this.#hass = hass;
    if (hass.language !== this.#language) this.#speak(hass);
    if (!this.#stop && this.isConnected) this.connectedCallback();
    this.changed();
  }

  connectedCallback() {
    if (!this.#hass || this.#stop) return;
    this.#stop = this.follow();
    this.changed();
  }

  disconnectedCallback() {
    this.#stop?.();
    this.#stop = null;
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  /**
   * Begin to follow what is shown beside `hass`.
   *
   * @returns {() => void} how to stop
   */
  follow() {
    return () => {};
  }

  /** Show what has changed, with the next frame. */
  changed() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      if (this.texts && this.#stop) this.update();
    });
  }

  async #speak(hass) {
    this.#language = hass.language;
    const texts = await loadTexts(hass);
    if (this.#language !== hass.language) return;
    this.texts = texts;
    this.#create();
  }

  #create() {
    this.card.replaceChildren();
    this.create();
    this.changed();
  }
}
