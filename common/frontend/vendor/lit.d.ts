/** Types of lit.js, for tsc; nothing of this file reaches a browser. */
export { LitElement, css, html, nothing, svg, unsafeCSS } from "lit";
export type { CSSResultGroup, PropertyDeclarations, PropertyValues, TemplateResult } from "lit";
export { ifDefined } from "lit/directives/if-defined.js";
export { live } from "lit/directives/live.js";
export { repeat } from "lit/directives/repeat.js";
export { styleMap } from "lit/directives/style-map.js";
