/**
 * Loading of the cards and of the dashboards' strategies, or of a message where the browser is too old for them.
 *
 * This module and the main.js of each integration use the syntax of 2020 at most, and import
 * nothing statically: a browser that cannot read the cards must be able to read these.
 */

/** By language: what is shown in the place of a card. */
const MESSAGES = {
  en: "This card needs a newer browser: Safari 15, Chrome 90, Firefox 90 or later.",
  fr: "Cette carte nécessite un navigateur plus récent : Safari 15, Chrome 90, Firefox 90 ou ultérieur.",
  pt: "Este cartão precisa de um navegador mais recente: Safari 15, Chrome 90, Firefox 90 ou posterior.",
};

/**
 * @typedef {{generate: (config: object, hass: any) => Promise<object>}} Strategy and other static properties
 */

/**
 * @param {() => Promise<unknown>} load imports the cards, which define themselves
 * @param {string[]} cards tags of the cards
 * @param {Record<string, () => Promise<Strategy>>} strategies of dashboards, by tag: each imports its class
 * @returns {Promise<unknown>} rejects when the cards cannot be fetched
 */
export function start(load, cards, strategies) {
  for (const tag of Object.keys(strategies)) defineStrategy(tag, strategies[tag], cards[0]);
  return load().catch((error) => {
    // Anything else, such as a connection that was lost, says nothing about the browser.
    if (!(error instanceof SyntaxError)) throw error;
    for (const tag of cards) if (!customElements.get(tag)) customElements.define(tag, messageCard());
  });
}

/**
 * Define a strategy at once. Home Assistant waits 5 seconds for that, and shows an error from then on: over a slow connection
 * the modules take longer. It waits without limit for the pages.
 *
 * @param {string} tag
 * @param {() => Promise<Strategy>} load imports the class
 * @param {string} card tag of a card that shows the message
 */
function defineStrategy(tag, load, card) {
  class LoadedStrategy extends HTMLElement {
    /**
     * @param {object} config
     * @param {any} hass
     */
    static generate(config, hass) {
      const made = load().then((strategy) => {
        // When Home Assistant has to make the pages anew.
        for (const key of Object.keys(Object.getOwnPropertyDescriptors(strategy))) {
          if (!(key in LoadedStrategy)) Object.defineProperty(LoadedStrategy, key, { value: Reflect.get(strategy, key) });
        }
        return strategy.generate(config, hass);
      });
      return made.catch((error) => {
        if (!(error instanceof SyntaxError)) throw error;
        return { views: [{ cards: [{ type: `custom:${card}` }] }] };
      });
    }
  }
  const defineMissing = () => {
    if (!customElements.get(tag)) customElements.define(tag, LoadedStrategy);
  };
  defineMissing();
  // As in define.js, which this module must not import.
  customElements.whenDefined("home-assistant").then(defineMissing);
}

/** @returns {CustomElementConstructor} a class of its own for each tag */
function messageCard() {
  return class extends HTMLElement {
    setConfig() {}

    getCardSize() {
      return 1;
    }

    connectedCallback() {
      const language = (document.documentElement.lang || navigator.language).slice(0, 2);
      const message = document.createElement("ha-card");
      message.style.padding = "16px";
      message.textContent = language === "fr" || language === "pt" ? MESSAGES[language] : MESSAGES.en;
      while (this.firstChild) this.removeChild(this.firstChild);
      this.appendChild(message);
    }
  };
}
