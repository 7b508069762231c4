"""Temperatures of the areas of an image, and how far each is over others of its kind."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
import math
from statistics import median

from ..model.area import Area, AreaKind
from ..model.thermal_image import ThermalImage
from ..model.updating_image import UpdatingImage
from .curve import HIDDEN, HIGHEST_PARTLY, PARTLY


@dataclass(frozen=True, slots=True)
class AreaValues:
    """Temperatures of an area.

    `maximum` and `mean` are in °C over the pixels that have arrived, None without
    any; of a fast image they are those of the maxima of blocks. `deviation` is how
    far, in K, the maximum is over the median of the maxima of all areas of its kind.
    `complete` says whether all pixels have arrived, `over_range` whether one is above
    what the node can say, `doubtful` whether one may be. `bound`: the K within which `maximum` and `mean` are of the
    node's own, None if they are exact.
    """

    area: Area
    maximum: float | None
    mean: float | None
    deviation: float | None
    complete: bool
    over_range: bool = False
    bound: float | None = None
    doubtful: bool = False

    @property
    def may_be_over_range(self) -> bool:
        """Whether it is above what the node can say, or may be."""
        return self.over_range or self.doubtful

    @property
    def judged(self) -> float | None:
        """The maximum that limits are compared with: infinite above the node's range."""
        return math.inf if self.may_be_over_range else self.maximum

    @property
    def name(self) -> str:
        """The name of the area."""
        return self.area.name


def measure_areas(image: ThermalImage, areas: Iterable[Area]) -> tuple[AreaValues, ...]:
    """Return the temperatures of the areas that count, in their order.

    Those of an image that is being replaced are the areas of the last one that has ended,
    unless the next one shows an area to be hotter.
    """
    areas = [area for area in areas if area.kind is not AreaKind.IGNORE]
    if isinstance(image, UpdatingImage):
        before = _measured(image.ended, areas)
        after = _measured(image.upcoming, areas)
        return _compared([_hotter(*pair) for pair in zip(before, after, strict=True)])
    return _compared(_measured(image, areas))


def area_maxima(image: ThermalImage, areas: Iterable[Area]) -> list[int | None]:
    """Return the maxima of areas, in tenths of a °C; None where nothing has arrived.

    `HIDDEN` where a pixel may be far hotter than its value. Of an area with missing
    pixels `PARTLY` is subtracted.
    """
    counts = True if image.ignored is None else ~image.ignored
    maxima: list[int | None] = []
    for area in areas:
        mask = area.mask(image.values.shape) & counts
        counted = mask & image.present
        if image.suspect and (image.doubtful & counted).any():
            maxima.append(HIDDEN)
        elif not counted.any():
            maxima.append(None)
        else:
            highest = min(int(image.values[counted].max()), HIDDEN - 1)
            whole = (counted == mask).all()
            maxima.append(highest if whole else min(highest, HIGHEST_PARTLY) - PARTLY)
    return maxima


def hottest_area(areas: Iterable[AreaValues]) -> AreaValues | None:
    """Return the area with the highest maximum, None if none has any."""
    known = [area for area in areas if area.maximum is not None]
    return max(known, key=lambda area: area.maximum or 0.0, default=None)


def least_deviations(
    areas: Sequence[AreaValues], ceiling: float
) -> Mapping[str, float]:
    """Return how far, in K, each area is at least over the median of its kind, by key.

    Whatever the pixels are that have not arrived: `ceiling` (°C, may be infinite) is
    the highest that they can be. Where all have arrived, that is how far it is. Areas
    of which nothing has arrived are left out.
    """
    highest: dict[AreaKind, list[float]] = {}
    for area in areas:
        if not area.complete:
            highest.setdefault(area.area.kind, []).append(ceiling)
        elif area.maximum is not None:
            highest.setdefault(area.area.kind, []).append(area.maximum)
    return {
        area.area.key: _difference(area.maximum, median(highest[area.area.kind]))
        for area in areas
        if area.maximum is not None
    }


def _measured(image: ThermalImage, areas: Iterable[Area]) -> list[AreaValues]:
    counts = None if image.ignored is None else ~image.ignored
    measured = []
    for area in areas:
        mask = area.mask(image.values.shape)
        if counts is not None:
            mask = mask & counts
        present = image.present[mask]
        pixels = image.values[mask][present] / 10
        measured.append(
            AreaValues(
                area=area,
                maximum=float(pixels.max()) if pixels.size else None,
                mean=float(pixels.mean()) if pixels.size else None,
                deviation=None,
                complete=bool(present.all()),
                over_range=bool(image.over_range[mask].any()),
                bound=None if image.bound is None else image.bound / 10,
                doubtful=image.suspect and bool(image.doubtful[mask].any()),
            )
        )
    return measured


def _hotter(old: AreaValues, new: AreaValues) -> AreaValues:
    """Return an area of an image with the maximum of the next image if it is higher."""
    old = replace(old, doubtful=old.doubtful or new.doubtful)
    if new.maximum is None or (old.maximum is not None and new.maximum <= old.maximum):
        return old
    over_range = old.over_range or new.over_range
    return replace(old, maximum=new.maximum, over_range=over_range)


def _compared(areas: Sequence[AreaValues]) -> tuple[AreaValues, ...]:
    """Return the areas with their deviations."""
    known: dict[AreaKind, list[float]] = {}
    for area in areas:
        if area.maximum is not None:
            known.setdefault(area.area.kind, []).append(area.maximum)
    usual = {kind: median(maxima) for kind, maxima in known.items()}
    return tuple(
        area
        if area.maximum is None
        else replace(area, deviation=_difference(area.maximum, usual[area.area.kind]))
        for area in areas
    )


def _difference(value: float, usual: float) -> float:
    return round(value - usual, 2)
