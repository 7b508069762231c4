"""Marks on the heat: open shapes, so that the spot itself can be seen.

Each is light with a dark outline and so stands out from any colour.
"""

from collections.abc import Callable

from .canvas import Canvas, Ink

type Mark = Callable[[Canvas, float, float, float], None]
"""Draws on a canvas around x, y with a radius, all in pixels."""


def side_by_side(radius: float, distance: float) -> float:
    """Return the radius, or a smaller one, for marks so far apart not to overlap."""
    return min(radius, 0.8 * distance / 2)


def ring(canvas: Canvas, x: float, y: float, radius: float) -> None:
    """Draw the mark of the hottest pixel around x, y."""
    stroke = max(round(radius / 4), 1)
    for grow, width, ink in _strokes(stroke):
        outer = radius + grow
        box = (x - outer, y - outer, x + outer, y + outer)
        canvas.draw.ellipse(box, outline=ink, width=width)


def square(canvas: Canvas, x: float, y: float, radius: float) -> None:
    """Draw the mark of the coldest pixel around x, y."""
    stroke = max(round(radius / 4), 1)
    for grow, width, ink in _strokes(stroke):
        outer = radius * 0.9 + grow
        box = (x - outer, y - outer, x + outer, y + outer)
        canvas.draw.rectangle(box, outline=ink, width=width)


def _strokes(stroke: int) -> tuple[tuple[float, int, Ink], ...]:
    """Return how much larger, how wide and in what ink: the outline, then the line."""
    return (stroke, 3 * stroke, Ink.BACKGROUND), (0, stroke, Ink.WHITE)
