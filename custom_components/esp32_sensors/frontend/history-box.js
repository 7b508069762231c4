/** What is known of one board, online or not. */

import { BoardName } from "./board-name.js";
import { h, setAttribute, setChildren, setText } from "./dom.js";

const KINDS = ["led", "button", "light"];

export class HistoryBox {
  #texts;
  #shown = [];
  #lists = {};

  /** @param {import("./texts.js").Texts} texts */
  constructor(texts) {
    this.#texts = texts;
    this.name = new BoardName();
    this.online = h("span");
    this.mark = h("span", { class: "mark" }, h("i"), this.online);
    this.lastSeen = h("dd");
    this.joinedAt = h("dd");
    this.mac = h("dd");
    const values = KINDS.map((kind) => {
      const list = h("ol");
      const none = h("p", { class: "secondary" }, texts(`history.no_${kind}`));
      this.#lists[kind] = { list, none, rows: [] };
      return h("section", {}, h("h4", {}, texts(`live.${kind}`)), none, list);
    });
    this.element = h(
      "article",
      { class: "board" },
      h("div", { class: "head" }, this.name.element, this.mark),
      h(
        "dl",
        { class: "facts" },
        h("dt", {}, texts("history.last_seen")),
        this.lastSeen,
        h("dt", {}, texts("history.joined_at")),
        this.joinedAt,
        h("dt", {}, texts("history.mac")),
        this.mac,
      ),
      h("div", { class: "values" }, ...values),
    );
  }

  /**
   * @param {import("./boards.js").Titled} titled
   * @param {(seconds: number) => string} time how to write it
   */
  show({ board, title, path }, time) {
    const now = [board, time, title, path];
    if (now.every((it, index) => it === this.#shown[index])) return;
    const [before, timeBefore] = this.#shown;
    const otherTimes = time !== timeBefore;
    this.#shown = now;
    this.name.show(title, path);
    setText(this.mac, board.mac);
    setAttribute(this.mark, "data-online", board.online);
    setText(this.online, this.#texts(board.online ? "history.online" : "history.offline"));
    setText(this.lastSeen, board.last_seen === null ? this.#texts("history.never") : time(board.last_seen));
    setText(this.joinedAt, time(board.joined_at));
    for (const kind of KINDS) {
      const readings = board.readings[kind];
      if (otherTimes || readings !== before?.readings[kind]) this.#showValues(kind, readings, time);
    }
  }

  /** Newest first. */
  #showValues(kind, readings, time) {
    const { list, none, rows } = this.#lists[kind];
    none.hidden = readings.length > 0;
    list.hidden = !readings.length;
    while (rows.length < readings.length) {
      const row = { time: h("time"), value: h("span") };
      rows.push({ ...row, element: h("li", {}, row.time, row.value) });
    }
    readings.toReversed().forEach(([at, value], index) => {
      setText(rows[index].time, time(at));
      setAttribute(rows[index].time, "datetime", new Date(at * 1000).toISOString());
      setText(rows[index].value, this.#value(kind, value));
    });
    setChildren(
      list,
      rows.slice(0, readings.length).map((row) => row.element),
    );
  }

  #value(kind, value) {
    if (kind === "light") return `${value} %`;
    const [off, on] = { led: ["led_off", "led_on"], button: ["button_released", "button_pushed"] }[kind];
    return this.#texts(`live.${value ? on : off}`);
  }
}
