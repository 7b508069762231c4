"""A report as one HTML page: opens without a network and without scripts, and prints.

Every text comes from outside and is escaped, names that strangers choose as well.
"""

from base64 import b64encode
from collections.abc import Iterable
from html import escape
from itertools import starmap
from typing import Final, NamedTuple

from ..model.mode import Mode
from .curves import StyledTrack, curve_svg
from .report_alarms import alarms
from .report_style import STYLE
from .report_values import Report

# Nothing but what is in the page itself, whatever is in its texts.
_POLICY: Final = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def report_page(report: Report) -> str:
    """Return the page."""
    summary = report.summary
    title = report.text("title", node=report.title)
    period = f"{report.time(summary.start)} – {report.time(summary.end)}"
    parts = [
        "<!DOCTYPE html>",
        f'<html lang="{escape(report.language)}"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(f'{title}, {period}')}</title><style>{STYLE}</style></head>",
        f"<body><h1>{escape(title)}</h1><p>{escape(period)}</p>",
        f'<p class="sub">{escape(report.text("made", time=report.time(report.made_at)))}</p>',
        _overview(report),
    ]
    if summary.count:
        parts += [_hottest(report), _curves(report), _areas(report)]
    parts += [alarms(report), _drifts(report), _settings(report), "</body></html>"]
    return "\n".join(part for part in parts if part) + "\n"


class _Row(NamedTuple):
    """A row of a table; `at`: the time of its value, empty without one."""

    name: str
    value: str
    at: str = ""


def _table(rows: Iterable[_Row]) -> str:
    return f"<table>{''.join(map(_row, rows))}</table>"


def _row(row: _Row) -> str:
    at = f"<small>{escape(row.at)}</small>" if row.at else ""
    return (
        f'<tr><th scope="row">{escape(row.name)}</th>'
        f"<td>{escape(row.value)}{at}</td></tr>"
    )


def _overview(report: Report) -> str:
    """Return the table of what there was in the span."""
    summary, text = report.summary, report.text
    if not summary.count:
        return report.heading("overview") + f"<p>{escape(text('no_images'))}</p>"
    rows = [
        _Row(text("images"), str(summary.count)),
        _Row(text("slow"), str(summary.images[Mode.SLOW])),
        _Row(text("fast"), str(summary.images[Mode.FAST])),
    ]
    if found := summary.maximum.highest:
        highest = report.highest(summary.maximum)
        rows.append(_Row(text("hottest"), highest, report.time(found[1])))
    if found := summary.minimum.lowest:
        lowest = report.temperature(found[0])
        rows.append(_Row(text("coldest"), lowest, report.time(found[1])))
    if summary.ambient.lowest and summary.ambient.highest:
        low, high = summary.ambient.lowest[0], summary.ambient.highest[0]
        span = f"{report.whole(low)} – {report.whole(high)}"
        rows.append(_Row(text("ambient"), span))
    lost = text(
        "lost_value",
        lost=str(summary.lines_missing),
        all=str(summary.lines_expected),
        share=report.number(100 * summary.lines_missing / summary.lines_expected),
    )
    rows.append(_Row(text("lost"), lost))
    if gap := summary.longest_gap:
        length = report.duration(gap[1] - gap[0])
        rows.append(_Row(text("gap"), length, report.time(gap[0])))
    rows.append(_Row(text("suspect"), str(summary.suspect)))
    rows.append(_Row(text("with_fan"), str(summary.with_fan)))
    return report.heading("overview") + _table(rows)


def _hottest(report: Report) -> str:
    """Return the hottest image."""
    hottest = report.summary.hottest
    if hottest is None or report.picture is None:
        return ""
    encoded = b64encode(report.picture).decode()
    caption = f"{report.highest(report.summary.maximum)}, {report.time(hottest.image.started_at)}"
    return (
        report.heading("hottest_image")
        + '<div class="hottest">'
        + f'<img alt="{escape(caption)}" src="data:image/png;base64,{encoded}">'
        + f"<p>{escape(caption)}</p></div>"
    )


def _dates(report: Report) -> tuple[str, str]:
    return report.time(report.summary.start), report.time(report.summary.end)


def _key(*items: tuple[str, str]) -> str:
    return (
        '<p class="sub">'
        + "".join(
            f'<span class="key"><i class="{style}"></i>{escape(name)}</span>'
            for style, name in items
        )
        + "</p>"
    )


def _curves(report: Report) -> str:
    """Return the curves of the whole picture."""
    summary, text = report.summary, report.text
    lines = [
        StyledTrack(summary.ambient, "ambient"),
        StyledTrack(summary.minimum, "cold"),
        StyledTrack(summary.maximum, "hot"),
    ]
    names = (
        ("hot", text("hottest")),
        ("cold", text("coldest")),
        ("ambient", text("ambient")),
    )
    label = text("temperatures")
    drawn = curve_svg(lines, report.unit, report.number, label, _dates(report))
    return report.heading("temperatures") + _key(*names) + drawn


def _areas(report: Report) -> str:
    """Return extremes and curves of the areas."""
    summary, text = report.summary, report.text
    if not summary.areas:
        return ""
    heads = "".join(
        f'<th scope="col"{"" if key == "area" else " class=n"}>{escape(text(key))}</th>'
        for key in ("area", "lowest", "mean", "highest")
    )
    rows, drawn = [], []
    for name, track in zip(summary.names, summary.areas, strict=True):
        low = report.temperature(track.lowest[0]) if track.lowest else "–"
        low_at = report.time(track.lowest[1]) if track.lowest else ""
        high_at = report.time(track.highest[1]) if track.highest else ""
        mean = report.temperature(track.mean) if track.mean is not None else "–"
        rows.append(
            f'<tr><th scope="row">{escape(name)}</th>'
            f'<td class="n">{escape(low)}<small>{low_at}</small></td>'
            f'<td class="n">{escape(mean)}</td>'
            f'<td class="n">{escape(report.highest(track))}<small>{high_at}</small></td></tr>'
        )
        lines = [StyledTrack(summary.median, "other"), StyledTrack(track, "hot")]
        svg = curve_svg(lines, report.unit, report.number, name, _dates(report))
        drawn.append(f'<section class="cell"><h3>{escape(name)}</h3>{svg}</section>')
    names = [("hot", text("this_area"))]
    if summary.median.points:
        names.append(("other", text("median")))
    return (
        report.heading("areas")
        + f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        + _key(*names)
        + "".join(drawn)
    )


def _drifts(report: Report) -> str:
    if not report.drifts:
        return ""
    said = "".join(f"<p>{escape(one)}</p>" for one in report.drifts)
    return report.heading("drift") + said


def _settings(report: Report) -> str:
    """Return what images had of the settings, and the others that were in force."""
    summary, text = report.summary, report.text
    rows = [
        _Row(
            text("threshold_since", time=report.time(at)),
            text("unknown") if value is None else report.whole(value),
        )
        for at, value in summary.thresholds
    ] + [
        _Row(text("mode_since", time=report.time(at)), report.modes[mode])
        for at, mode in summary.modes
    ]
    return (
        report.heading("settings")
        + (_table(rows) if rows else "")
        + "".join(
            f"<h3>{escape(when)}</h3>{_table(starmap(_Row, changed))}"
            for when, changed in report.settings
        )
    )
