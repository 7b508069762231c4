"""The thermal picture.

Temperatures are filled in, interpolated and clipped first and coloured last: colours
that are interpolated are not in the palette and show wrong temperatures at the edge of
a hot spot.
"""

from dataclasses import dataclass, replace
from math import dist

import numpy as np

from .analysis import extreme_pixels
from .canvas import HEAT, Canvas, Ink, text_height, text_width
from .cells import CellGrid, measure_cells
from .colour_bar import ColourBar, bar_width
from .field import enlarge, fill
from .image import ThermalImage
from .marks import Mark, ring, side_by_side, square
from .palettes import table
from .scale import format_number, in_unit, span
from .style import Style

WIDTH = 480
HEIGHT = 640
"""The size for which the sizes below are meant; others are in proportion."""

_LETTERS = 17
_SMALL_LETTERS = 11
"""In smaller pictures letters stay as large as this, as long as there is room."""
_LEAST_LETTERS = 9
_MARK = 9
_HATCH = 10

_LEAST_WITH_PANEL = 160
"""Pixels. A smaller picture is all heat: lettering would not be legible."""


@dataclass(frozen=True, slots=True)
class _Box:
    """A rectangle, in pixels."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def bottom(self) -> int:
        return self.top + self.height

    def is_near(self, x: float, y: float, reach: float) -> bool:
        """Whether a point is inside, or less than `reach` outside."""
        return (
            self.left - reach < x < self.right + reach
            and self.top - reach < y < self.bottom + reach
        )

    def fit(self, height: int, width: int) -> _Box:
        """Return the largest rectangle of these proportions, in the middle."""
        pixel = min(self.width / width, self.height / height)
        new_width, new_height = round(pixel * width), round(pixel * height)
        left = self.left + (self.width - new_width) // 2
        top = self.top + (self.height - new_height) // 2
        return _Box(left, top, new_width, new_height)


def render(
    image: ThermalImage | None,
    style: Style,
    width: int = WIDTH,
    height: int = HEIGHT,
) -> bytes:
    """Return the picture of an image, or one that says that there is none yet."""
    picture = _Picture(style, width, height)
    if image is None:
        picture.draw_empty()
        return picture.canvas.encode(table(style.palette), style.file_format)
    low, high = span(image, style)
    alarm_from = None
    if style.threshold is not None:
        alarm_from = (style.threshold - low) / (high - low)
    picture.draw(image, low, high)
    colours = table(style.palette, alarm_from)
    return picture.canvas.encode(colours, style.file_format)


class _Picture:
    """One picture being drawn."""

    def __init__(self, style: Style, width: int, height: int) -> None:
        self.style = style
        self.canvas = Canvas(width, height)
        self.whole = _Box(0, 0, width, height)
        self.zoom = min(width / WIDTH, height / HEIGHT)
        self.letters = self._fitting_letters()
        self.line = text_height(self.letters)
        self.margin = self.line // 3
        self.mark = max(_MARK * self.zoom, 4)
        self.has_panel = min(width, height) >= _LEAST_WITH_PANEL

    def _fitting_letters(self) -> int:
        """Return the size at which the longest head fits, whatever the image is.

        So letters and all that is in proportion to them stay as they are while an
        image grows.
        """
        lines = self.style.lines_text.format(received=88, expected=88)
        head = f"8888-88-88 88:88    {lines}    {self.style.unit}"
        size = max(round(_LETTERS * self.zoom), _SMALL_LETTERS)
        while size > _LEAST_LETTERS and text_width(head, size) > self.whole.width:
            size -= 1
        return size

    def draw_empty(self) -> None:
        """Say that there is no image yet, in letters that fit."""
        text, width = self.style.empty_text, self.whole.width
        size = self.letters
        while size > 1 and text_width(text, size) > 0.9 * width:
            size -= 1
        x = (width - text_width(text, size)) // 2
        y = (self.whole.height - text_height(size)) // 2
        self.canvas.text(x, y, text, size)

    def draw(self, image: ThermalImage, low: float, high: float) -> None:
        """Draw an image; `low` and `high` are the ends of the scale, in °C."""
        values = self.style.orientation.apply(image.values)
        present = self.style.orientation.apply(image.present)
        if not self.has_panel:
            self._draw_heat(self.whole.fit(*values.shape), values, present, low, high)
            return
        head = self.line + 2 * self.margin
        height = self.whole.height - 2 * head
        beside = bar_width(self.letters) + 4 * self.margin
        room = _Box(self.margin, head, self.whole.width - beside, height)
        box = room.fit(*values.shape)
        self._draw_heat(box, values, present, low, high)
        marks = self._place_marks(box, image, box.width / values.shape[1])
        if self.style.cells is not None:
            self._draw_cells(box, image, self.style.cells, list(marks.values()))
        radius = side_by_side(self.mark, dist(*marks.values())) if marks else 0
        for shape, (x, y) in marks.items():
            shape(self.canvas, x, y, radius)
        bar = ColourBar(self.style, low, high, box.height, self.letters)
        above, below = image.maximum > high, image.minimum < low
        bar.draw(
            self.canvas, box.right + 2 * self.margin, box.top, above=above, below=below
        )
        self._draw_head(image)
        self._draw_foot(image)

    def _draw_heat(
        self,
        box: _Box,
        values: np.ndarray,
        present: np.ndarray,
        low: float,
        high: float,
    ) -> None:
        # Put on the scale while it is small, and half a level higher: what follows the
        # point is cut off in the end.
        levels = (fill(values, present) - 10 * low) * ((HEAT - 1) / (10 * (high - low)))
        heat = enlarge(
            levels + 0.5, box.height, box.width, low=0, high=HEAT - 0.5, dtype=np.uint8
        )
        if not present.all():
            self._hatch(heat, present)
        self.canvas.paste(heat, box.left, box.top)

    def _hatch(self, heat: np.ndarray, present: np.ndarray) -> None:
        """Stripe what has not been measured, light and dark from corner to corner."""
        height, width = heat.shape
        period = max(round(_HATCH * self.zoom), 5)
        phase = (np.arange(height + width - 1) % period * 5 // period).astype(np.uint8)
        stripes = np.lib.stride_tricks.sliding_window_view(phase, width)
        rows = np.arange(height) * present.shape[0] // height
        columns = np.arange(width) * present.shape[1] // width
        missing = ~present[np.ix_(rows, columns)]
        heat[missing & (stripes == 0)] = Ink.GREY
        heat[missing & (stripes == 1)] = Ink.BACKGROUND

    def _place_marks(
        self, box: _Box, image: ThermalImage, pixel: float
    ) -> dict[Mark, tuple[float, float]]:
        """Return where the marks of the coldest and the hottest pixel are drawn."""
        hottest, coldest = extreme_pixels(image, self.style.orientation)
        if hottest == coldest or not self.style.marks:
            return {}
        return {
            shape: (box.left + (column + 0.5) * pixel, box.top + (row + 0.5) * pixel)
            for shape, (row, column) in ((square, coldest), (ring, hottest))
        }

    def _draw_cells(
        self,
        box: _Box,
        image: ThermalImage,
        grid: CellGrid,
        marks: list[tuple[float, float]],
    ) -> None:
        """Draw the borders of the cells, and in a corner of each its maximum."""
        rows = [box.top + round(edge * (box.height - 1)) for edge in grid.row_edges]
        columns = [
            box.left + round(edge * (box.width - 1)) for edge in grid.column_edges
        ]
        # Light beside dark: one of them stands out from any colour.
        for ink, aside in ((Ink.BACKGROUND, 1), (Ink.GREY, 0)):
            for y in rows:
                y += aside
                self.canvas.fill((columns[0], y, columns[-1], y), ink)
            for x in columns:
                x += aside
                self.canvas.fill((x, rows[0], x, rows[-1]), ink)
        size = max(self.letters * 3 // 4, _LEAST_LETTERS)
        cells = measure_cells(image, grid, self.style.orientation)
        for number, cell in enumerate(cells):
            if cell.maximum is None:
                continue
            text = format_number(in_unit(cell.maximum, self.style.unit), 1)
            width, height = text_width(text, size), text_height(size)
            row, column = divmod(number, grid.columns)
            left, right = columns[column] + 1, columns[column + 1]
            top, bottom = rows[row] + 1, rows[row + 1]
            if width > right - left or height > bottom - top:
                continue
            reach = 1.5 * self.mark
            label = _Box(left, bottom - height, width, height)
            if any(label.is_near(*mark, reach) for mark in marks):
                label = replace(label, top=top)
            self.canvas.text(label.left, label.top, text, size)

    def _draw_head(self, image: ThermalImage) -> None:
        """Write when the image was taken, and what of it is missing."""
        time = image.updated_at.astimezone(self.style.time_zone)
        self._write(self.margin, self.margin, f"{time:%Y-%m-%d %H:%M}")
        text = self.style.unit
        right = self.whole.width - self.margin - text_width(text, self.letters)
        self._write(right, self.margin, text, Ink.GREY)
        if not image.complete:
            text = self.style.lines_text.format(
                received=image.lines_received, expected=image.lines_expected
            )
            right -= 2 * self.margin + text_width(text, self.letters)
            self._write(right, self.margin, text, Ink.ACCENT)

    def _draw_foot(self, image: ThermalImage) -> None:
        """Write what the marks stand for, and the threshold."""
        radius = self.line / 4
        x = float(self.margin)
        y = self.whole.height - self.margin - self.line
        for shape, celsius in ((ring, image.maximum), (square, image.minimum)):
            shape(self.canvas, x + self.line / 2, y + self.line / 2, radius)
            x = self._write(x + 1.2 * self.line, y, self._label(celsius, 1))
            x += self.line
        if self.style.threshold is not None:
            text = self._label(self.style.threshold, 0)
            x = self.whole.width - self.margin - text_width(text, self.letters)
            self._write(x, y, text, Ink.ACCENT)
            middle = y + self.line // 2
            dash = (x - self.line, middle - 1, x - self.line // 3, middle + 1)
            self.canvas.fill(dash, Ink.ACCENT)

    def _label(self, celsius: float, decimals: int) -> str:
        value = in_unit(celsius, self.style.unit)
        return f"{format_number(value, decimals)} {self.style.unit}"

    def _write(self, x: float, y: float, text: str, ink: Ink = Ink.WHITE) -> float:
        """Write in a line and return where the text ends."""
        self.canvas.text(x, y, text, self.letters, ink)
        return x + text_width(text, self.letters)
