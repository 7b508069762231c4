/** As much of a page as the cards' modules need to be tried without a browser. */

class FakeNode extends EventTarget {
  children = [];
  parent = null;
  shadowRoot = null;
  hidden = false;
  disabled = false;
  isConnected = false;
  /** How often a child was put somewhere. */
  inserted = 0;
  #attributes = new Map();
  #text = "";

  constructor(tag = "") {
    super();
    this.tag = tag;
  }

  get firstElementChild() {
    return this.children[0] ?? null;
  }

  get nextElementSibling() {
    return this.parent?.children[this.parent.children.indexOf(this) + 1] ?? null;
  }

  get textContent() {
    return this.#text + this.children.map((child) => child.textContent).join("");
  }

  set textContent(text) {
    this.replaceChildren();
    this.#text = text;
  }

  append(...nodes) {
    for (const node of nodes) {
      if (typeof node === "string") this.#text += node;
      else this.insertBefore(node, null);
    }
  }

  insertBefore(node, place) {
    node.remove();
    this.children.splice(place ? this.children.indexOf(place) : this.children.length, 0, node);
    node.parent = this;
    this.inserted++;
  }

  replaceChildren(...nodes) {
    for (const child of [...this.children]) child.remove();
    this.#text = "";
    this.append(...nodes);
  }

  remove() {
    this.parent?.children.splice(this.parent.children.indexOf(this), 1);
    this.parent = null;
  }

  getAttribute(name) {
    return this.#attributes.get(name) ?? null;
  }

  setAttribute(name, value) {
    this.#attributes.set(name, value);
  }

  hasAttribute(name) {
    return this.#attributes.has(name);
  }

  removeAttribute(name) {
    this.#attributes.delete(name);
  }

  toggleAttribute(name, on) {
    if (on) this.setAttribute(name, "");
    else this.removeAttribute(name);
  }

  attachShadow() {
    this.shadowRoot = new FakeNode();
    this.shadowRoot.adoptedStyleSheets = [];
    return this.shadowRoot;
  }

  matches(selector) {
    return selector === ":focus" && document.activeElement === this;
  }

  focus() {
    document.activeElement = this;
  }

  blur() {
    document.activeElement = null;
    this.dispatchEvent(new Event("blur"));
  }

  /** Have a listener told, as by a user. */
  tell(type, values = {}) {
    this.dispatchEvent(Object.assign(new Event(type, { cancelable: true }), values));
  }
}

class FakeSheet {
  replaceSync() {}
}

/** Functions to call with the next frame. */
const frames = [];

globalThis.document = {
  activeElement: null,
  createElement: (tag) => new FakeNode(tag),
  createElementNS: (_, tag) => new FakeNode(tag),
};
globalThis.HTMLElement = FakeNode;
globalThis.CSSStyleSheet = FakeSheet;
globalThis.requestAnimationFrame = (draw) => frames.push(draw);
globalThis.cancelAnimationFrame = () => {};

/**
 * Let one frame pass.
 *
 * @returns {number} how many wanted it
 */
export function frame() {
  const drawn = frames.splice(0);
  for (const draw of drawn) draw();
  return drawn.length;
}
