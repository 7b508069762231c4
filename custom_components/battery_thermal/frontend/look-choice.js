/**
 * Which palette and scale: of this browser, else of the card, else the owner's. A small card
 * has no room to choose, and no way back: what was chosen elsewhere is not for it.
 */

import { h, setText } from "./dom.js";

export const PALETTES = ["inferno", "ironbow", "white_hot", "black_hot", "arctic", "rainbow", "cividis", "alarm"];
export const SCALES = ["automatic", "threshold", "fixed"];

export class LookChoice {
  #selects = {};
  #config;
  #texts;

  /**
   * @param {import("./texts.js").Texts} texts
   * @param {{palette?: string, scale?: string, small?: boolean}} config
   * @param {() => void} changed
   */
  constructor(texts, config, changed) {
    this.#config = config;
    this.#texts = texts;
    const choice = (key, names) => {
      const options = names.map((name) => h("option", { value: name }, texts(`look.${name}`)));
      const remember = () => {
        const { value } = this.#selects[key];
        if (value) localStorage.setItem(place(key), value);
        else localStorage.removeItem(place(key));
        changed();
      };
      this.#selects[key] = h("select", { onchange: remember }, h("option", { value: "" }), ...options);
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
    for (const [key, names] of Object.entries({ palette: PALETTES, scale: SCALES })) {
      const known = (name) => names.includes(name);
      const own = this.#config.small ? null : localStorage.getItem(place(key));
      const usual = [this.#config[key], look[key]].find(known);
      chosen[key] = known(own) ? own : usual;
      const select = this.#selects[key];
      setText(select.options[0], this.#texts("look.usual", { name: this.#texts(`look.${usual}`) }));
      const value = known(own) ? own : "";
      if (select.value !== value) select.value = value;
    }
    return chosen;
  }
}

const place = (key) => `battery_thermal.${key}`;
