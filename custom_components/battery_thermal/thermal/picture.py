"""The thermal picture.

Temperatures are filled in, interpolated and clipped first and coloured last: colours
that are interpolated are not in the palette and show wrong temperatures at the edge of
a hot spot.
"""

from dataclasses import dataclass

import numpy as np

from .canvas import HEAT, Canvas, Ink, text_height, text_width
from .colour_bar import ColourBar
from .field import enlarge, fill
from .image import ThermalImage
from .marks import ring, square
from .palettes import table
from .scale import format_number, in_unit, span
from .style import Style

WIDTH = 480
HEIGHT = 640
"""The size for which the sizes below are meant; others are in proportion."""

_LETTERS = 17
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
        self.letters = max(round(_LETTERS * self.zoom), _LEAST_LETTERS)
        self.line = text_height(self.letters)
        self.margin = self.line // 3
        self.has_panel = min(width, height) >= _LEAST_WITH_PANEL

    def draw_empty(self) -> None:
        """Say that there is no image yet, in letters that fit."""
        text, width = self.style.empty_text, self.whole.width
        size = self.letters
        while size > 1 and text_width(text, size) > width:
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
        bar = ColourBar(self.style, low, high, height, self.letters)
        left = self.whole.width - self.margin - bar.width
        room = _Box(self.margin, head, left - 3 * self.margin, height)
        box = room.fit(*values.shape)
        self._draw_heat(box, values, present, low, high)
        self._draw_marks(box, values, present)
        above, below = image.maximum > high, image.minimum < low
        bar.draw(self.canvas, left, head, above=above, below=below)
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
        levels = enlarge(fill(values, present), box.height, box.width)
        levels -= 10 * low
        levels *= (HEAT - 1) / (10 * (high - low))
        heat = levels.round(out=levels).clip(0, HEAT - 1, out=levels).astype(np.uint8)
        if not present.all():
            self._hatch(heat, present)
        self.canvas.heat(heat, box.left, box.top)

    def _hatch(self, heat: np.ndarray, present: np.ndarray) -> None:
        """Stripe what has not been measured."""
        rows = np.arange(heat.shape[0])
        columns = np.arange(heat.shape[1])
        missing = ~present[rows * present.shape[0] // len(rows)][
            :, columns * present.shape[1] // len(columns)
        ]
        period = max(round(_HATCH * self.zoom), 5)
        stripe = (rows[:, None] + columns) % period * 5 // period
        heat[missing & (stripe == 0)] = Ink.GREY
        heat[missing & (stripe == 1)] = Ink.BACKGROUND

    def _draw_marks(self, box: _Box, values: np.ndarray, present: np.ndarray) -> None:
        """Mark the hottest and the coldest pixel, leaving them free to be seen."""
        there = np.flatnonzero(present)
        measured = values.ravel()[there]
        if measured.min() == measured.max():
            return
        pixel = box.width / values.shape[1]
        for shape, at in ((ring, measured.argmax()), (square, measured.argmin())):
            row, column = divmod(int(there[at]), values.shape[1])
            x, y = box.left + (column + 0.5) * pixel, box.top + (row + 0.5) * pixel
            shape(self.canvas, x, y, max(_MARK * self.zoom, 4))

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

    def _label(self, celsius: float, decimals: int) -> str:
        value = in_unit(celsius, self.style.unit)
        return f"{format_number(value, decimals)} {self.style.unit}"

    def _write(self, x: float, y: float, text: str, ink: Ink = Ink.WHITE) -> float:
        """Write in a line and return where the text ends."""
        self.canvas.text(x, y, text, self.letters, ink)
        return x + text_width(text, self.letters)
