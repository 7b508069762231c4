/** The cells as a table: for readers, and for whoever wants the figures. */

import { levelOf } from "./cells.js";
import { h, setAttribute, setChildren, setText } from "./dom.js";

const COLUMNS = ["hottest", "mean", "over"];
const LEVELS = [null, "warning", "alarm"];

export class CellTable {
  #texts;
  #rows = [];

  /** @param {import("./texts.js").Texts} texts */
  constructor(texts) {
    this.#texts = texts;
    const heads = ["name", ...COLUMNS].map((key) => h("th", { scope: "col" }, texts(`cells.${key}`)));
    this.body = h("tbody");
    this.element = h(
      "details",
      { open: true, hidden: true },
      h("summary", {}, texts("cells.title")),
      h(
        "div",
        { class: "scroll", tabindex: 0, role: "region", "aria-label": texts("cells.title") },
        h("table", { class: "cells" }, h("thead", {}, h("tr", {}, ...heads)), this.body),
      ),
    );
  }

  /**
   * @param {import("./nodes.js").Grid | null} grid
   * @param {import("./nodes.js").Cell[]} cells
   * @param {import("./home-assistant.js").Writer} write
   * @param {(celsius: number) => string} colourOf
   */
  show(grid, cells, write, colourOf) {
    this.element.hidden = !grid;
    while (this.#rows.length < cells.length) this.#rows.push(this.#createRow());
    cells.forEach((cell, index) => {
      const { name, patch, values, note } = this.#rows[index];
      const { maximum, mean, deviation } = cell;
      setText(name, grid.names[index]);
      setAttribute(patch, "style", maximum === null ? null : `background: ${colourOf(maximum)}`);
      setText(values[0], maximum === null ? "–" : write(maximum));
      setText(values[1], mean === null ? "–" : write(mean));
      setText(values[2], deviation === null ? "–" : write.difference(deviation));
      const level = LEVELS[levelOf(deviation, grid.imbalance)];
      setAttribute(note, "data-level", level);
      setText(note, level ? this.#texts(`cells.${level}`) : cell.complete ? "" : this.#texts("cells.incomplete"));
    });
    setChildren(this.body, this.#rows.slice(0, cells.length).map(({ element }) => element));
  }

  #createRow() {
    const name = h("span");
    const patch = h("i", { class: "patch" });
    const values = COLUMNS.map(() => h("td"));
    const note = h("span", { class: "level" });
    const head = h("th", { scope: "row" }, patch, name, note);
    return { name, patch, values, note, element: h("tr", {}, head, ...values) };
  }
}
