/** Definition of custom elements in whichever registry the page has in the end. */

/**
 * Define elements, unless they are defined already.
 *
 * @param {Record<string, CustomElementConstructor>} elements by tag
 */
export function define(elements) {
  const defineMissing = () => {
    for (const [tag, element] of Object.entries(elements)) {
      if (!customElements.get(tag)) customElements.define(tag, element);
    }
  };
  defineMissing();
  // While it starts, the frontend replaces window.customElements by a registry that does
  // not have the earlier definitions. It has done so once its own root element is defined.
  customElements.whenDefined("home-assistant").then(defineMissing);
}
