/** What is above the boards: title, count, filter and layout. */

import { h, setAttribute, setText } from "./dom.js";

/** @typedef {"grid" | "list" | "compact"} Layout */

const LAYOUTS = {
  grid: "mdi:view-grid-outline",
  list: "mdi:view-list-outline",
  compact: "mdi:view-comfy-outline",
};

export class Toolbar {
  /** What the user looks for. */
  filter = "";
  /** @type {Layout} */
  layout;

  /**
   * @param {import("./texts.js").Texts} texts
   * @param {string} title
   * @param {string} place where this browser remembers the layout
   * @param {any} layout the one to begin with
   * @param {() => void} changed called after the user has changed something
   * @param {...HTMLElement} more what else belongs here
   */
  constructor(texts, title, place, layout, changed, ...more) {
    const key = `esp32_sensors.layout.${place}`;
    this.layout = [localStorage.getItem(key), layout].find((it) => it in LAYOUTS) ?? "grid";
    this.count = h("span", { class: "count secondary", role: "status" });
    const search = h("input", {
      type: "search",
      placeholder: texts("common.filter_short"),
      "aria-label": texts("common.filter"),
      oninput: () => {
        this.filter = search.value;
        changed();
      },
    });
    const buttons = Object.entries(LAYOUTS).map(([name, icon]) =>
      h(
        "button",
        {
          type: "button",
          title: texts(`common.layout_${name}`),
          "aria-label": texts(`common.layout_${name}`),
          "data-layout": name,
          onclick: () => {
            this.layout = /** @type {Layout} */ (name);
            localStorage.setItem(key, name);
            this.#press(buttons);
            changed();
          },
        },
        h("ha-icon", { icon }),
      ),
    );
    this.#press(buttons);
    const group = { role: "group", "aria-label": texts("common.layout") };
    this.element = h(
      "div",
      { class: "toolbar" },
      h("h2", {}, title),
      this.count,
      ...more,
      search,
      h("div", group, ...buttons),
    );
  }

  /** @param {string} text */
  setCount(text) {
    setText(this.count, text);
  }

  #press(buttons) {
    for (const button of buttons) {
      setAttribute(button, "aria-pressed", String(button.dataset.layout === this.layout));
    }
  }
}

/**
 * What is said where there are no boards to show.
 *
 * @param {import("./texts.js").Texts} texts
 */
export function createNote(texts) {
  const icon = h("ha-icon", { icon: "mdi:chip" });
  const title = h("h3");
  const text = h("p", { class: "secondary" });
  const element = h("div", { class: "note", role: "status", hidden: true }, icon, title, text);
  return {
    element,
    /** @param {string | null} key of the texts; null: nothing to say */
    say(key) {
      element.hidden = !key;
      if (!key) return;
      setText(title, texts(`${key}_title`));
      setText(text, texts(`${key}_text`));
    },
  };
}
