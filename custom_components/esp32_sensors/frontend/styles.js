/** Looks, in the colours of Home Assistant's theme. */

import { sheet } from "./dom.js";

export const base = sheet(`
:host {
  display: block;
  --gap: 12px;
  --on: var(--state-switch-on-color, var(--amber-color, #ffa600));
  --line: var(--divider-color, rgba(127, 127, 127, 0.3));
  /* The theme's own is too dark to be read on a dark card. */
  --error-text: color-mix(in srgb, var(--error-color) 70%, var(--primary-text-color));
}
ha-card { container: card / inline-size; height: 100%; overflow: hidden; }
:host([data-page]) ha-card {
  height: auto; border: none;
  min-height: calc(100vh - var(--header-height, 56px) - var(--safe-area-inset-top, 0px));
}
ha-card[data-stale] > :not(.note) { opacity: 0.6; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
h2, h3, h4, p, ul, ol, dl, dd { margin: 0; padding: 0; }
ul, ol { list-style: none; }
button, input {
  font: inherit; color: inherit; min-height: 44px; min-width: 44px;
}
button {
  display: inline-flex; align-items: center; justify-content: center; gap: 6px;
  border: 1px solid var(--line); border-radius: 10px; padding: 0 10px;
  background: none; cursor: pointer;
  -webkit-tap-highlight-color: transparent;
}
button:hover:not(:disabled) {
  background: color-mix(in srgb, var(--primary-text-color) 8%, transparent);
}
button:disabled { cursor: default; }
:focus-visible { outline: 2px solid var(--primary-color); outline-offset: 2px; }
.secondary { color: var(--secondary-text-color); }
.error { color: var(--error-text); }
.for-readers {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
}
.note {
  display: flex; flex-direction: column; align-items: center; gap: 8px;
  padding: 32px 16px; text-align: center; --mdc-icon-size: 40px;
}
.note ha-icon { color: var(--secondary-text-color); }
.note p { max-width: 34em; line-height: 1.5; }
@media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
`);

export const toolbar = sheet(`
.toolbar {
  display: flex; flex-wrap: wrap; align-items: center; gap: var(--gap);
  padding: 16px 16px 0;
}
.toolbar h2 {
  font-size: var(--ha-card-header-font-size, 22px); font-weight: 400; flex: 1 1 auto;
}
.toolbar .count { flex: 0 0 auto; }
.toolbar input {
  flex: 1 1 180px; max-width: 360px; padding: 0 12px;
  border: 1px solid var(--line); border-radius: 10px; background: none;
}
.toolbar input::placeholder { color: var(--secondary-text-color); opacity: 1; }
.toolbar [role="group"] { display: flex; }
.toolbar [role="group"] button { border-radius: 0; margin-left: -1px; }
.toolbar [role="group"] button:first-child { border-radius: 10px 0 0 10px; }
.toolbar [role="group"] button:last-child { border-radius: 0 10px 10px 0; }
button[aria-pressed="true"] {
  background: color-mix(in srgb, var(--primary-color) 24%, transparent);
}
`);

/** What boards look like on both pages of them. */
export const boards = sheet(`
.board h3 { min-width: 0; font-size: 16px; font-weight: 500; line-height: 24px; }
.board h3 a {
  display: block; width: fit-content; max-width: 100%; color: inherit; border-radius: 4px;
  overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
  text-decoration-color: color-mix(in srgb, currentcolor 40%, transparent);
  text-decoration-thickness: 1px; text-underline-offset: 3px;
}
.board h3 a:hover { text-decoration-color: currentcolor; }
`);

export const live = sheet(`
.boards {
  display: grid; gap: var(--gap); padding: 16px;
  grid-template-columns: repeat(auto-fill, minmax(min(240px, 100%), 1fr));
}
.boards[data-layout="list"] { grid-template-columns: 1fr; gap: 8px; }
.boards[data-layout="compact"] {
  grid-template-columns: repeat(auto-fill, minmax(min(160px, 100%), 1fr)); gap: 8px;
}
.board {
  display: grid; gap: 10px; padding: 12px; min-width: 0;
  border: 1px solid var(--line); border-radius: 12px;
  grid-template: "name name" auto "led button" auto "light light" auto "chart chart" auto / 1fr auto;
  content-visibility: auto; contain-intrinsic-size: auto 220px;
}
.board h3 { grid-area: name; }
.led { grid-area: led; display: flex; flex-direction: column; gap: 4px; min-width: 0; }
.led button { justify-content: flex-start; width: 100%; }
.led button[aria-checked="true"] {
  border-color: var(--on); background: color-mix(in srgb, var(--on) 22%, transparent);
}
.led button[aria-checked="true"] ha-icon {
  color: var(--on); filter: drop-shadow(0 0 6px var(--on));
}
.led button[aria-busy="true"] ha-icon { animation: wait 0.6s infinite alternate; }
@keyframes wait { to { opacity: 0.2; } }
.led .error { font-size: 12px; }
.push { grid-area: button; display: flex; align-items: center; gap: 6px; min-height: 44px; }
.push i {
  width: 18px; height: 18px; border-radius: 50%; border: 2px solid var(--secondary-text-color);
}
.push[data-pushed] i { background: var(--primary-color); border-color: var(--primary-color); }
.push[data-pushed] { font-weight: 500; }
.light { grid-area: light; display: flex; align-items: baseline; gap: 8px; }
.light output { font-size: 22px; font-variant-numeric: tabular-nums; }
.light .at { margin-left: auto; font-size: 12px; font-variant-numeric: tabular-nums; }
/* Time goes to the right in every language. */
.chart { grid-area: chart; direction: ltr; touch-action: pan-y; border-radius: 6px; }
.chart svg { display: block; width: 100%; height: 72px; overflow: visible; }
.chart .times {
  display: flex; justify-content: space-between; font-size: 11px; min-height: 15px;
  font-variant-numeric: tabular-nums;
}
.chart .frame { stroke: var(--line); stroke-width: 1; vector-effect: non-scaling-stroke; }
.chart .area { fill: color-mix(in srgb, var(--primary-color) 18%, transparent); }
.chart .line {
  fill: none; stroke: var(--primary-color); stroke-width: 2;
  stroke-linejoin: round; vector-effect: non-scaling-stroke;
}
.chart .dots, .chart .mark {
  fill: none; stroke: var(--primary-color); stroke-width: 5;
  stroke-linecap: round; vector-effect: non-scaling-stroke;
}
.chart .mark { stroke: var(--primary-text-color); stroke-width: 9; }
.board[data-offline] { grid-template: "name name" "offline offline" "led button" "light light" "chart chart" / 1fr auto; }
.board[data-offline] > :not(.offline, h3) { opacity: 0.75; }
.offline { grid-area: offline; font-weight: 500; }
@container card (min-width: 560px) {
  [data-layout="list"] .board {
    grid-template: "name led button light chart" auto / 1.2fr minmax(110px, 1fr) 110px 150px 1.6fr;
    align-items: center; contain-intrinsic-size: auto 70px;
  }
  [data-layout="list"] .chart svg { height: 36px; }
  [data-layout="list"] .chart .times { display: none; }
  [data-layout="list"] .light { flex-direction: column; gap: 0; }
  [data-layout="list"] .light .at { margin: 0; }
}
[data-layout="compact"] .board {
  grid-template: "name light" auto "led button" auto / 1fr auto; gap: 4px 8px; padding: 8px 10px;
  contain-intrinsic-size: auto 90px;
}
[data-layout="compact"] .chart, [data-layout="compact"] .light .what,
[data-layout="compact"] .light .at, [data-layout="compact"] .push span { display: none; }
[data-layout="compact"] .light output { font-size: 16px; }
[data-layout="compact"] .led button { border: none; padding: 0; width: auto; }
.single .board { border: none; padding: 16px; }
`);

export const history = sheet(`
.boards { display: grid; gap: var(--gap); padding: 16px; grid-template-columns: repeat(auto-fill, minmax(min(600px, 100%), 1fr)); }
.boards[data-layout="list"] { grid-template-columns: 1fr; }
.boards[data-layout="compact"] { grid-template-columns: repeat(auto-fill, minmax(min(220px, 100%), 1fr)); gap: 8px; }
.board {
  display: flex; flex-direction: column; gap: 10px; padding: 12px; min-width: 0;
  border: 1px solid var(--line); border-radius: 12px;
  content-visibility: auto; contain-intrinsic-size: auto 330px;
}
.head { display: flex; align-items: center; gap: 8px; }
.head h3 { flex: 1 1 auto; }
.mark { display: inline-flex; align-items: center; gap: 6px; font-size: 13px; }
.mark i { width: 10px; height: 10px; border-radius: 50%; border: 2px solid var(--secondary-text-color); }
.mark[data-online] i { background: var(--success-color, #43a047); border-color: var(--success-color, #43a047); }
.facts { display: grid; grid-template-columns: auto 1fr; gap: 2px 10px; font-size: 13px; }
.facts dd { font-variant-numeric: tabular-nums; }
.facts dt { color: var(--secondary-text-color); }
.values { display: grid; gap: 10px; grid-template-columns: repeat(auto-fit, minmax(min(180px, 100%), 1fr)); }
.values section { border: 1px solid var(--line); border-radius: 8px; padding: 8px 10px; }
.values h4 { font-size: 13px; font-weight: 500; margin-bottom: 4px; }
.values li {
  display: flex; justify-content: space-between; gap: 8px; font-size: 12px; line-height: 1.7;
  font-variant-numeric: tabular-nums;
}
.values time { color: var(--secondary-text-color); }
[data-layout="compact"] .values { display: none; }
[data-layout="compact"] .board { contain-intrinsic-size: auto 90px; }
`);

export const welcome = sheet(`
.page { display: grid; gap: 24px; padding: 24px; max-width: 1000px; margin: 0 auto; }
.page h2 { font-size: 28px; font-weight: 400; }
.head { display: flex; flex-wrap: wrap; align-items: center; gap: 16px 40px; }
.head > div { flex: 1 1 340px; }
.picture { flex: 0 0 auto; width: 220px; }
.picture * {
  fill: none; stroke: var(--secondary-text-color); stroke-width: 1.5;
  stroke-linecap: round; stroke-linejoin: round;
}
.picture .plate {
  fill: color-mix(in srgb, var(--primary-color) 12%, transparent); stroke: var(--primary-color);
}
.picture .part { fill: var(--card-background-color); }
.picture .pins { stroke-width: 5; }
.picture .trace { stroke: color-mix(in srgb, var(--primary-color) 50%, transparent); }
.picture .knob { fill: var(--secondary-text-color); }
.picture .led { fill: var(--on); }
.picture .glow { fill: color-mix(in srgb, var(--on) 28%, transparent); stroke: none; }
.picture .ray { stroke: var(--on); }
.page h3 { font-size: 18px; font-weight: 500; margin-bottom: 8px; }
.page p, .page li { line-height: 1.6; }
.columns { display: grid; gap: 24px; grid-template-columns: repeat(auto-fit, minmax(min(280px, 100%), 1fr)); }
.online { display: flex; align-items: baseline; gap: 10px; }
.online output { font-size: 56px; line-height: 1; font-weight: 300; }
.steps { counter-reset: step; display: grid; gap: 8px; }
.steps li { counter-increment: step; display: grid; grid-template-columns: 32px 1fr; }
.steps li::before { content: counter(step); color: var(--primary-color); font-size: 20px; }
.banks { display: grid; gap: 16px; }
.banks button { flex-direction: column; padding: 8px; height: auto; }
.banks .name { font-weight: 500; }
.banks .alarm { display: flex; align-items: center; gap: 6px; color: var(--error-text); }
.banks .alarm[data-level="warning"] {
  color: color-mix(in srgb, var(--warning-color, #ffa600) 50%, var(--primary-text-color));
}
.banks img { max-width: 100%; max-height: 320px; border-radius: 8px; display: block; }
.links { display: flex; flex-wrap: wrap; gap: 8px; }
.links a {
  display: inline-flex; align-items: center; gap: 8px; min-height: 44px; padding: 0 16px;
  border: 1px solid var(--line); border-radius: 10px; color: inherit; text-decoration: none;
}
`);
