/** Which palette and scale, remembered by this browser. */

import { h } from "./dom.js";

export const PALETTES = ["inferno", "ironbow", "white_hot", "black_hot", "arctic", "rainbow", "cividis", "alarm"];
export const SCALES = ["automatic", "threshold", "fixed"];

export class LookChoice {
  /**
   * @param {import("./texts.js").Texts} texts
   * @param {{palette?: string, scale?: string}} config what to begin with
   * @param {() => void} changed
   */
  constructor(texts, config, changed) {
    const choice = (key, names, first) => {
      const place = `battery_thermal.${key}`;
      this[key] = [localStorage.getItem(place), first].find((it) => names.includes(it)) ?? names[0];
      const options = names.map((name) =>
        h("option", { value: name, selected: name === this[key] }, texts(`look.${name}`)),
      );
      const select = h(
        "select",
        {
          onchange: () => {
            this[key] = select.value;
            localStorage.setItem(place, select.value);
            changed();
          },
        },
        ...options,
      );
      return h("label", {}, h("span", {}, texts(`look.${key}`)), select);
    };
    this.element = h(
      "div",
      { class: "look" },
      choice("palette", PALETTES, config.palette),
      choice("scale", SCALES, config.scale),
    );
  }
}
