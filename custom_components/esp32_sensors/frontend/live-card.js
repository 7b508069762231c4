/** The live page: boards that are connected, as they come, go and change. */

import { BoardCard } from "./board-card.js";
import { BoardTile } from "./board-tile.js";
import { matches } from "./boards.js";
import { h, setAttribute, setChildren } from "./dom.js";
import { boardForm } from "./forms.js";
import { clockFormat, deviceOf } from "./home-assistant.js";
import { boards, live, toolbar } from "./styles.js";
import { Toolbar, createNote } from "./toolbar.js";

export class LiveCard extends BoardCard {
  #tiles = new Map();

  constructor() {
    super();
    this.shadowRoot.adoptedStyleSheets.push(toolbar, boards, live);
  }

  static getConfigForm() {
    return boardForm("network", "device", "layout");
  }

  static getStubConfig() {
    return {};
  }

  getCardSize() {
    return this.config.device ? 4 : 8;
  }

  getGridOptions() {
    return this.config.device
      ? { columns: 6, rows: "auto", min_columns: 4 }
      : { columns: "full", rows: "auto", min_columns: 6 };
  }

  create() {
    const { texts, config } = this;
    this.#tiles.clear();
    const title = config.title ?? texts("live.title");
    this.toolbar = new Toolbar(texts, title, "live", config.layout, () => this.changed());
    this.note = createNote(texts);
    this.list = h("div", { class: "boards" });
    if (!config.device) this.card.append(this.toolbar.element);
    setAttribute(this.list, "class", config.device ? "boards single" : "boards");
    this.card.append(this.note.element, this.list);
  }

  update() {
    const { device } = this.config;
    const all = this.boards();
    const online = all.filter(({ board }) => board.online);
    const shown = device
      ? all.filter(({ board }) => deviceOf(this.hass, board)?.id === device)
      : online.filter(({ board, title }) => matches(board, title, this.toolbar.filter));
    this.toolbar.setCount(
      shown.length === online.length
        ? this.texts("live.count", { count: online.length })
        : this.texts("common.count_of", { count: shown.length, all: online.length }),
    );
    this.note.say(this.#emptyBecause(all, online, shown));
    setAttribute(this.list, "data-layout", device ? "grid" : this.toolbar.layout);
    this.#showTiles(shown);
  }

  #showTiles(shown) {
    const keys = new Set(shown.map(({ board }) => board.key));
    for (const key of [...this.#tiles.keys()]) if (!keys.has(key)) this.#tiles.delete(key);
    const time = clockFormat(this.hass);
    const elements = shown.map((titled) => {
      const { key } = titled.board;
      if (!this.#tiles.has(key)) this.#tiles.set(key, new BoardTile(this.texts));
      const tile = this.#tiles.get(key);
      tile.show(this.hass, titled, time);
      return tile.element;
    });
    setChildren(this.list, elements);
  }

  #emptyBecause(all, online, shown) {
    if (shown.length) return null;
    if (!this.feed.known) return "common.loading";
    if (this.config.device) return "live.board_gone";
    if (!all.length) return "live.none_known";
    return online.length ? "common.none_match" : "live.none_online";
  }
}
