/** The drawing of a node's areas: the draft, and saving it. Pure, except for what it asks Home Assistant. */

import { changesOf, draftOf, isNothing } from "./area-draft.js";
import { errorText } from "./common/texts.js";

/** Milliseconds for which a node is shown as it was while its application is loaded anew. */
const LOADING = 20_000;

/** @typedef {import("./nodes.js").Node} Node */

export class AreaEditing {
  /** @type {import("./area-draft.js").Draft | null} null: areas are not drawn now */
  draft = null;
  /** Whether it is being saved. */
  busy = false;
  /** What went wrong in the last attempt to save; "": nothing. */
  error = "";
  #changed;
  /** @type {Node} whose areas are drawn */
  #node = /** @type {any} */ (null);
  /** @type {{node: Node, until: number} | null} */
  #saved = null;

  /** @param {() => void} changed called when anything of it has changed */
  constructor(changed) {
    this.#changed = changed;
  }

  /** The look with which the draft was begun. */
  get look() {
    return this.#node.look;
  }

  /** @param {Node} node */
  begin(node) {
    this.#node = node;
    this.error = "";
    this.change(draftOf(node.look));
  }

  /** @param {import("./area-draft.js").Draft | null} draft null: without saving */
  change(draft) {
    this.draft = draft;
    this.#changed();
  }

  /**
   * @param {Node} node that is shown
   * @returns {boolean} whether its areas are drawn
   */
  isOf({ id, look }) {
    const { look: before } = this.#node ?? {};
    return (
      this.draft !== null && id === this.#node.id && look.quarters === before.quarters && look.mirror === before.mirror
    );
  }

  /**
   * Save what was drawn, and end the drawing if that was possible.
   *
   * @param {Hass} hass
   * @param {import("./common/texts.js").Texts} texts
   */
  async save(hass, texts) {
    const node = this.#node;
    const changes = this.draft && changesOf(this.draft, node.look);
    if (this.busy || !changes) return;
    if (isNothing(changes)) return this.change(null);
    this.busy = true;
    this.error = "";
    this.#changed();
    try {
      const { areas, grid } = await hass.callWS({ type: "battery_thermal/save_areas", node: node.id, ...changes });
      this.draft = null;
      this.#saved = { node: { ...node, look: { ...node.look, areas, grid } }, until: Date.now() + LOADING };
    } catch (error) {
      this.error = (await errorText(hass, error)) || texts("area_editor.failed");
    }
    this.busy = false;
    this.#changed();
  }

  /**
   * Saved areas make Home Assistant load the application anew, and its nodes are gone for a moment.
   *
   * @param {ReadonlyMap<string, Node>} nodes that are there
   * @returns {Node | undefined} the node whose areas were saved, while it is not there
   */
  missing(nodes) {
    const { node, until } = this.#saved ?? {};
    return node && until && Date.now() < until && !nodes.has(node.id) ? node : undefined;
  }
}
