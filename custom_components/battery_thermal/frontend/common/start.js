/**
 * Loading of the cards, or of a message where the browser is too old for them.
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
 * @param {() => Promise<unknown>} load imports the cards, which define themselves
 * @param {string[]} cards tags of the cards
 * @param {string[]} strategies tags of the dashboards' strategies
 * @returns {Promise<unknown>} rejects when the cards cannot be fetched
 */
export function start(load, cards, strategies) {
  return load().catch((error) => {
    // Anything else, such as a connection that was lost, says nothing about the browser.
    if (!(error instanceof SyntaxError)) throw error;
    for (const tag of cards) if (!customElements.get(tag)) customElements.define(tag, messageCard());
    for (const tag of strategies) {
      if (!customElements.get(tag)) customElements.define(tag, messageStrategy(cards[0]));
    }
  });
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

/**
 * @param {string} card the tag of a card that shows the message
 * @returns {CustomElementConstructor} a strategy whose dashboard has that card
 */
function messageStrategy(card) {
  return class extends HTMLElement {
    static generate() {
      return Promise.resolve({ views: [{ cards: [{ type: `custom:${card}` }] }] });
    }
  };
}
