/**
 * Making elements, and changing only what has changed. Texts are never read as HTML.
 *
 * `esp32_sensors` has the same file: each integration is installed without the other.
 */

/**
 * Make an element.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [attributes] functions are listeners (`onclick`); what is
 *   null or false is left out
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an element of a drawing.
 *
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Node | string)} children
 * @returns {SVGElement}
 */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else setAttribute(element, name, value);
  }
  element.append(...children);
  return element;
}

/**
 * @param {Element} element
 * @param {string} name
 * @param {string | number | boolean | null | undefined} value null and false: none
 */
export function setAttribute(element, name, value) {
  if (value === null || value === undefined || value === false) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
    return;
  }
  const text = value === true ? "" : String(value);
  if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

/**
 * @param {Node} node
 * @param {string | number} text
 */
export function setText(node, text) {
  if (node.textContent !== String(text)) node.textContent = String(text);
}

/**
 * Have exactly these children in this order, and move as few as possible: what is moved
 * loses focus and scroll position.
 *
 * @param {Element} parent
 * @param {Element[]} children
 */
export function setChildren(parent, children) {
  const wanted = new Set(children);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  const staying = inOrder(parent, children);
  let place = parent.firstElementChild;
  for (const child of children) {
    if (staying.has(child)) place = child.nextElementSibling;
    else parent.insertBefore(child, place);
  }
}

/** The most children that are in the wanted order already: a longest increasing subsequence. */
function inOrder(parent, children) {
  const places = new Map([...parent.children].map((child, index) => [child, index]));
  /** For each length, the last one of the run of this length that ends first. */
  const ends = [];
  const before = new Map();
  for (const child of children) {
    if (!places.has(child)) continue;
    // From the end: nearly all are in order nearly always.
    let length = ends.length;
    while (length && places.get(ends[length - 1]) > places.get(child)) length--;
    before.set(child, ends[length - 1]);
    ends[length] = child;
  }
  const staying = new Set();
  for (let child = ends.at(-1); child; child = before.get(child)) staying.add(child);
  return staying;
}

/**
 * Have one child for each text. Those that are there already stay: a reader would announce
 * again what is put there again.
 *
 * @template {{text: string}} T
 * @param {Element} parent
 * @param {T[]} items
 * @param {(item: T) => Element} create what has the item's text and no other
 */
export function setItems(parent, items, create) {
  const there = new Map([...parent.children].map((child) => [child.textContent, child]));
  const wanted = new Map(items.map((item) => [item.text, item]));
  setChildren(
    parent,
    [...wanted].map(([text, item]) => there.get(text) ?? create(item)),
  );
}

/**
 * @param {string} css
 * @returns {CSSStyleSheet}
 */
export function sheet(css) {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}
