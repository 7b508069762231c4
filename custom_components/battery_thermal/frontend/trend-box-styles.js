/** How a curve over time looks. */

import { css } from "./common/vendor/lit.js";

export const boxStyles = css`
  section { display: grid; gap: 8px; border-top: 1px solid var(--line); padding-top: 12px; }
  .head, .keys { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 12px; }
  h3 { font-size: 16px; font-weight: 500; flex: 1 1 auto; margin: 0; }
  svg { display: block; width: 100%; height: 200px; direction: ltr; cursor: pointer; border: 1px solid var(--line); border-radius: 6px; }
  path { vector-effect: non-scaling-stroke; stroke-linejoin: round; stroke-linecap: round; fill: none; }
  .line { stroke: var(--primary-color); stroke-width: 2; }
  .median { stroke: var(--secondary-text-color); stroke-width: 1.5; stroke-dasharray: 4 4; }
  .band { fill: var(--primary-color); opacity: 0.2; }
  .ends { display: flex; justify-content: space-between; gap: 8px; font-size: 13px; font-variant-numeric: tabular-nums; }
  .key { display: inline-flex; align-items: center; gap: 6px; font-size: 13px; }
  .key i { width: 20px; border-top: 2px solid var(--primary-color); }
  .key i.of-median { border-top: 2px dashed var(--secondary-text-color); }
  .key i.of-alarm { height: 14px; border: none; background: var(--alarm-fill); border-inline-start: 3px solid var(--error-color); }
  .other-0 { stroke: #43a047; border-top-color: #43a047 !important; }
  .other-1 { stroke: #ab47bc; border-top-color: #ab47bc !important; }
  .other-2 { stroke: #fb8c00; border-top-color: #fb8c00 !important; }
  .other { stroke-width: 1.5; }
  .hidden { stroke: var(--error-color); stroke-width: 2; stroke-dasharray: 2 5; }
  .key i.of-hidden { height: 14px; width: 0; border-top: none; border-inline-start: 2px dotted var(--error-color); }
  .spans { fill: var(--error-color); fill-opacity: 0.22; stroke: var(--error-color); stroke-width: 1; stroke-opacity: 0.6; }
  .spans[data-level="warning"] { fill: var(--warning-line); stroke: var(--warning-line); }
  select { background: var(--card-background-color); font-size: 14px; max-width: 100%; }
  .keys button { font-size: 13px; }
  .level { padding: 0 6px; border-radius: 6px; background: var(--alarm-fill); }
  .level[data-level="warning"] { background: var(--warning-fill); }
`;
