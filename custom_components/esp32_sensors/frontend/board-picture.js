/** A drawing of what all is about: a board with its LED, its button and its photoresistor. */

import { svg } from "./dom.js";

/** Where the pins are, along both sides. */
const PINS = Array.from({ length: 14 }, (_, pin) => `M${32 + pin * 14} 20h0M${32 + pin * 14} 100h0`).join("");

const path = (name, d) => svg("path", { class: name, d });
const circle = (name, cx, cy, r) => svg("circle", { class: name, cx, cy, r });
const box = (name, x, y, width, height, rx) => svg("rect", { class: name, x, y, width, height, rx });

/** @returns {SVGElement} */
export function boardPicture() {
  return svg(
    "svg",
    { class: "picture", viewBox: "0 0 240 120", "aria-hidden": "true" },
    box("plate", 9, 9, 222, 102, 10),
    path("pins", PINS),
    path("trace", "M51 60V32H60V20M51 60V88H46V100M88 60V20M88 60V86H102V100M127 60V36H144V20M127 60V80H158"),
    // USB, and the module with its antenna.
    box("part", 1, 46, 24, 28, 3),
    box("part", 158, 34, 44, 52, 4),
    path("trace", "M168 44h24M168 50h16"),
    path("antenna", "M208 38h14v9h-12v9h12v9h-12v9h12v9"),
    // The LED shines.
    circle("glow", 51, 60, 22),
    circle("led", 51, 60, 9),
    path("ray", "M51 44v-6M51 76v6M35 60h-6M67 60h6M40 49l-4-4M62 71l4 4M40 71l-4 4M62 49l4-4"),
    // The button.
    box("part", 75, 46, 26, 28, 3),
    circle("knob", 88, 60, 8),
    // The photoresistor.
    circle("part", 127, 60, 15),
    path("cell", "M118 53h18v4.5h-18v4.5h18v4.5h-18"),
  );
}
