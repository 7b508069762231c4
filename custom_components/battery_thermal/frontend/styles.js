/** Looks that the elements of this integration share. */

import { css } from "./common/vendor/lit.js";

export const tableStyles = css`
  summary { min-height: 44px; display: list-item; line-height: 44px; cursor: pointer; }
  .scroll { overflow: auto; max-height: 60vh; }
  table { border-collapse: collapse; font-size: 12px; font-variant-numeric: tabular-nums; }
  td, th { padding: 2px 6px; text-align: end; white-space: nowrap; }
  caption { text-align: start; }
`;

/** For the thermal card. */
export const thermalStyles = css`
  .note { padding: 24px 16px; }
  .note a { color: inherit; }
  .refused { padding: 0 16px 12px; overflow-wrap: anywhere; }
  .head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 16px; padding: 16px 16px 12px; }
  .head h2 { font-size: var(--ha-card-header-font-size, 22px); font-weight: 400; flex: 1 1 auto; }
  .age { min-height: 0; margin-inline: -8px; padding: 2px 8px; border: none; color: var(--secondary-text-color); text-align: start; }
  .age:disabled { opacity: 1; }
  .age[data-past] { background: var(--chosen); color: var(--primary-text-color); }
  .first { display: grid; gap: 12px; padding: 0 16px 12px; }
  .body { display: grid; gap: 16px; padding: 0 16px 16px; }
  .seen, .more { display: grid; grid-template-columns: minmax(0, 1fr); gap: 12px; align-content: start; min-width: 0; }
  .more { gap: 16px; }
  .under { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 12px; }
  .under .progress { flex: 1 1 200px; }
  .progress { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 12px; }
  progress {
    flex: 1 1 140px; height: 8px; appearance: none; -webkit-appearance: none;
    border: none; border-radius: 4px; background: var(--line);
  }
  progress::-webkit-progress-bar { background: var(--line); border-radius: 4px; }
  progress::-webkit-progress-value { background: var(--primary-color); border-radius: 4px; }
  progress::-moz-progress-bar { background: var(--primary-color); border-radius: 4px; }
  .link { display: flex; flex-wrap: wrap; gap: 0 4px; font-size: 13px; }
  .link button { border: none; padding: 0 6px; color: var(--secondary-text-color); }
  .link button:disabled { opacity: 1; }
  ha-card[data-stale] :is(.first, .body) { opacity: 0.6; }
  :host([wide]) .body:not(.small) { grid-template-columns: minmax(0, 1.2fr) minmax(280px, 1fr); }
`;
