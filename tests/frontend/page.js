/** A page for the tests of elements: jsdom, without layout, and with what jsdom lacks. */

import { createRequire } from "node:module";

import { recordingPen } from "./recording-pen.js";

const load = createRequire(new URL("../../.venvs/node/", import.meta.url));
const { JSDOM } = load("jsdom");

const { window } = new JSDOM("<!doctype html><body></body>", { url: "http://localhost/", pretendToBeVisual: true });

/** @type {any[]} */
const observers = [];

class FakeResizeObserver {
  /** @param {(entries: any[]) => void} resized */
  constructor(resized) {
    this.resized = resized;
    /** @type {Element | null} */
    this.element = null;
    observers.push(this);
  }

  /** @param {Element} element */
  observe(element) {
    this.element = element;
  }

  disconnect() {
    this.element = null;
  }
}

/**
 * Give an element another width, and notify those that observe it.
 *
 * @param {Element} element
 * @param {number} width CSS pixels
 */
export function resize(element, width) {
  Object.defineProperty(element, "clientWidth", { configurable: true, value: width });
  for (const observer of observers) {
    if (observer.element === element) observer.resized([{ contentRect: { width } }]);
  }
}

/** What each canvas has drawn. */
/** @type {WeakMap<object, {pen: any, drawn: [string, ...any[]][]}>} */
const pens = new WeakMap();

/**
 * @param {object} canvas
 * @returns {{pen: any, drawn: [string, ...any[]][]}}
 */
export function penOf(canvas) {
  const pen = pens.get(canvas) ?? recordingPen();
  pens.set(canvas, pen);
  return pen;
}

window.HTMLCanvasElement.prototype.getContext = function getContext() {
  return penOf(this).pen;
};

const SHARED = [
  "CSSStyleSheet", "CustomEvent", "Document", "Element", "Event", "HTMLElement", "MutationObserver", "Node",
  "ShadowRoot", "customElements", "document", "getComputedStyle", "history", "localStorage", "location",
];
for (const name of SHARED) Object.defineProperty(globalThis, name, { configurable: true, writable: true, value: window[name] });
Object.assign(globalThis, {
  ImageData: class {},
  ResizeObserver: FakeResizeObserver,
  // Frames pass as fast as the event loop.
  requestAnimationFrame: (/** @type {(time: number) => void} */ draw) => setImmediate(() => draw(0)),
  window,
});

/**
 * Texts that are their own keys, with the values that most of them have.
 *
 * @type {Record<string, string>}
 */
export const KEYS = new Proxy(
  {},
  {
    has: (_, path) => !/_(one|other)$/.test(String(path)),
    get: (_, path) => `${String(path).replace(/^component\.\w+\.\w+\./, "")} {count} {all} {value}`,
  },
);

// The root of the frontend: the names of the cards wait for it.
const root = document.createElement("home-assistant");
Object.assign(root, { hass: { language: "en", callWS: async () => ({ resources: KEYS }) } });
document.body.append(root);

/** Let all promises, frames and updates of elements pass. */
export async function settle() {
  for (let turn = 0; turn < 12; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/**
 * Put an element on the page.
 *
 * @param {string} tag
 * @param {object} properties
 * @returns {Promise<any>}
 */
export async function mount(tag, properties) {
  const element = Object.assign(document.createElement(tag), properties);
  document.body.append(element);
  await settle();
  return element;
}

let drawings = 0;

/**
 * Draw a template that no element of its own has.
 *
 * @param {any} LitElement of the integration that the template is of
 * @param {any} template
 * @returns {Promise<any>} where it is drawn
 */
export async function drawTemplate(LitElement, template) {
  const tag = `test-drawing-${++drawings}`;
  class Drawing extends LitElement {
    render() {
      return template;
    }
  }
  customElements.define(tag, /** @type {any} */ (Drawing));
  return (await mount(tag, {})).shadowRoot;
}

/**
 * Set properties of an element and let it draw.
 *
 * @param {any} element
 * @param {object} properties
 */
export async function update(element, properties) {
  Object.assign(element, properties);
  await settle();
}

/**
 * @param {any} element
 * @param {string} selector
 * @returns {any} the first match in its shadow root
 */
export const find = (element, selector) => element.shadowRoot.querySelector(selector);

/**
 * @param {any} element
 * @param {string} selector
 * @returns {any[]} all matches in its shadow root
 */
export const findAll = (element, selector) => [...element.shadowRoot.querySelectorAll(selector)];

/**
 * @param {any} element
 * @param {string} [selector]
 * @returns {string} the text of the first match in its shadow root, with single spaces
 */
export const textOf = (element, selector) =>
  (selector ? find(element, selector) : element).textContent.replace(/\s+/g, " ").trim();

/**
 * Dispatch an event as a user causes it, and let the element draw.
 *
 * @param {EventTarget} element
 * @param {string} type
 * @param {object} [values] of the event
 * @returns {Promise<boolean>} false: a listener has prevented what a browser does by itself
 */
export async function send(element, type, values = {}) {
  const event = new Event(type, { bubbles: true, cancelable: true, composed: true });
  for (const [name, value] of Object.entries(values)) Object.defineProperty(event, name, { value });
  const kept = element.dispatchEvent(event);
  await settle();
  return kept;
}

/**
 * @param {EventTarget} element
 * @returns {any[]} the details of the events that have come, filled as they come
 */
export function details(element, /** @type {string} */ type) {
  /** @type {any[]} */
  const found = [];
  element.addEventListener(type, (event) => found.push(/** @type {CustomEvent} */ (event).detail));
  return found;
}
