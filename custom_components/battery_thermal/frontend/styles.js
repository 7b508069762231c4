/** Looks, in the colours of Home Assistant's theme. */

import { sheet } from "./dom.js";

export const base = sheet(`
:host {
  display: block;
  --line: var(--divider-color, rgba(127, 127, 127, 0.3));
  /* The theme's own is too dark to be read on a dark card. */
  --error-text: color-mix(in srgb, var(--error-color) 70%, var(--primary-text-color));
}
ha-card { container: card / inline-size; height: 100%; overflow: hidden; }
:host([data-page]) ha-card {
  height: auto; border: none;
  min-height: calc(100vh - var(--header-height, 56px) - var(--safe-area-inset-top, 0px));
}
ha-card[data-stale] :is(.body, .page) { opacity: 0.6; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
h2, h3, p, ul, ol, dl, dd { margin: 0; padding: 0; }
ul, ol { list-style: none; }
button, input, select {
  font: inherit; color: inherit; min-height: 44px; min-width: 44px;
  border: 1px solid var(--line); border-radius: 10px; padding: 0 10px; background: none;
}
select { background: var(--card-background-color); width: 100%; }
button { display: inline-flex; align-items: center; justify-content: center; gap: 6px; cursor: pointer; }
button:hover:not(:disabled) { background: color-mix(in srgb, var(--primary-text-color) 8%, transparent); }
button:disabled { cursor: default; opacity: 0.6; }
button[aria-pressed="true"], button[aria-checked="true"] {
  background: color-mix(in srgb, var(--primary-color) 24%, transparent);
}
:focus-visible { outline: 2px solid var(--primary-color); outline-offset: 2px; }
.secondary { color: var(--secondary-text-color); }
.error { color: var(--error-text); }
.alarm {
  --level: var(--error-color);
  display: inline-flex; align-items: center; gap: 6px; padding: 6px 10px;
  border-radius: 10px; border: 1px solid var(--level);
  background: color-mix(in srgb, var(--level) 15%, transparent);
}
/* The theme's own is too light to be seen on a light card. */
.alarm[data-level="warning"] {
  --level: color-mix(in srgb, var(--warning-color, #ffa600) 70%, var(--primary-text-color));
}
.alarm ha-icon { color: var(--level); }
`);

export const thermal = sheet(`
.note { padding: 24px 16px; }
.head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 16px; padding: 16px 16px 12px; }
.head h2 { font-size: var(--ha-card-header-font-size, 22px); font-weight: 400; flex: 1 1 auto; }
.alarms { display: flex; flex-wrap: wrap; gap: 8px; padding: 0 16px 12px; }
.alarms:empty { padding: 0; }
.body { display: grid; gap: 16px; padding: 0 16px 16px; }
.seen { display: grid; gap: 8px; align-content: start; min-width: 0; }
.picture { min-width: 0; overflow: hidden; cursor: crosshair; touch-action: pan-y; border-radius: 6px; }
.picture canvas { display: block; margin: 0 auto; }
.spot { min-height: 1.4em; font-variant-numeric: tabular-nums; }
.spot[data-pinned] { font-weight: 500; }
.progress { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 12px; }
.progress progress {
  flex: 1 1 140px; height: 8px; appearance: none; border: none; border-radius: 4px; background: var(--line);
}
progress::-webkit-progress-bar { background: var(--line); border-radius: 4px; }
progress::-webkit-progress-value { background: var(--primary-color); border-radius: 4px; }
progress::-moz-progress-bar { background: var(--primary-color); border-radius: 4px; }
.more { display: grid; grid-template-columns: minmax(0, 1fr); gap: 16px; align-content: start; min-width: 0; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(78px, 1fr)); gap: 8px; }
.figures dt { font-size: 13px; color: var(--secondary-text-color); }
.figures dd { font-size: 18px; font-variant-numeric: tabular-nums; }
.look { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 12px; }
.look label { display: grid; gap: 4px; font-size: 13px; }
.look select { font-size: 15px; }
.settings { display: grid; gap: 12px; border-top: 1px solid var(--line); padding-top: 12px; }
.setting { display: grid; grid-template-columns: 6em 1fr; gap: 4px 12px; align-items: center; }
.setting .controls { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; }
.setting input { width: 6em; }
.setting [role="group"] { display: flex; gap: 8px; flex-wrap: wrap; }
.setting .how { grid-column: 2; font-size: 13px; color: var(--secondary-text-color); }
.how[data-state="pending"]::before { content: "… "; }
.how[data-state="proven"]::before { content: "✓ "; }
.archive { display: grid; gap: 4px; border-top: 1px solid var(--line); padding-top: 12px; }
.archive .days { display: flex; flex-wrap: wrap; gap: 8px; }
.archive .days ha-icon:dir(rtl) { transform: scaleX(-1); }
.archive .live { margin-inline-start: auto; }
.archive input[type="range"] { width: 100%; margin: 0; padding: 0; border: none; accent-color: var(--primary-color); }
.archive .ends { display: flex; justify-content: space-between; gap: 8px; font-size: 13px; font-variant-numeric: tabular-nums; }
.archive output { color: var(--primary-text-color); text-align: center; }
[data-past] { padding: 2px 8px; border-radius: 8px; background: color-mix(in srgb, var(--primary-color) 20%, transparent); color: var(--primary-text-color); }
.how[data-state="failed"] { color: var(--error-text); }
.link { font-size: 13px; line-height: 1.6; }
details summary { min-height: 44px; display: list-item; align-content: center; cursor: pointer; }
.scroll { overflow: auto; max-height: 60vh; }
table { border-collapse: collapse; font-size: 12px; font-variant-numeric: tabular-nums; }
td, th { padding: 2px 6px; text-align: end; white-space: nowrap; }
caption { text-align: start; }
table.cells { width: 100%; font-size: 14px; }
table.cells :is(td, th) { padding: 6px; }
table.cells thead th { font-weight: 400; color: var(--secondary-text-color); white-space: normal; }
table.cells th:first-child { text-align: start; }
table.cells tbody th { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 8px; font-weight: 500; }
table.cells tbody tr { border-top: 1px solid var(--line); }
.patch { width: 14px; height: 14px; border: 1px solid var(--line); border-radius: 3px; }
.level { font-weight: 400; color: var(--secondary-text-color); }
.level[data-level] { color: var(--primary-text-color); padding: 0 6px; border-radius: 6px; }
.level[data-level="warning"] { background: color-mix(in srgb, var(--warning-color, #ffa600) 35%, transparent); }
.level[data-level="alarm"] { background: color-mix(in srgb, var(--error-color) 35%, transparent); }
@container card (min-width: 700px) {
  .body:not(.small) { grid-template-columns: minmax(0, 1.2fr) minmax(280px, 1fr); }
}
`);

export const welcome = sheet(`
.page { display: grid; gap: 24px; padding: 24px; max-width: 1000px; margin: 0 auto; }
.page h2 { font-size: 28px; font-weight: 400; }
.page h3 { font-size: 18px; font-weight: 500; margin-bottom: 8px; }
.page p, .steps li { line-height: 1.6; }
.columns { display: grid; gap: 24px; grid-template-columns: repeat(auto-fit, minmax(min(400px, 100%), 1fr)); }
.columns > [data-wide] { grid-column: 1 / -1; }
.steps { counter-reset: step; display: grid; gap: 8px; }
.steps li { counter-increment: step; display: grid; grid-template-columns: 32px 1fr; }
.steps li::before { content: counter(step); color: var(--primary-color); font-size: 20px; }
output { font-size: 56px; line-height: 1; font-weight: 300; }
output[data-unavailable] { font-size: inherit; font-weight: inherit; }
.banks { display: grid; gap: 16px; grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr)); }
.bank {
  display: flex; align-items: flex-start; justify-content: flex-start; gap: 16px;
  width: 100%; height: 100%; padding: 12px; text-align: start; color: inherit; text-decoration: none;
  border: 1px solid var(--line); border-radius: 12px;
}
.bank:hover { background: color-mix(in srgb, var(--primary-text-color) 8%, transparent); }
.bank img { display: block; flex: none; max-width: 45%; max-height: 320px; border-radius: 8px; }
.said { display: grid; gap: 8px; justify-items: start; min-width: 0; overflow-wrap: anywhere; }
.bank .name { font-size: 16px; font-weight: 500; }
.bank .temperature { font-size: 24px; font-variant-numeric: tabular-nums; }
.bank .alarms { display: flex; flex-wrap: wrap; gap: 8px; }
.said > :empty { display: none; }
`);
