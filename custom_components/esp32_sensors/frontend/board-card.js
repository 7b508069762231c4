/** What the cards about boards have in common. */

import { troubleBanner, troubleOf } from "./banner.js";
import { NameOrder, ofNetwork } from "./boards.js";
import { Card } from "./common/card.js";
import { DOMAIN } from "./domain.js";
import { feedOf } from "./feed.js";
import { nameOf, pathOf } from "./home-assistant.js";

/** @abstract */
export class BoardCard extends Card {
  static domain = DOMAIN;
  /** @type {(keyof Hass)[]} */
  static used = ["devices", "entities", "user"];

  constructor() {
    super();
    /** @type {import("./feed.js").BoardFeed} null until the card is in a page: before `content()` is called */
    this.feed = /** @type {any} */ (null);
    this.order = new NameOrder();
  }

  follow() {
    this.feed = feedOf(this.hass.connection);
    return this.feed.listen(() => this.requestUpdate());
  }

  /** Whether what is shown is not what Home Assistant has now. */
  get stale() {
    return this.feed.known && !this.feed.live;
  }

  /** Whether the viewer can open the settings. */
  get isAdmin() {
    return Boolean(this.hass.user?.is_admin);
  }

  /** What is wrong with the networks that are shown. */
  get trouble() {
    return troubleOf(this.feed.networks, this.config.network);
  }

  /** The banner about that. */
  troubleBanner() {
    return troubleBanner(this.trouble, this.texts, this.isAdmin);
  }

  /** The key of what is shown while no board is known: only an administrator can add one. */
  get noneKnown() {
    return this.hass.user?.is_admin ? "live.none_known" : "live.none_yet";
  }

  /** The boards this card is about, in the order of their names in Home Assistant. */
  boards() {
    const boards = ofNetwork(this.feed.boards.values(), this.config.network);
    return this.order.sorted(
      boards.map((board) => ({ board, title: nameOf(this.hass, board), path: pathOf(this.hass, board) })),
    );
  }
}
