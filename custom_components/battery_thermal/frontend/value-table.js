/** The picture's values as a table: for readers, and for whoever wants to copy them. */

import { h } from "./dom.js";

export class ValueTable {
  #image = null;
  #write;

  /** @param {import("./texts.js").Texts} texts */
  constructor(texts) {
    this.texts = texts;
    this.place = h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": texts("card.table") });
    this.element = h(
      "details",
      { ontoggle: () => this.#fill() },
      h("summary", {}, texts("card.table")),
      this.place,
    );
  }

  /**
   * @param {import("./nodes.js").ThermalImage} image
   * @param {(celsius: number) => string} write
   */
  show(image, write) {
    this.#image = image;
    this.#write = write;
    this.#fill();
  }

  /** 768 cells: only for who asks. */
  #fill() {
    if (!this.element.open || !this.#image) return;
    const { rows, width } = this.#image;
    const head = h("tr", {}, h("td"));
    for (let column = 1; column <= width; column++) head.append(h("th", { scope: "col" }, String(column)));
    const body = rows.map((values, row) => {
      const line = h("tr", {}, h("th", { scope: "row" }, String(row + 1)));
      for (let column = 0; column < width; column++) {
        const value = values?.[column] ?? null;
        line.append(h("td", {}, value === null ? "–" : this.#write(value)));
      }
      return line;
    });
    this.place.replaceChildren(
      h("table", {}, h("caption", {}, this.texts("card.table_caption")), h("thead", {}, head), h("tbody", {}, ...body)),
    );
  }
}
