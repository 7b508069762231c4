"""The colour bar: the temperature of each colour."""

from functools import lru_cache

import numpy as np

from .canvas import HEAT, Canvas, Ink, text_height, text_width
from .scale import format_number, in_unit, ticks
from .style import Style

_WHOLE_FROM = 4
"""Labels of a scale that covers as many degrees have no decimals."""


def bar_width(letters: int) -> int:
    """Return the width of a bar with its labels, in pixels.

    The same for all, so that pictures do not move when their scale does: no label is
    wider than `88.8`, but for a minus sign, for which margins have room.
    """
    return letters + 2 * (letters // 3) + text_width("88.8", letters)


class ColourBar:
    """A bar from `low` to `high` (°C), with ticks in the unit of the style."""

    def __init__(
        self, style: Style, low: float, high: float, height: int, letters: int
    ) -> None:
        """Find the ticks for which there is room in `height` pixels."""
        self._low = in_unit(low, style.unit)
        self._high = in_unit(high, style.unit)
        self._letters = letters
        self._line = text_height(letters)
        self._thickness = letters
        self._gap = letters // 3
        self._arrow = letters // 2
        self._length = height - 2 * (self._arrow + self._gap)
        self._threshold: float | None = None
        if style.threshold is not None and low <= style.threshold <= high:
            self._threshold = in_unit(style.threshold, style.unit)
        self._labels = self._choose()

    def _choose(self) -> dict[float, str]:
        """Return the labels of the ticks; the threshold's displaces those it hits."""
        at_most, degrees = self._length // (2 * self._line), self._high - self._low
        if degrees >= _WHOLE_FROM or max(-self._low, self._high) >= 100:
            at_most = min(at_most, int(degrees))
        values = ticks(self._low, self._high, at_most)
        decimals = 0 if all(value == round(value) for value in values) else 1
        labels = {value: format_number(value, decimals) for value in values}
        if (threshold := self._threshold) is None:
            return labels
        reach = self._line * (self._high - self._low) / self._length
        kept = {at: text for at, text in labels.items() if abs(at - threshold) > reach}
        # There is no room for tenths of a °F.
        return kept | {threshold: format_number(threshold, 0)}

    def draw(
        self, canvas: Canvas, left: int, top: int, *, above: bool, below: bool
    ) -> None:
        """Draw; `above` and `below` say whether temperatures lie off the scale."""
        start = top + self._arrow + self._gap
        end = start + self._length
        canvas.paste(_ramp(self._length, self._thickness), left, start)
        right = left + self._thickness - 1
        if above:
            base = top + self._arrow
            canvas.arrow(left, base, self._thickness, self._arrow, Ink.WHITE)
        if below:
            base = end + self._gap
            canvas.arrow(left, base, self._thickness, -self._arrow, Ink.WHITE)
        for value, label in self._labels.items():
            ink = Ink.ACCENT if value == self._threshold else Ink.WHITE
            share = (value - self._low) / (self._high - self._low)
            y = round(end - 1 - share * (self._length - 1))
            if ink is Ink.ACCENT:
                canvas.fill((left, y - 2, right, y + 2), Ink.BACKGROUND)
                canvas.fill((left, y - 1, right + self._gap, y + 1), ink)
            else:
                canvas.fill((right + 1, y, right + self._gap, y), ink)
            y = min(
                max(y - self._line // 2, start - self._line // 2), end - self._line // 2
            )
            canvas.text(right + 2 * self._gap, y, label, self._letters, ink)


@lru_cache(maxsize=16)
def _ramp(length: int, thickness: int) -> np.ndarray:
    """Return every level, the hottest above: uint8, shape (length, thickness)."""
    levels = np.linspace(HEAT - 1, 0, length).round().astype(np.uint8)
    return np.repeat(levels[:, None], thickness, axis=1)
