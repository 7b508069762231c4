"""Style of a report: readable without colours on paper, and on narrow screens."""

from typing import Final

STYLE: Final = """
:root { color-scheme: light; }
body { font: 15px/1.45 system-ui, sans-serif; color: #1c1c1c; background: #fff;
  max-width: 860px; margin: 0 auto; padding: 24px; }
h1 { font-size: 26px; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 19px; margin: 32px 0 8px; border-bottom: 1px solid #ccc; }
h3 { font-size: 16px; margin: 16px 0 4px; overflow-wrap: anywhere; }
p { margin: 4px 0; }
.sub { color: #555; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 4px 8px 4px 0; border-bottom: 1px solid #e2e2e2;
  vertical-align: top; overflow-wrap: anywhere; min-width: 2.9em; }
th { font-weight: 600; }
:is(th, td):last-child { padding-right: 0; }
th[scope=row] { min-width: 5.6em; hyphens: auto; }
th[scope=col], td.t { overflow-wrap: normal; }
td.t { min-width: 5.7em; }
td.t + td.t { min-width: 4.8em; }
th[scope=row]:nth-last-child(2) + td { min-width: 5em; }
td.n, th.n { text-align: right; white-space: nowrap; }
td.n small { white-space: normal; }
td small, th small { display: block; font-weight: 400; color: #555; }
tr.noted > * { border-bottom: none; padding-bottom: 0; }
section.cell, .hottest, tr, svg { break-inside: avoid; }
.hottest img { width: 300px; max-width: 100%; height: auto; }
svg { width: 100%; height: auto; display: block; }
svg text { font-size: 12px; fill: #555; }
svg .grid { stroke: #e2e2e2; }
svg polyline[class] { fill: none; stroke-width: 1.5; stroke-linejoin: round; }
svg polygon { stroke: none; opacity: .25; }
polyline.hot { stroke: #c62828; } .hot { fill: #c62828; }
polyline.cold { stroke: #1565c0; } .cold { fill: #1565c0; }
polyline.ambient { stroke: #2e7d32; } .ambient { fill: #2e7d32; }
polyline.other { stroke: #9e9e9e; } .other { fill: #9e9e9e; }
.key { padding-right: 14px; white-space: nowrap; }
.key i { display: inline-block; width: 16px; border-top: 3px solid; margin-right: 4px; vertical-align: middle; }
.key i.hot { border-color: #c62828; } .key i.cold { border-color: #1565c0; }
.key i.ambient { border-color: #2e7d32; } .key i.other { border-color: #9e9e9e; }
@media screen and (max-width: 500px) { svg { overflow: visible; } svg text { font-size: 21px; } }
@media print { body { padding: 0; max-width: none; } h2, p.sub { break-after: avoid; } }
"""
