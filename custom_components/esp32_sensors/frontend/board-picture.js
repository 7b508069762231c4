/** A drawing of a board with its LED, its button and its photoresistor. */

import { css, html, svg } from "./common/vendor/lit.js";

/** Where the pins are, along both sides. */
const PINS = Array.from({ length: 14 }, (_, pin) => `M${32 + pin * 14} 20h0M${32 + pin * 14} 100h0`).join("");

/** Around the LED, and the wires between the parts and the pins. */
const RAYS = "M51 44v-6M51 76v6M35 60h-6M67 60h6M40 49l-4-4M62 71l4 4M40 71l-4 4M62 49l4-4";
const TRACES = "M51 60V32H60V20M51 60V88H46V100M88 60V20M88 60V86H102V100M127 60V36H144V20M127 60V80H158";

/**
 * @param {string} name of the style
 * @param {string} d
 */
const path = (name, d) => svg`<path class=${name} d=${d}></path>`;
/**
 * @param {string} name of the style
 * @param {number} x of the centre
 * @param {number} y
 * @param {number} r
 */
const circle = (name, x, y, r) => svg`<circle class=${name} cx=${x} cy=${y} r=${r}></circle>`;
/**
 * @param {string} name of the style
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 * @param {number} radius of its corners
 */
const box = (name, x, y, width, height, radius) =>
  svg`<rect class=${name} x=${x} y=${y} width=${width} height=${height} rx=${radius}></rect>`;

export const boardPicture = () => html`
  <svg class="picture" viewBox="0 0 240 120" aria-hidden="true">
    ${box("plate", 9, 9, 222, 102, 10)} ${path("pins", PINS)} ${path("trace", TRACES)}
    <!-- USB, and the module with its antenna. -->
    ${box("part", 1, 46, 24, 28, 3)} ${box("part", 158, 34, 44, 52, 4)}
    ${path("trace", "M168 44h24M168 50h16")} ${path("antenna", "M208 38h14v9h-12v9h12v9h-12v9h12v9")}
    <!-- The LED. -->
    ${circle("glow", 51, 60, 22)} ${circle("led", 51, 60, 9)} ${path("ray", RAYS)}
    <!-- The button. -->
    ${box("part", 75, 46, 26, 28, 3)} ${circle("knob", 88, 60, 8)}
    <!-- The photoresistor. -->
    ${circle("part", 127, 60, 15)} ${path("cell", "M118 53h18v4.5h-18v4.5h18v4.5h-18")}
  </svg>
`;

export const pictureStyles = css`
  .picture { flex: 0 0 auto; width: 220px; }
  .picture * {
    fill: none; stroke: var(--secondary-text-color); stroke-width: 1.5;
    stroke-linecap: round; stroke-linejoin: round;
  }
  .picture .plate { fill: var(--hover); stroke: var(--primary-color); }
  .picture .part { fill: var(--card-background-color); }
  .picture .pins { stroke-width: 5; }
  .picture .trace { stroke: var(--primary-color); stroke-opacity: 0.5; }
  .picture .knob { fill: var(--secondary-text-color); }
  .picture .led { fill: var(--on); }
  .picture .glow { fill: var(--on); fill-opacity: 0.28; stroke: none; }
  .picture .ray { stroke: var(--on); }
`;
