"""The load of a bank over the last day, as far as its temperatures depend on it.

The heat of a current grows with its square, and cells follow it slowly.
"""

from collections import deque
from datetime import datetime, timedelta
import math
from typing import Final, NamedTuple

_TIME_CONSTANT: Final = timedelta(hours=1)
"""After this time 63 % of a change of the load is counted.

Cells of 1 to 5 kg need half an hour to a few hours.
"""

_LASTS: Final = timedelta(days=1)
"""Images that come later than this are compared without the load."""

_APART: Final = timedelta(minutes=1)
"""Changes closer together than this are counted, and not looked up."""


class _Point(NamedTuple):
    """From when on the load was `value`, None if unknown; its mean square until then."""

    since: datetime
    value: float | None
    square: float


class LoadHistory:
    """The values of a sensor of power or current, in the unit that it has."""

    def __init__(self) -> None:
        """Start without a value."""
        self._points: deque[_Point] = deque()

    @property
    def changes(self) -> int:
        """The number of changes that are kept."""
        return len(self._points)

    def note_value(self, at: datetime, value: float | None) -> None:
        """Note the value from a time on, None if the sensor has none.

        A value that is older than the last one is discarded.
        """
        points = self._points
        if points and at < points[-1].since:
            return
        square = self.at(at)
        if value is None or not math.isfinite(value):
            point = _Point(at, None, 0.0)
        else:
            point = _Point(at, value, value**2 if square is None else square)
        if len(points) > 1 and at - points[-2].since < _APART:
            points.pop()
        points.append(point)
        while at - points[0].since > _LASTS:
            points.popleft()

    def at(self, time: datetime) -> float | None:
        """Return the mean square of the load before a time, None if it is not known."""
        for point in reversed(self._points):
            if point.since <= time:
                break
        else:
            return None
        if point.value is None:
            return None
        rest = math.exp(-(time - point.since) / _TIME_CONSTANT)
        target = point.value**2
        return target + (point.square - target) * rest
