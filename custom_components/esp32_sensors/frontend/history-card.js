/** The history page: every board ever seen, with the last values it has said. */

import { BoardCard } from "./board-card.js";
import { compareLastSeen, matches } from "./boards.js";
import { h, setAttribute, setChildren } from "./dom.js";
import { boardForm } from "./forms.js";
import { HistoryBox } from "./history-box.js";
import { timeFormat, utc } from "./home-assistant.js";
import { boards, history as looks, toolbar } from "./styles.js";
import { Toolbar, createNote } from "./toolbar.js";

export class HistoryCard extends BoardCard {
  #boxes = new Map();
  #local = false;

  constructor() {
    super();
    this.shadowRoot.adoptedStyleSheets.push(toolbar, boards, looks);
  }

  static getConfigForm() {
    return boardForm("network", "layout");
  }

  static getStubConfig() {
    return {};
  }

  getCardSize() {
    return 10;
  }

  getGridOptions() {
    return { columns: "full", rows: "auto", min_columns: 6 };
  }

  create() {
    const { texts, config } = this;
    this.#boxes.clear();
    const clock = h(
      "button",
      {
        type: "button",
        "aria-pressed": String(this.#local),
        onclick: () => {
          this.#local = !this.#local;
          setAttribute(clock, "aria-pressed", String(this.#local));
          this.changed();
        },
      },
      h("ha-icon", { icon: "mdi:clock-outline" }),
      texts("history.local_times"),
    );
    const title = config.title ?? texts("history.title");
    this.toolbar = new Toolbar(texts, title, "history", config.layout, () => this.changed(), clock);
    this.note = createNote(texts);
    this.list = h("div", { class: "boards" });
    this.card.append(this.toolbar.element, this.note.element, this.list);
  }

  update() {
    const time = this.#local ? timeFormat(this.hass) : utc;
    const all = this.boards();
    const shown = all
      .filter(({ board, title }) => matches(board, title, this.toolbar.filter))
      .sort(compareLastSeen);
    this.toolbar.setCount(
      shown.length === all.length
        ? this.texts("history.count", { count: all.length })
        : this.texts("common.count_of", { count: shown.length, all: all.length }),
    );
    this.note.say(this.#emptyBecause(all, shown));
    setAttribute(this.list, "data-layout", this.toolbar.layout);
    const keys = new Set(shown.map(({ board }) => board.key));
    for (const key of [...this.#boxes.keys()]) if (!keys.has(key)) this.#boxes.delete(key);
    const elements = shown.map((titled) => {
      const { key } = titled.board;
      if (!this.#boxes.has(key)) this.#boxes.set(key, new HistoryBox(this.texts));
      const box = this.#boxes.get(key);
      box.show(titled, time);
      return box.element;
    });
    setChildren(this.list, elements);
  }

  #emptyBecause(all, shown) {
    if (shown.length) return null;
    if (!this.feed.known) return "common.loading";
    return all.length ? "common.none_match" : "live.none_known";
  }
}
