/** What a board is called; for who may rename it, a link to where that is done. */

import { h, setAttribute, setText } from "./dom.js";
import { go } from "./navigate.js";

export class BoardName {
  constructor() {
    // Without an address it is no link: plain text.
    this.link = h("a", { onclick: go });
    this.element = h("h3", {}, this.link);
  }

  /**
   * @param {string} title
   * @param {string | null} path of its device; null: not for the viewer
   */
  show(title, path) {
    setText(this.link, title);
    setAttribute(this.link, "href", path);
  }
}
