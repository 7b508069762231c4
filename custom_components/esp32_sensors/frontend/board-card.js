/** What the cards on boards have in common: texts, boards, drawing once per frame. */

import { NameOrder, ofNetwork } from "./boards.js";
import { h } from "./dom.js";
import { feedOf } from "./feed.js";
import { nameOf, pathOf } from "./home-assistant.js";
import { base } from "./styles.js";
import { loadTexts } from "./texts.js";

/** What the cards use of `hass`. It is another one with every state in the house: most say nothing of boards. */
const USED = ["config", "devices", "entities", "locale", "user"];

/**
 * @abstract
 * Subclasses have `create()`, which fills `this.card` and is called again in another
 * language, and `update()`, which shows what is known.
 */
export class BoardCard extends HTMLElement {
  /** @type {any} as the user wrote it */
  config = {};
  /** @type {import("./texts.js").Texts | null} null until they are there */
  texts = null;
  /** @type {import("./feed.js").feedOf extends (c: any) => infer F ? F : never} */
  feed = null;
  /** What a card uses of `hass` besides. */
  usedToo = [];
  #hass = null;
  #language = null;
  #stop = null;
  #frame = 0;
  #order = new NameOrder();

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
    const before = this.#hass;
    this.#hass = hass;
    if (hass.language !== this.#language) this.#speak(hass);
    if (!this.#stop && this.isConnected) this.connectedCallback();
    if ([...USED, ...this.usedToo].some((name) => hass[name] !== before?.[name])) this.changed();
  }

  connectedCallback() {
    if (!this.#hass || this.#stop) return;
    this.feed = feedOf(this.#hass.connection);
    this.#stop = this.feed.listen(() => this.changed());
    this.changed();
  }

  disconnectedCallback() {
    this.#stop?.();
    this.#stop = null;
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  /** Show what has changed, with the next frame. */
  changed() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      if (!this.texts || !this.feed) return;
      this.card.toggleAttribute("data-stale", this.feed.known && !this.feed.live);
      this.update();
    });
  }

  /** The boards this card is about, in the order of their names in Home Assistant. */
  boards() {
    const boards = ofNetwork(this.feed.boards.values(), this.config.network);
    return this.#order.sorted(
      boards.map((board) => ({ board, title: nameOf(this.hass, board), path: pathOf(this.hass, board) })),
    );
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
