/** Which palette and scale: of this browser, else of the card, else the owner's. */

import { h } from "./dom.js";

export const PALETTES = ["inferno", "ironbow", "white_hot", "black_hot", "arctic", "rainbow", "cividis", "alarm"];
export const SCALES = ["automatic", "threshold", "fixed"];

export class LookChoice {
  #selects = {};
  #config;

  /**
   * @param {import("./texts.js").Texts} texts
   * @param {{palette?: string, scale?: string}} config
   * @param {() => void} changed
   */
  constructor(texts, config, changed) {
    this.#config = config;
    const choice = (key, names) => {
      const options = names.map((name) => h("option", { value: name }, texts(`look.${name}`)));
      const remember = () => {
        localStorage.setItem(place(key), this.#selects[key].value);
        changed();
      };
      this.#selects[key] = h("select", { onchange: remember }, ...options);
      return h("label", {}, h("span", {}, texts(`look.${key}`)), this.#selects[key]);
    };
    this.element = h("div", { class: "look" }, choice("palette", PALETTES), choice("scale", SCALES));
  }

  /**
   * Show what holds, and return it.
   *
   * @param {import("./nodes.js").Look} look
   * @returns {{palette: string, scale: string}}
   */
  choose(look) {
    const chosen = { palette: look.palette, scale: look.scale };
    for (const [key, select] of Object.entries(this.#selects)) {
      const names = [...select.options].map(({ value }) => value);
      const wanted = [localStorage.getItem(place(key)), this.#config[key], look[key]];
      chosen[key] = wanted.find((it) => names.includes(it));
      if (select.value !== chosen[key]) select.value = chosen[key];
    }
    return chosen;
  }
}

const place = (key) => `battery_thermal.${key}`;
