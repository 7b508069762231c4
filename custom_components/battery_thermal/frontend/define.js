/**
 * Defining elements so that they are there whenever the frontend looks for them.
 *
 * `esp32_sensors` has the same file: each integration is installed without the other.
 */

/**
 * @param {Record<string, CustomElementConstructor>} elements by tag
 */
export function define(elements) {
  const defineMissing = () => {
    for (const [tag, element] of Object.entries(elements)) {
      if (!customElements.get(tag)) customElements.define(tag, element);
    }
  };
  defineMissing();
  // While it starts, the frontend replaces window.customElements by one that knows
  // nothing of what came before. It has done so once its own root element is defined.
  customElements.whenDefined("home-assistant").then(defineMissing);
}
