/** The welcome page: what there is, how it is, how to add one. */

import { showAlarms } from "./alarms.js";
import { BatteryCard } from "./battery-card.js";
import { h, setAttribute, setChildren, setText } from "./dom.js";
import { welcomeForm } from "./forms.js";
import { banksOf, boardsOnline } from "./home-assistant.js";
import { welcome } from "./styles.js";

const STEPS = ["register", "open", "enter", "picture"];

export class WelcomeCard extends BatteryCard {
  /** What is shown of each bank, by its device. */
  #shown = new Map();

  constructor() {
    super();
    this.shadowRoot.adoptedStyleSheets.push(welcome);
  }

  static getConfigForm() {
    return welcomeForm();
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
    this.#shown.clear();
    this.none = h("p", {}, texts("welcome.none"));
    this.banks = h("ul", { class: "banks" });
    this.online = h("output");
    this.bankPart = h("section", {}, h("h3", {}, texts("welcome.banks_title")), this.none, this.banks);
    this.boards = h("section", {}, h("h3", {}, texts("welcome.boards_title")), this.online);
    const steps = STEPS.map((step) => h("li", {}, texts(`welcome.add_${step}`)));
    this.card.append(
      h(
        "div",
        { class: "page" },
        h(
          "div",
          {},
          h("h2", {}, config.title ?? texts("welcome.title")),
          h("p", { class: "secondary" }, texts("welcome.intro")),
        ),
        h(
          "div",
          { class: "columns" },
          this.bankPart,
          h("section", {}, h("h3", {}, texts("welcome.add_title")), h("ol", { class: "steps" }, ...steps)),
          this.boards,
        ),
      ),
    );
  }

  update() {
    const { hass, texts } = this;
    this.card.toggleAttribute("data-stale", hass.connected === false);
    const banks = banksOf(hass);
    this.none.hidden = banks.length > 0;
    this.banks.hidden = !banks.length;
    // One has room beside the other parts.
    setAttribute(this.bankPart, "data-wide", banks.length !== 1);
    setChildren(this.banks, banks.map((bank) => this.#showBank(bank)));
    const online = boardsOnline(hass);
    this.boards.hidden = online === null;
    const unavailable = Number.isNaN(online);
    setText(this.online, unavailable ? texts("welcome.condition_unavailable") : (online ?? ""));
    setAttribute(this.online, "data-unavailable", unavailable);
  }

  #showBank(bank) {
    const { hass, texts } = this;
    if (!this.#shown.has(bank.id)) this.#shown.set(bank.id, this.#createBank(bank));
    const shown = this.#shown.get(bank.id);
    shown.entityId = bank.picture.entity_id;
    const seen = ["alarm", "quiet"].includes(bank.condition);
    shown.image.hidden = !seen;
    setAttribute(shown.image, "src", seen && pictureOf(bank.picture));
    setText(shown.name, bank.name);
    shown.hottest.hidden = !(seen && bank.temperature);
    setText(shown.temperature, bank.temperature ? hass.formatEntityState(bank.temperature) : "");
    showAlarms(shown.alarms, bank.alarms.map(({ name, level }) => ({ text: name, level })));
    setText(shown.condition, texts(`welcome.condition_${bank.condition}`));
    return shown.element;
  }

  #createBank({ id }) {
    const [image, name, temperature] = [
      h("img", { alt: "" }),
      h("span", { class: "name" }),
      h("span", { class: "temperature" }),
    ];
    const hottest = h("span", {}, h("span", { class: "secondary" }, this.texts("card.hottest")), " ", temperature);
    const [alarms, condition] = [h("span", { class: "alarms" }), h("span", { class: "secondary" })];
    const said = h("span", { class: "said" }, name, hottest, alarms, condition);
    const shown = { image, name, hottest, temperature, alarms, condition };
    shown.element = h("li", {}, this.#opener(id, shown, image, said));
    return shown;
  }

  /** What leads to the bank's page; where there is none, to what Home Assistant says of its picture. */
  #opener(device, shown, ...children) {
    const path = this.config.links?.[device];
    if (path) return h("a", { class: "bank", href: path, onclick: (event) => go(event, path) }, ...children);
    const open = () => {
      // As it is called by now.
      const detail = { entityId: shown.entityId };
      this.dispatchEvent(new CustomEvent("hass-more-info", { bubbles: true, composed: true, detail }));
    };
    return h("button", { class: "bank", type: "button", onclick: open }, ...children);
  }
}

/** Go to another page without loading Home Assistant again. */
function go(event, path) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.pushState(null, "", new URL(path, location.href));
  window.dispatchEvent(new CustomEvent("location-changed", { detail: { replace: false } }));
}

/** Its address changes only every few minutes: with its state there is one for each picture. */
function pictureOf({ state, attributes }) {
  const { entity_picture: address } = attributes;
  return address && `${address}&state=${encodeURIComponent(state)}`;
}
