/** The welcome page: what there is, how many are online, how to add one. */

import { BoardCard } from "./board-card.js";
import { boardPicture } from "./board-picture.js";
import { h, setAttribute, setChildren, setItems, setText } from "./dom.js";
import { boardForm } from "./forms.js";
import { batteryBanks } from "./home-assistant.js";
import { go } from "./navigate.js";
import { welcome } from "./styles.js";

const STEPS = ["flash", "connect", "appear", "name"];

export class WelcomeCard extends BoardCard {
  // Of the battery banks.
  usedToo = ["formatEntityState", "states"];
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
      h("a", { href: path, onclick: go }, texts(`${key}.title`)),
    );
    this.card.append(
      h(
        "div",
        { class: "page" },
        h(
          "div",
          { class: "head" },
          h(
            "div",
            {},
            h("h2", {}, config.title ?? texts("welcome.title")),
            h("p", { class: "secondary" }, texts("welcome.intro")),
          ),
          boardPicture(),
        ),
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
    const banks = batteryBanks(this.hass);
    this.bankPart.hidden = !banks.length;
    const elements = banks.map((bank) => {
      const id = bank.picture.entity_id;
      if (!this.#banks.has(id)) this.#banks.set(id, this.#createBank(id));
      const shown = this.#banks.get(id);
      setAttribute(shown.image, "src", pictureOf(bank.picture));
      setText(shown.name, bank.name);
      const { temperature } = bank;
      setText(
        shown.temperature,
        temperature ? this.texts("welcome.battery_hottest", { value: this.hass.formatEntityState(temperature) }) : "",
      );
      setItems(shown.alarms, bank.alarms, ({ text, level }) =>
        h("span", { class: "alarm", "data-level": level }, h("ha-icon", { icon: "mdi:alert" }), text),
      );
      shown.quiet.hidden = bank.alarms.length > 0;
      // Nothing is quiet that has not been heard.
      const heard = !["unavailable", "unknown"].includes(bank.picture.state);
      setText(shown.quiet, heard ? this.texts("welcome.battery_quiet") : this.hass.formatEntityState(bank.picture));
      return shown.element;
    });
    setChildren(this.banks, elements);
  }

  #createBank(id) {
    const [image, name, temperature] = [h("img", { alt: "" }), h("span", { class: "name" }), h("span")];
    const alarms = h("span");
    const quiet = h("span", { class: "secondary" });
    const open = () =>
      this.dispatchEvent(
        new CustomEvent("hass-more-info", { bubbles: true, composed: true, detail: { entityId: id } }),
      );
    const element = h("button", { type: "button", onclick: open }, image, name, temperature, alarms, quiet);
    return { image, name, temperature, alarms, quiet, element };
  }
}

/** Its address changes only every few minutes: with its state there is one for each picture. */
function pictureOf({ state, attributes }) {
  const { entity_picture: address } = attributes;
  return address && `${address}&state=${encodeURIComponent(state)}`;
}
