/** The cards' editors, as forms of Home Assistant. */

import { loadTexts, rootHass } from "./common/texts.js";
import { DOMAIN } from "./domain.js";

/**
 * @param {...("network" | "device" | "layout" | "local_times")} fields
 */
export async function boardForm(...fields) {
  const texts = await loadTexts(await rootHass(), DOMAIN);
  const layouts = ["grid", "list", "compact"].map((value) => ({
    value,
    label: texts(`common.layout_${value}`),
  }));
  const selectors = {
    network: { config_entry: { integration: DOMAIN } },
    device: { device: { integration: DOMAIN, entity: { domain: "switch" } } },
    local_times: { boolean: {} },
    layout: { select: { mode: "dropdown", options: layouts } },
  };
  return {
    schema: [
      { name: "title", selector: { text: {} } },
      ...fields.map((name) => ({ name, selector: selectors[name] })),
    ],
    computeLabel: (/** @type {{name: string}} */ { name }) => texts(`editor.${name}`),
    computeHelper: (/** @type {{name: string}} */ { name }) => texts(`editor.${name}_help`),
  };
}
