/** Looks that the cards of both integrations share, in the colours of Home Assistant's theme. */

import { css } from "./vendor/lit.js";

/** For every element: its shadow root has no style of the page. */
export const base = css`
  :host {
    display: block;
    --line: var(--divider-color, rgba(127, 127, 127, 0.3));
    /* Browsers before 2023 have no color-mix(). */
    --hover: rgba(127, 127, 127, 0.15);
    --chosen: rgba(3, 169, 244, 0.24);
    --error-text: var(--error-color);
    --alarm-fill: rgba(219, 68, 55, 0.15);
    --warning-line: var(--warning-color, #ffa600);
    --warning-fill: rgba(255, 166, 0, 0.15);
  }
  @supports (color: color-mix(in srgb, red 50%, blue)) {
    :host {
      --hover: color-mix(in srgb, var(--primary-text-color) 8%, transparent);
      --chosen: color-mix(in srgb, var(--primary-color) 24%, transparent);
      /* The theme's own is too dark to be read on a dark card. */
      --error-text: color-mix(in srgb, var(--error-color) 70%, var(--primary-text-color));
      --alarm-fill: color-mix(in srgb, var(--error-color) 15%, transparent);
      /* The theme's own is too light to be seen on a light card. */
      --warning-line: color-mix(in srgb, var(--warning-color, #ffa600) 70%, var(--primary-text-color));
      --warning-fill: color-mix(in srgb, var(--warning-line) 15%, transparent);
    }
  }
  * { box-sizing: border-box; }
  [hidden], :host([hidden]) { display: none !important; }
  h2, h3, h4, p, ul, ol, dl, dd { margin: 0; padding: 0; }
  ul, ol { list-style: none; }
  button, input, select {
    font: inherit; color: inherit; min-height: 44px; min-width: 44px;
    border: 1px solid var(--line); border-radius: 10px; padding: 0 10px; background: none;
  }
  button {
    display: inline-flex; align-items: center; justify-content: center; gap: 6px; cursor: pointer;
    -webkit-tap-highlight-color: transparent;
  }
  button:hover:not(:disabled) { background: var(--hover); }
  button:disabled { cursor: default; opacity: 0.6; }
  button[aria-pressed="true"], button[aria-checked="true"] { background: var(--chosen); }
  :focus-visible { outline: 2px solid var(--primary-color); outline-offset: 2px; }
  .secondary { color: var(--secondary-text-color); }
  .error { color: var(--error-text); }
  .for-readers { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  @media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
`;

/** For the cards themselves. */
export const cardStyles = css`
  ha-card { height: 100%; overflow: hidden; }
  :host([data-page]) ha-card {
    height: auto; border: none;
    min-height: calc(100vh - var(--header-height, 56px) - var(--safe-area-inset-top, 0px));
  }
`;

/** One alarm or warning; the other integration's welcome page shows them as well. */
export const alarmStyles = css`
  .alarm {
    display: inline-flex; align-items: center; gap: 6px; padding: 6px 10px; border-radius: 10px;
    border: 1px solid var(--error-color); background: var(--alarm-fill);
  }
  .alarm ha-icon { color: var(--error-color); }
  .alarm[data-level="warning"] { border-color: var(--warning-line); background: var(--warning-fill); }
  .alarm[data-level="warning"] ha-icon { color: var(--warning-line); }
`;
