/** A board's LED: as it is confirmed to be, and a button to switch it. */

import { h, setAttribute, setText } from "./dom.js";
import { ledOf } from "./home-assistant.js";
import { errorText } from "./texts.js";

/** Milliseconds. What a board has confirmed is told a little after the action has returned. */
const TOLD = 1000;

export class LedControl {
  #hass;
  #board;
  #title;
  #texts;
  /** @type {boolean | null} what was asked for and is not confirmed yet */
  #wanted = null;
  #error = "";
  /** Whether the board has been as it was wanted since that was asked for. */
  #reached = false;
  /** Called when it is. */
  #arrived = () => {};

  /** @param {import("./texts.js").Texts} texts */
  constructor(texts) {
    this.#texts = texts;
    this.icon = h("ha-icon");
    this.state = h("span");
    this.button = h(
      "button",
      { type: "button", onclick: () => this.#switch() },
      this.icon,
      this.state,
    );
    this.waiting = h("span", { class: "for-readers", role: "status" });
    this.error = h("span", { class: "error", role: "alert" });
    this.element = h("div", { class: "led" }, this.button, this.waiting, this.error);
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
    this.#title = title;
    if (board.led === this.#wanted) {
      this.#reached = true;
      this.#arrived();
    }
    this.#draw();
  }

  #draw() {
    const { led, online, control } = this.#board;
    const may = control && online && Boolean(ledOf(this.#hass, this.#board));
    const waiting = this.#wanted !== null;
    const state = this.#texts(`live.led_${this.#stateKey()}`);
    // What is neither on nor off is no switch: readers would call it off.
    setAttribute(this.button, "role", led === null ? null : "switch");
    setAttribute(this.button, "aria-checked", led === null ? null : String(led));
    // With what is written on it: who speaks to the page says that.
    setAttribute(this.button, "aria-label", `${this.#texts("live.led")} ${this.#title}, ${state}`);
    setAttribute(this.button, "aria-busy", waiting && "true");
    // Stays a button for readers, and keeps the focus, while it waits.
    setAttribute(this.button, "aria-disabled", (!may || waiting) && "true");
    this.button.disabled = !may;
    setAttribute(this.button, "title", may ? null : this.#texts("live.led_no_control"));
    setAttribute(this.icon, "icon", led ? "mdi:led-on" : "mdi:led-variant-off");
    setText(this.state, state);
    setText(this.waiting, waiting ? state : "");
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
    this.#reached = false;
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
      await this.#told();
      // Home Assistant passes over what is unavailable just then, and calls that done.
      if (!this.#reached) this.#error = this.#texts("live.led_failed");
    } catch (error) {
      this.#error = (await errorText(this.#hass, error)) || this.#texts("live.led_failed");
    }
    this.#wanted = null;
    this.#draw();
  }

  /** Wait until what was confirmed is told: it would look as before for a moment. */
  #told() {
    if (this.#reached) return;
    return new Promise((resolve) => {
      this.#arrived = resolve;
      setTimeout(resolve, TOLD);
    });
  }
}
