/** Fan, threshold and mode: as they are known to be, what is wanted, and how far that is. */

import { h, setAttribute, setText } from "./dom.js";
import { inUnit } from "./scale.js";
import { errorText } from "./texts.js";

const MODES = ["slow", "fast"];

export class Settings {
  #texts;
  #hass;
  #states = {};
  #node;
  #write;
  #error = "";

  /** @param {import("./texts.js").Texts} texts */
  constructor(texts) {
    this.#texts = texts;
    this.fan = h(
      "button",
      { type: "button", role: "switch", onclick: () => this.#switchFan() },
      h("ha-icon", { icon: "mdi:fan" }),
      (this.fanState = h("span")),
    );
    this.threshold = h("input", {
      type: "number",
      step: 1,
      "aria-label": texts("settings.threshold"),
      onkeydown: (event) => event.key === "Enter" && this.#setThreshold(),
    });
    this.unit = h("span", { class: "secondary" });
    this.set = h("button", { type: "button", onclick: () => this.#setThreshold() }, texts("settings.set"));
    this.modes = MODES.map((mode) =>
      h("button", { type: "button", onclick: () => this.#choose(mode) }, texts(`settings.${mode}`)),
    );
    this.hows = Object.fromEntries(["fan", "threshold", "mode"].map((key) => [key, h("span", { class: "how" })]));
    const row = (key, ...controls) =>
      h(
        "div",
        { class: "setting" },
        h("span", { class: "what" }, texts(`settings.${key}`)),
        h("span", { class: "controls" }, ...controls),
        this.hows[key],
      );
    this.error = h("p", { class: "error", role: "alert" });
    this.element = h(
      "section",
      { class: "settings", "aria-label": texts("settings.title") },
      row("fan", this.fan),
      row("threshold", this.threshold, this.unit, this.set),
      row("mode", h("span", { role: "group", "aria-label": texts("settings.mode") }, ...this.modes)),
      this.error,
    );
  }

  /**
   * @param {any} hass
   * @param {import("./nodes.js").Node} node
   * @param {Record<string, any>} states of its entities
   * @param {(celsius: number, decimals?: number) => string} write
   */
  show(hass, node, states, write) {
    this.#hass = hass;
    this.#node = node;
    this.#states = states;
    this.#write = write;
    const { "fan.fan": fan, "number.threshold": threshold, "select.mode": mode } = states;
    const may = (state) => node.control && state && state.state !== "unavailable";
    this.fan.disabled = !may(fan);
    setAttribute(this.fan, "aria-checked", String(fan?.state === "on"));
    setText(this.fanState, this.#texts(fan?.state === "on" ? "settings.fan_on" : "settings.fan_off"));
    setAttribute(this.fan, "aria-label", `${this.#texts("settings.fan")}: ${this.fanState.textContent}`);
    this.threshold.disabled = this.set.disabled = !may(threshold);
    setText(this.unit, threshold?.attributes.unit_of_measurement ?? "");
    setAttribute(this.threshold, "min", threshold?.attributes.min);
    setAttribute(this.threshold, "max", threshold?.attributes.max);
    this.#showThreshold(node.wanted?.threshold ?? node.threshold, this.unit.textContent);
    this.modes.forEach((button, index) => {
      button.disabled = !may(mode);
      setAttribute(button, "aria-pressed", String(mode?.state === MODES[index]));
    });
    this.#showHow("fan", fan?.state === "on", node.wanted?.fan);
    this.#showHow("threshold", node.threshold, node.wanted?.threshold);
    this.#showHow("mode", mode?.state, node.wanted?.mode);
    setText(this.error, this.#error);
  }

  #shown = { celsius: null, unit: null };

  /** Not while somebody is typing, unless what they type is in another unit by now. */
  #showThreshold(celsius, unit) {
    const same = celsius === this.#shown.celsius && unit === this.#shown.unit;
    const typing = unit === this.#shown.unit && this.threshold.matches(":focus");
    if (celsius === null || same || typing) return;
    this.#shown = { celsius, unit };
    this.threshold.value = String(Math.round(inUnit(celsius, unit)));
  }

  /** Say whether what is wanted is proven, or how far it is. */
  #showHow(key, known, wanted) {
    const { stage, error } = this.#node;
    const how = this.hows[key];
    let state = "proven";
    if (wanted === undefined) state = known === null || known === undefined ? "unknown" : "proven";
    else if (key === "fan" && known && !wanted) state = "by_itself";
    else if (known !== wanted) state = stage === "failed" ? "failed" : "pending";
    setAttribute(how, "data-state", state);
    const step = stage === "idle" ? "waiting" : stage;
    setText(
      how,
      this.#texts(`settings.how_${state}`, {
        wanted: this.#wantedText(key, wanted),
        step: state === "pending" ? this.#texts(`settings.step_${step}`) : "",
        // What the network server says of a downlink is in its own words.
        error: (error && this.#texts(`settings.error_${error}`)) || error || "",
      }),
    );
  }

  #wantedText(key, wanted) {
    if (wanted === undefined) return "";
    if (key === "threshold") return this.#write(wanted, 0);
    if (key === "mode") return this.#texts(`settings.${wanted}`);
    return this.#texts(wanted ? "settings.fan_on" : "settings.fan_off");
  }

  #switchFan() {
    const { wanted } = this.#node;
    const on = !(wanted?.fan ?? this.#states["fan.fan"].state === "on");
    this.#call("fan", on ? "turn_on" : "turn_off", {}, "fan.fan");
  }

  #setThreshold() {
    if (!this.threshold.reportValidity() || this.threshold.value === "") return;
    this.#call("number", "set_value", { value: Number(this.threshold.value) }, "number.threshold");
  }

  #choose(option) {
    this.#call("select", "select_option", { option }, "select.mode");
  }

  async #call(domain, action, data, key) {
    this.#error = "";
    try {
      const target = { entity_id: this.#states[key].entity_id };
      await this.#hass.callService(domain, action, data, target, false);
    } catch (error) {
      this.#error = (await errorText(this.#hass, error)) || this.#texts("settings.failed");
    }
    setText(this.error, this.#error);
  }
}
