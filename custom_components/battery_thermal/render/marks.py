"""Marks on the heat: open shapes, so that the spot itself can be seen.

Each is light with a dark outline and so stands out from any colour.
"""

from collections.abc import Callable, Iterator

from .canvas import Box, Canvas, Ink, text_height, text_width

type Mark = Callable[[Canvas, float, float, float], None]
"""Draws on a canvas around x, y with a radius, all in pixels."""


def side_by_side(radius: float, distance: float) -> float:
    """Return the radius, or a smaller one, for marks so far apart not to overlap."""
    return min(radius, 0.8 * distance / 2)


def ring(canvas: Canvas, x: float, y: float, radius: float) -> None:
    """Draw the mark of the hottest pixel around x, y."""
    for box, width, ink in _strokes(x, y, radius, max(round(radius / 4), 1)):
        canvas.ellipse(box, width, ink)


def square(canvas: Canvas, x: float, y: float, radius: float) -> None:
    """Draw the mark of the coldest pixel around x, y."""
    for box, width, ink in _strokes(x, y, 0.9 * radius, max(round(radius / 4), 1)):
        canvas.frame(box, width, ink)


def above(canvas: Canvas, x: float, y: float, radius: float) -> None:
    """Draw the mark of a pixel above the range: an arrowhead, as beside the colour bar."""
    reach = max(round(radius), 2)
    for outer, ink in ((reach + 2, Ink.BACKGROUND), (reach, Ink.WHITE)):
        width = 2 * outer + 1
        canvas.arrow(round(x) - outer, round(y) + outer // 2, width, outer, ink)


def doubt(canvas: Canvas, x: float, y: float, radius: float) -> None:
    """Draw the mark of a doubtful pixel: a question mark."""
    size = max(round(2 * radius), 7)
    left, top = x - text_width("?", size) / 2, y - text_height(size) / 2
    canvas.text(left, top, "?", size)


def _strokes(
    x: float, y: float, reach: float, stroke: int
) -> Iterator[tuple[Box, int, Ink]]:
    """Yield in what box, how wide and in what ink: the outline, then the line."""
    for outer, width, ink in (
        (reach + stroke, 3 * stroke, Ink.BACKGROUND),
        (reach, stroke, Ink.WHITE),
    ):
        box = int(x - outer), int(y - outer), int(x + outer), int(y + outer)
        yield box, width, ink
