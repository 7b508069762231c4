/** One connected board: its LED, its button and its light. */

import { BoardName } from "./board-name.js";
import { h, setAttribute, setText } from "./dom.js";
import { timeFormat } from "./home-assistant.js";
import { LedControl } from "./led-control.js";
import { LightChart } from "./light-chart.js";

export class BoardTile {
  #texts;
  #shown = [];
  #percent = null;
  #time;

  /** @param {import("./texts.js").Texts} texts */
  constructor(texts) {
    this.#texts = texts;
    this.name = new BoardName();
    this.offline = h("p", { class: "offline", role: "status" });
    this.led = new LedControl(texts);
    this.pushed = h("span");
    this.push = h("div", { class: "push", role: "img" }, h("i"), this.pushed);
    this.light = h("output", { "aria-live": "off" });
    this.at = h("span", { class: "at secondary" });
    this.chart = new LightChart(texts, (reading) => this.#look(reading));
    this.element = h(
      "article",
      { class: "board" },
      this.name.element,
      this.offline,
      this.led.element,
      this.push,
      h("div", { class: "light" }, h("span", { class: "what" }, texts("live.light")), this.light, this.at),
      this.chart.element,
    );
  }

  /**
   * @param {any} hass
   * @param {import("./boards.js").Titled} titled
   * @param {(seconds: number) => string} time how to write it
   */
  show(hass, { board, title, path }, time) {
    const now = [board, title, path, time, hass.entities];
    if (now.every((it, index) => it === this.#shown[index])) return;
    this.#shown = now;
    this.#time = time;
    this.name.show(title, path);
    setAttribute(this.name.element, "title", `${title} · ${board.mac}`);
    setAttribute(this.element, "data-offline", !board.online);
    this.offline.hidden = board.online;
    setText(this.offline, board.online ? "" : this.#offlineText(hass, board));
    this.led.show(hass, board, title);
    const pushed = this.#texts(`live.button_${this.#buttonKey(board)}`);
    setAttribute(this.push, "data-pushed", board.button === true);
    setAttribute(this.push, "aria-label", `${this.#texts("live.button")}: ${pushed}`);
    setText(this.pushed, pushed);
    this.#percent = board.light;
    this.chart.show(board.readings.light, time);
  }

  #offlineText(hass, { last_seen: seen }) {
    return seen === null
      ? this.#texts("history.offline")
      : this.#texts("live.offline_since", { time: timeFormat(hass)(seen) });
  }

  #buttonKey({ button }) {
    if (button === null) return "unknown";
    return button ? "pushed" : "released";
  }

  /** Show the reading under the finger, or the light now. */
  #look(reading) {
    const percent = reading ? reading[1] : this.#percent;
    setText(this.light, percent === null ? "–" : `${percent} %`);
    setText(this.at, reading ? this.#time(reading[0]) : "");
  }
}
