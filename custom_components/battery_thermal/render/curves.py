"""Curves as SVG, to be put into a page: no scripts, no fonts, nothing to fetch."""

from collections.abc import Callable, Sequence
from html import escape
from typing import Final, NamedTuple

from ..thermal.summary import POINTS, Track
from .scale import in_unit, ticks

WIDTH, HEIGHT = 720, 200
"""Units of the drawing; the page makes it as wide as there is room."""

_LEFT, _TOP, _BOTTOM = 48, 8, 24
_LABELS: Final = 5

_BESIDE: Final = 1
"""Parts without an image that a line is drawn over: more are a gap."""


class StyledTrack(NamedTuple):
    """A curve, and the name of its style in the page: `hot`, `cold`, `ambient`, `other`."""

    track: Track
    style: str


def curve_svg(
    lines: Sequence[StyledTrack],
    unit: str,
    number: Callable[[float, int], str],
    label: str,
    dates: tuple[str, str],
) -> str:
    """Return a drawing of curves, "" without a point.

    `number` writes a number with some decimals. `label` says what it shows, for screen readers; `dates` are of its left and right end.
    The area between the lowest and the highest value of each part is filled.
    """
    points = [point for line in lines for point in line.track.points.values()]
    if not points:
        return ""
    low = in_unit(min(point.low for point in points), unit)
    high = in_unit(max(point.high for point in points), unit)
    middle, half = (low + high) / 2, max((high - low) / 2 * 1.05, 1.0)
    low, high = middle - half, middle + half

    def y(celsius: float) -> float:
        share = (in_unit(celsius, unit) - low) / (high - low)
        return HEIGHT - _BOTTOM - share * (HEIGHT - _BOTTOM - _TOP)

    parts = [
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(label)}">'
    ]
    for tick in ticks(low, high, _LABELS):
        at = HEIGHT - _BOTTOM - (tick - low) / (high - low) * (HEIGHT - _BOTTOM - _TOP)
        # The fewest decimals with which the ticks differ.
        text = number(tick, 0 if float(tick).is_integer() else 1)
        parts.append(
            f'<line class="grid" x1="{_LEFT}" x2="{WIDTH}" y1="{at:.1f}" y2="{at:.1f}"/>'
            f'<text x="{_LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{text}</text>'
        )
    first, last = map(escape, dates)
    parts.append(
        f'<text x="{_LEFT}" y="{HEIGHT - 6}">{first}</text>'
        f'<text x="{WIDTH}" y="{HEIGHT - 6}" text-anchor="end">{last}</text>'
    )
    for track, style in lines:
        for run in _runs(track):
            above = [f"{_x(part):.1f},{y(track.points[part].high):.1f}" for part in run]
            below = [f"{_x(part):.1f},{y(track.points[part].low):.1f}" for part in run]
            means = [f"{_x(part):.1f},{y(track.points[part].mean):.1f}" for part in run]
            if len(run) == 1:
                x, mean = means[0].split(",")
                parts.append(f'<circle class="{style}" cx="{x}" cy="{mean}" r="1.5"/>')
                continue
            area = " ".join([*above, *reversed(below)])
            parts.append(f'<polygon class="{style}" points="{area}"/>')
            parts.append(f'<polyline class="{style}" points="{" ".join(means)}"/>')
    return "".join([*parts, "</svg>"])


def _x(part: int) -> float:
    return _LEFT + (part + 0.5) / POINTS * (WIDTH - _LEFT)


def _runs(track: Track) -> list[list[int]]:
    """Return the parts between gaps."""
    runs: list[list[int]] = []
    for part in sorted(track.points):
        if runs and part - runs[-1][-1] <= 1 + _BESIDE:
            runs[-1].append(part)
        else:
            runs.append([part])
    return runs
