/** The welcome page: what there is, how many are online, how to add one. */

import { BoardCard } from "./board-card.js";
import { h, setAttribute, setChildren, setText } from "./dom.js";
import { boardForm } from "./forms.js";
import { batteryPictures } from "./home-assistant.js";
import { welcome } from "./styles.js";

const STEPS = ["flash", "connect", "appear", "name"];

export class WelcomeCard extends BoardCard {
  #banks = new Map();

  constructor() {
    super();
    this.shadowRoot.adoptedStyleSheets.push(welcome);
  }

  static getConfigForm() {
    return boardForm("network");
  }

  static getStubConfig() {
    return {};
  }

  getCardSize() {
    return 8;
  }

  getGridOptions() {
    return { columns: "full", rows: "auto", min_columns: 6 };
  }

  create() {
    const { texts, config } = this;
    this.#banks.clear();
    this.online = h("output");
    this.known = h("span", { class: "secondary" });
    this.banks = h("div", { class: "banks" });
    this.bankPart = h("section", { hidden: true }, h("h3", {}, texts("welcome.battery_title")), this.banks);
    const links = Object.entries(config.links ?? {}).map(([key, path]) =>
      h("a", { href: path, onclick: (event) => this.#go(event, path) }, texts(`${key}.title`)),
    );
    this.card.append(
      h(
        "div",
        { class: "page" },
        h("div", {}, h("h2", {}, config.title ?? texts("welcome.title")), h("p", { class: "secondary" }, texts("welcome.intro"))),
        h(
          "div",
          { class: "columns" },
          h(
            "section",
            {},
            h("h3", {}, texts("welcome.online_title")),
            h("p", { class: "online" }, this.online, this.known),
            h("p", { class: "links" }, ...links),
          ),
          h(
            "section",
            {},
            h("h3", {}, texts("welcome.add_title")),
            h("ol", { class: "steps" }, ...STEPS.map((step) => h("li", {}, texts(`welcome.add_${step}`)))),
          ),
          this.bankPart,
        ),
      ),
    );
  }

  update() {
    const all = this.boards();
    const online = all.filter(({ board }) => board.online).length;
    setText(this.online, this.feed.known ? online : "–");
    setText(this.known, this.feed.known ? this.texts("welcome.online_of", { count: all.length }) : "");
    this.#showBanks();
  }

  #showBanks() {
    const pictures = batteryPictures(this.hass);
    this.bankPart.hidden = !pictures.length;
    const elements = pictures.map((id) => {
      if (!this.#banks.has(id)) this.#banks.set(id, this.#createBank(id));
      const bank = this.#banks.get(id);
      const { attributes } = this.hass.states[id];
      setAttribute(bank.image, "src", attributes.entity_picture);
      setAttribute(bank.image, "alt", attributes.friendly_name ?? "");
      return bank.element;
    });
    setChildren(this.banks, elements);
  }

  #createBank(id) {
    const image = h("img");
    const open = () =>
      this.dispatchEvent(
        new CustomEvent("hass-more-info", { bubbles: true, composed: true, detail: { entityId: id } }),
      );
    return { image, element: h("button", { type: "button", onclick: open }, image) };
  }

  /** Go to another page without loading Home Assistant again. */
  #go(event, path) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.pushState(null, "", new URL(path, location.href));
    window.dispatchEvent(new CustomEvent("location-changed", { detail: { replace: false } }));
  }
}
