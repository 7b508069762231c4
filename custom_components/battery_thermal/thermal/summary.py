"""What the images of a span of time say together: curves, extremes, gaps, lost lines.

Images are added one after the other and not kept, but for the hottest: a year of them
needs no more memory than a day.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Final

from ..model.archived_image import ArchivedImage
from ..model.area import Area, AreaKind
from ..model.mode import Mode
from .areas import AreaValues, measure_areas
from .correction import AT_LEAST

POINTS: Final = 240
"""Points of a curve: each is of the images of a part of the span."""

_MOST_CHANGES: Final = 50


@dataclass(slots=True)
class Point:
    """The values of a part of the span: lowest, highest, sum, number."""

    low: float
    high: float
    total: float
    count: int

    @property
    def mean(self) -> float:
        """The mean of the values."""
        return self.total / self.count


@dataclass(slots=True)
class Track:
    """A temperature over the span, in °C, and its extremes with the times of their images.

    `points` are by the number of the part, without parts that have no image.
    """

    points: dict[int, Point] = field(default_factory=dict)
    lowest: tuple[float, datetime] | None = None
    highest: tuple[float, datetime] | None = None
    over_range: bool = False
    """Whether the highest is above the range of the node's values, or may be."""
    _total: float = 0.0
    _count: int = 0

    @property
    def mean(self) -> float | None:
        """The mean of the values of all images."""
        return self._total / self._count if self._count else None

    def add_value(self, part: int, at: datetime, value: float) -> None:
        """Add a value that is known."""
        self._total += value
        self._count += 1
        if self.lowest is None or value < self.lowest[0]:
            self.lowest = value, at
        self.add_highest(at, value)
        if (point := self.points.get(part)) is None:
            self.points[part] = Point(value, value, value, 1)
            return
        point.low, point.high = min(point.low, value), max(point.high, value)
        point.total += value
        point.count += 1

    def add_hidden(self, at: datetime) -> None:
        """Note heat that may be above the node's range, and that no value shows."""
        self.over_range = True
        self.add_highest(at, AT_LEAST / 10)

    def add_highest(self, at: datetime, value: float) -> None:
        """Add a value that is known to be reached, and may be exceeded."""
        if self.highest is None or value > self.highest[0]:
            self.highest = value, at


class Summary:
    """Sums over the images of a span, which are corrected, oldest first."""

    def __init__(
        self,
        start: datetime,
        end: datetime,
        areas: Sequence[Area],
    ) -> None:
        """Start without an image."""
        self.start, self.end = start, end
        self.images: Counter[Mode] = Counter()
        self.suspect = 0
        self.lines_expected = 0
        self.lines_missing = 0
        self.with_fan = 0
        """Images at whose end the fan was on."""
        self.hottest: ArchivedImage | None = None
        self.maximum, self.minimum, self.ambient = Track(), Track(), Track()
        self.names = [area.name for area in areas]
        self.areas = [Track() for _ in self.names]
        self.median = Track()
        """The median of the cells' maxima, of images that show all of them."""
        self.thresholds: list[tuple[datetime, int | None]] = []
        """From when on images have had which threshold (°C); the first changes only."""
        self.modes: list[tuple[datetime, Mode]] = []
        """From when on images have had which mode; the first changes only."""
        self.longest_gap: tuple[datetime, datetime] | None = None
        """Between the images that are farthest apart."""
        self._measured = areas
        self._last: datetime | None = None

    @property
    def count(self) -> int:
        """How many images there are."""
        return self.images.total()

    def add_image(self, archived: ArchivedImage) -> None:
        """Add the next image."""
        image = archived.image
        at = image.started_at
        part = min(
            int((at - self.start) / (self.end - self.start) * POINTS), POINTS - 1
        )
        self._count(archived, at)
        if archived.ambient is not None:
            self.ambient.add_value(part, at, archived.ambient)
        if image.suspect and not (image.is_over_range or image.hides_heat):
            # Its temperatures contradict themselves.
            return
        self._add_temperatures(archived, part, at)

    def _count(self, archived: ArchivedImage, at: datetime) -> None:
        image = archived.image
        self.images[image.mode] += 1
        self.suspect += image.suspect
        self.lines_expected += image.lines_expected
        self.lines_missing += len(image.missing_lines)
        self.with_fan += bool(archived.fan)
        if self._last is not None:
            gap = self.longest_gap
            if gap is None or at - self._last > gap[1] - gap[0]:
                self.longest_gap = self._last, at
        self._last = at
        _note_change(self.thresholds, at, archived.threshold)
        _note_change(self.modes, at, image.mode)

    def _add_temperatures(
        self, archived: ArchivedImage, part: int, at: datetime
    ) -> None:
        image = archived.image
        if self.hottest is None or image.hotness > self.hottest.image.hotness:
            self.hottest = archived
        hides_heat, _ = image.hotness
        if hides_heat:
            # Neither the maximum nor the minimum is what the values say.
            self.maximum.add_hidden(at)
        else:
            _add(self.maximum, part, at, image.maximum, whole=image.knows_extremes)
            self.maximum.over_range |= image.is_over_range
            if image.knows_extremes:
                self.minimum.add_value(part, at, image.minimum)
        areas = measure_areas(image, self._measured)
        for track, area in zip(self.areas, areas, strict=True):
            _add_area(track, part, at, area)
        cells = [area for area in areas if area.area.kind is AreaKind.CELL]
        maxima = [
            cell.maximum for cell in cells if cell.complete and cell.maximum is not None
        ]
        if maxima and len(maxima) == len(cells):
            self.median.add_value(part, at, median(maxima))


def _note_change[T](found: list[tuple[datetime, T]], at: datetime, value: T) -> None:
    """Add a value to those that have changed, if it is another one than the last."""
    if (not found or found[-1][1] != value) and len(found) < _MOST_CHANGES:
        found.append((at, value))


def _add_area(track: Track, part: int, at: datetime, area: AreaValues) -> None:
    if area.doubtful:
        track.add_hidden(at)
    elif area.maximum is not None:
        _add(track, part, at, area.maximum, whole=area.complete)
        track.over_range |= area.over_range


def _add(track: Track, part: int, at: datetime, value: float, *, whole: bool) -> None:
    """Add a maximum; of a partly received one it is only known that it was reached."""
    if whole:
        track.add_value(part, at, value)
    else:
        track.add_highest(at, value)
