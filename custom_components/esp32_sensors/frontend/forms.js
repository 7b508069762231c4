/** The cards' editors, as forms of Home Assistant. */

import { loadTexts, rootHass } from "./texts.js";

const DOMAIN = "esp32_sensors";

/**
 * @param {...("network" | "device" | "layout")} fields
 */
export async function boardForm(...fields) {
  const texts = await loadTexts(await rootHass());
  const layouts = ["grid", "list", "compact"].map((value) => ({
    value,
    label: texts(`common.layout_${value}`),
  }));
  const selectors = {
    network: { config_entry: { integration: DOMAIN } },
    device: { device: { integration: DOMAIN, entity: { domain: "switch" } } },
    layout: { select: { mode: "dropdown", options: layouts } },
  };
  return {
    schema: [
      { name: "title", selector: { text: {} } },
      ...fields.map((name) => ({ name, selector: selectors[name] })),
    ],
    computeLabel: ({ name }) => texts(`editor.${name}`),
    computeHelper: ({ name }) => texts(`editor.${name}_help`),
  };
}
