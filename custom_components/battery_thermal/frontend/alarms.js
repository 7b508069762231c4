/** Alarms, as the cards write them. */

import { h, setItems } from "./dom.js";

/**
 * @param {Element} parent
 * @param {{text: string, level: "warning" | "alarm"}[]} alarms
 */
export function showAlarms(parent, alarms) {
  setItems(parent, alarms, ({ text, level }) =>
    h("span", { class: "alarm", "data-level": level }, h("ha-icon", { icon: "mdi:alert" }), text),
  );
}
