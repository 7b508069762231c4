"""The thermal picture.

Temperatures are filled in, interpolated and clipped first and coloured last: colours
that are interpolated are not in the palette and show wrong temperatures at the edge of
a hot spot.
"""

from math import dist

import numpy as np

from ..model.thermal_image import ThermalImage
from ..thermal.analysis import extreme_pixels, shows_extremes
from .areas import draw_areas
from .canvas import HEAT, Canvas, Ink, text_height, text_width
from .colour_bar import ColourBar, bar_width
from .field import enlarge, fill, repeated
from .marks import Mark, above, doubt, ring, side_by_side, square
from .palettes import table
from .rectangle import Rectangle
from .scale import (
    DOUBT_SIGN,
    OVER_SIGN,
    format_number,
    in_unit,
    over_range_text,
    span,
    unit_text,
    whole_decimals,
)
from .style import Style

WIDTH = 480
HEIGHT = 640
"""The size for which the sizes below are meant; others are in proportion."""

_LETTERS = 17
_SMALL_LETTERS = 11
"""In smaller pictures letters stay as large as this, as long as there is room."""
LEAST_LETTERS = 9
_MARK = 9
_HATCH = 10

_LEAST_WITH_PANEL = 160
"""Pixels. A smaller picture is all heat: lettering would not be legible."""


def render(
    image: ThermalImage | None,
    style: Style,
    width: int = WIDTH,
    height: int = HEIGHT,
) -> bytes:
    """Return the picture of an image, or an empty one where there is none yet.

    It has numbers, units and marks, and no words: viewers have different languages.
    """
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
        self.whole = Rectangle(0, 0, width, height)
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
        head = f"8888-88-88 88:88    88/88    {self.style.unit}"
        size = max(round(_LETTERS * self.zoom), _SMALL_LETTERS)
        while size > LEAST_LETTERS and text_width(head, size) > self.whole.width:
            size -= 1
        return size

    def draw_empty(self) -> None:
        """Write a dash in place of temperatures: there is no image yet."""
        # The font has no en dash.
        text = f"- {self.style.unit}"
        x = (self.whole.width - text_width(text, self.letters)) // 2
        y = (self.whole.height - self.line) // 2
        self.canvas.text(x, y, text, self.letters)

    def draw(self, image: ThermalImage, low: float, high: float) -> None:
        """Draw an image; `low` and `high` are the ends of the scale, in °C."""
        values = self.style.orientation.apply(image.values)
        if not self.has_panel:
            self._draw_heat(self.whole.fit(*values.shape), image, low, high)
            return
        head = self.line + 2 * self.margin
        height = self.whole.height - 2 * head
        beside = bar_width(self.letters) + 4 * self.margin
        room = Rectangle(self.margin, head, self.whole.width - beside, height)
        box = room.fit(*values.shape)
        self._draw_heat(box, image, low, high)
        marks = self._place_marks(box, image, box.width / values.shape[1])
        if self.style.areas:
            size = max(self.letters * 3 // 4, LEAST_LETTERS)
            taken = [(x, y, 1.5 * self.mark) for x, y in marks.values()]
            draw_areas(self.canvas, box, image, self.style, size=size, marks=taken)
        radius = self.mark
        if len(marks) == 2:
            radius = side_by_side(radius, dist(*marks.values()))
        for shape, (x, y) in marks.items():
            shape(self.canvas, x, y, radius)
        self._mark_unsaid(box, image)
        bar = ColourBar(self.style, low, high, box.height, self.letters)
        above, below = image.maximum > high, image.minimum < low
        bar.draw(
            self.canvas, box.right + 2 * self.margin, box.top, above=above, below=below
        )
        self._draw_head(image)
        self._draw_foot(image)

    def _draw_heat(
        self, box: Rectangle, image: ThermalImage, low: float, high: float
    ) -> None:
        values, present, unsaid = (
            self.style.orientation.apply(field)
            for field in (
                image.values,
                image.present,
                image.over_range | image.doubtful,
            )
        )
        if unsaid.any():
            values = np.where(unsaid, values.max(), values)
        # Put on the scale while it is small, and half a level higher: what follows the
        # point is cut off in the end.
        levels = (fill(values, present) - 10 * low) * ((HEAT - 1) / (10 * (high - low)))
        heat = enlarge(
            levels + 0.5, box.height, box.width, low=0, high=HEAT - 0.5, dtype=np.uint8
        )
        if unsaid.any():
            heat[repeated(unsaid, *heat.shape)] = HEAT - 1
        if not present.all():
            self._hatch(heat, present)
        self.canvas.paste(heat, box.left, box.top)

    def _hatch(self, heat: np.ndarray, present: np.ndarray) -> None:
        """Hatch what has not been measured, light and dark from corner to corner."""
        height, width = heat.shape
        period = max(round(_HATCH * self.zoom), 5)
        phase = (np.arange(height + width - 1) % period * 5 // period).astype(np.uint8)
        stripes = np.lib.stride_tricks.sliding_window_view(phase, width)
        missing = repeated(~present, height, width)
        heat[missing & (stripes == 0)] = Ink.GREY
        heat[missing & (stripes == 1)] = Ink.BACKGROUND

    def _mark_unsaid(self, box: Rectangle, image: ThermalImage) -> None:
        """Mark what is above the range, and what may be."""
        for shape, field in ((above, image.over_range), (doubt, image.doubtful)):
            shown = self.style.orientation.apply(field)
            pixel = box.width / shown.shape[1]
            radius = max(min(self.mark, 0.4 * pixel), 3)
            for row, column in np.argwhere(shown):
                x, y = box.left + (column + 0.5) * pixel, box.top + (row + 0.5) * pixel
                shape(self.canvas, x, y, radius)

    def _place_marks(
        self, box: Rectangle, image: ThermalImage, pixel: float
    ) -> dict[Mark, tuple[float, float]]:
        """Return where the marks of the coldest and the hottest pixel are drawn.

        There is no mark where it is not known which pixel that is.
        """
        hottest, coldest = extreme_pixels(image, self.style.orientation)
        if hottest == coldest or not self.style.marks:
            return {}
        shows_hottest, shows_coldest = shows_extremes(image)
        return {
            shape: (box.left + (column + 0.5) * pixel, box.top + (row + 0.5) * pixel)
            for shape, (row, column), shown in (
                (square, coldest, shows_coldest),
                (ring, hottest, shows_hottest),
            )
            if shown
        }

    def _draw_head(self, image: ThermalImage) -> None:
        """Write the time of the image, and which part of it is missing."""
        time = image.updated_at.astimezone(self.style.time_zone)
        self._write(self.margin, self.margin, f"{time:%Y-%m-%d %H:%M}")
        text = unit_text(self.style.unit, image.bound and image.bound / 10)
        right = self.whole.width - self.margin - text_width(text, self.letters)
        self._write(right, self.margin, text, Ink.GREY)
        if not image.complete:
            text = f"{image.lines_received}/{image.lines_expected}"
            right -= 2 * self.margin + text_width(text, self.letters)
            self._write(right, self.margin, text, Ink.ACCENT)

    def _draw_foot(self, image: ThermalImage) -> None:
        """Write the values of the marks, and the threshold if there is room."""
        radius = self.line / 4
        x = float(self.margin)
        y = self.whole.height - self.margin - self.line
        highest = self._label(image.maximum, 1)
        if image.is_over_range:
            highest = over_range_text(self.style.unit, OVER_SIGN)
        elif image.hotness[0]:
            highest += DOUBT_SIGN
        lowest = self._label(image.minimum, 1)
        for shape, text in ((ring, highest), (square, lowest)):
            shape(self.canvas, x + self.line / 2, y + self.line / 2, radius)
            x = self._write(x + 1.2 * self.line, y, text)
            x += self.line
        if self.style.threshold is not None:
            decimals = whole_decimals(in_unit(self.style.threshold, self.style.unit))
            text = self._label(self.style.threshold, decimals)
            room = x
            x = self.whole.width - self.margin - text_width(text, self.letters)
            if x < room:
                # In a small picture it is a tick of the scale only.
                return
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
