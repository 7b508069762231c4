/** Looks that the elements of this integration share. */

import { css } from "./common/vendor/lit.js";

export const boardStyles = css`
  :host {
    --gap: 12px;
    --on: var(--state-switch-on-color, var(--amber-color, #ffa600));
  }
`;

/** What is shown where there are no boards. */
export const noteStyles = css`
  .note {
    display: flex; flex-direction: column; align-items: center; gap: 8px;
    padding: 32px 16px; text-align: center; --mdc-icon-size: 40px;
  }
  .note ha-icon { color: var(--secondary-text-color); }
  .note h3 { font-size: 16px; font-weight: 500; line-height: 24px; }
  .note a { color: inherit; min-height: 44px; display: inline-flex; align-items: center; }
  .note p { max-width: 34em; line-height: 1.5; }
  ha-card[data-stale] > :not(.note) { opacity: 0.6; }
`;
