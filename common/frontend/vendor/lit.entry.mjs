// What the cards use of Lit. script/vendor makes lit.js of it.
export { LitElement, css, html, nothing, svg, unsafeCSS } from "lit";
export { ifDefined } from "lit/directives/if-defined.js";
export { live } from "lit/directives/live.js";
export { repeat } from "lit/directives/repeat.js";
export { styleMap } from "lit/directives/style-map.js";
