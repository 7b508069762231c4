/** A small curve of the last 24 hours, without numbers: the history behind it has them. */

import { css, html } from "./common/vendor/lit.js";
import { curve } from "./trends.js";

const WIDTH = 96;
const HEIGHT = 24;

/**
 * @param {import("./trends.js").Point[] | undefined} points
 * @returns what is drawn, nothing without points
 */
export function trendCurve(points) {
  const path = points ? curve(points, WIDTH, HEIGHT - 2, Date.now()) : "";
  return html`<svg class="trend" ?hidden=${!path} viewBox="0 -1 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
    <path d=${path}></path>
  </svg>`;
}

export const trendStyles = css`
  .trend { display: block; direction: ltr; width: 96px; height: 24px; overflow: visible; }
  .trend path {
    fill: none; stroke: var(--primary-color); stroke-width: 1.5;
    stroke-linejoin: round; vector-effect: non-scaling-stroke;
  }
`;
