/** A board's LED: as it is confirmed to be, and a button to switch it. */

import { h, setAttribute, setText } from "./dom.js";
import { ledOf } from "./home-assistant.js";
import { errorText } from "./texts.js";

export class LedControl {
  #hass;
  #board;
  #texts;
  /** @type {boolean | null} what was asked for and is not confirmed yet */
  #wanted = null;
  #error = "";

  /** @param {import("./texts.js").Texts} texts */
  constructor(texts) {
    this.#texts = texts;
    this.icon = h("ha-icon");
    this.state = h("span");
    this.button = h(
      "button",
      { type: "button", role: "switch", onclick: () => this.#switch() },
      this.icon,
      this.state,
    );
    this.error = h("span", { class: "error", role: "alert" });
    this.element = h("div", { class: "led" }, this.button, this.error);
  }

  /**
   * @param {any} hass
   * @param {import("./boards.js").Board} board
   * @param {string} title
   */
  show(hass, board, title) {
    // Whatever the LED does now, what has failed before is past.
    if (this.#board && this.#board.led !== board.led) this.#error = "";
    this.#hass = hass;
    this.#board = board;
    setAttribute(this.button, "aria-label", `${this.#texts("live.led")} ${title}`);
    this.#draw();
  }

  #draw() {
    const { led, online, control } = this.#board;
    const may = control && online && Boolean(ledOf(this.#hass, this.#board));
    const waiting = this.#wanted !== null;
    setAttribute(this.button, "aria-checked", String(led === true));
    setAttribute(this.button, "aria-busy", waiting && "true");
    // Stays a button for readers, and keeps the focus, while it waits.
    setAttribute(this.button, "aria-disabled", (!may || waiting) && "true");
    this.button.disabled = !may;
    setAttribute(this.button, "title", may ? null : this.#texts("live.led_no_control"));
    setAttribute(this.icon, "icon", led ? "mdi:led-on" : "mdi:led-variant-off");
    setText(this.state, this.#texts(`live.led_${this.#stateKey()}`));
    setText(this.error, this.#error);
  }

  #stateKey() {
    if (this.#wanted !== null) return this.#wanted ? "switching_on" : "switching_off";
    if (this.#board.led === null) return "unknown";
    return this.#board.led ? "on" : "off";
  }

  async #switch() {
    if (this.#wanted !== null) return;
    this.#wanted = !this.#board.led;
    this.#error = "";
    this.#draw();
    try {
      // Returns when the board has confirmed it.
      await this.#hass.callService(
        "switch",
        this.#wanted ? "turn_on" : "turn_off",
        {},
        { entity_id: ledOf(this.#hass, this.#board) },
        false,
      );
    } catch (error) {
      this.#error = (await errorText(this.#hass, error)) || this.#texts("live.led_failed");
    }
    this.#wanted = null;
    this.#draw();
  }
}
