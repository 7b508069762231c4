/** A board's name; for who may rename it, a link to where that is done. */

import { go } from "./common/navigate.js";
import { css, html, ifDefined } from "./common/vendor/lit.js";

/**
 * @param {string} title
 * @param {string | null} path of its device; null: not for the viewer, so that the name is plain text
 * @param {string} [tooltip]
 */
export const boardName = (title, path, tooltip) =>
  html`<h3 title=${ifDefined(tooltip)}><a href=${ifDefined(path ?? undefined)} @click=${go}>${title}</a></h3>`;

export const nameStyles = css`
  h3 { min-width: 0; font-size: 16px; font-weight: 500; line-height: 24px; }
  h3 a {
    display: block; width: fit-content; max-width: 100%; color: inherit; border-radius: 4px;
    overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
    text-decoration-thickness: 1px; text-underline-offset: 3px;
  }
`;
