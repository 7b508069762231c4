"""Curves of one node's areas and places, from the archive."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from itertools import batched
import logging
from typing import Any, Final

import numpy as np

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ..archive import ArchiveError, CurveSource, curves
from ..archive.rows import stamp
from ..model.archived_image import ArchivedImage
from ..thermal.areas import area_maxima
from ..thermal.curve import HIDDEN, PARTLY, Curve, Timeline, make_curve, medians
from .node_archive import async_archive_threads, get_archive_path
from .node_options import ROOM, NodeOptions

_LOGGER = logging.getLogger(__name__)

# Rows that are calculated in one transaction: a twentieth of a second of fast images.
_ROWS: Final = 8


@dataclass(frozen=True, slots=True)
class Curves:
    """Curves by the key of their area, the median of the bank, and that of a place.

    `complete`: whether all of the time asked for has been calculated.
    """

    areas: dict[str, Curve]
    median: Curve | None
    spot: Curve | None
    complete: bool


class NodeCurves:
    """Reads curves, and calculates what the archive does not have of them yet."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        node_id: str,
        options: NodeOptions,
    ) -> None:
        """Initialize for a node, by the id of its subentry."""
        self._hass = hass
        self._entry = entry
        self._node_id = node_id
        self._options = options
        self._areas = options.counted_areas
        self._path = get_archive_path(hass)
        self._threads = async_archive_threads(hass)
        self._calculating = False
        measured = [(area.key, area.points) for area in self._areas]
        # Rows of earlier releases do not say what is hidden, nor what is not whole.
        terms = repr((measured, options.correction, HIDDEN, PARTLY))
        self.source: CurveSource | None = None
        if self._areas:
            digest = sha256(terms.encode()).hexdigest()[:16]
            self.source = CurveSource(digest, self._measure)

    def _measure(self, archived: ArchivedImage) -> Sequence[int | None]:
        image = self._options.corrected(archived.image, archived.ambient)
        return area_maxima(image, self._areas)

    @callback
    def async_calculate(self) -> None:
        """Calculate in the background what is missing, unless that is under way."""
        if self._calculating or self.source is None:
            return
        self._calculating = True
        self._entry.async_create_background_task(
            self._hass, self._async_calculate(self.source), f"{self._node_id} curves"
        )

    async def _async_calculate(self, source: CurveSource) -> None:
        write = self._threads.async_write
        node = self._path, self._node_id
        try:
            # Again, for rows that became old while others were calculated.
            while missing := await write(
                partial(curves.missing_periods, *node, source.terms)
            ):
                for periods in batched(missing, _ROWS, strict=False):
                    await write(
                        partial(curves.calculate_periods, *node, source, periods)
                    )
        except ArchiveError as error:
            _LOGGER.debug("Curves cannot be calculated: %s", error)
        finally:
            self._calculating = False

    async def async_read(
        self,
        start: datetime,
        end: datetime,
        keys: Sequence[str],
        *,
        median_of: str | None = None,
        spot: tuple[int, int] | None = None,
    ) -> Curves:
        """Return curves of a span of time. Raises ArchiveError.

        `median_of`: the area whose kind the median is of. `spot`: row and column of the
        sensor.
        """
        found = await self._threads.async_read(
            partial(self._read, (start, end), keys, median_of, spot)
        )
        if not found.complete:
            self.async_calculate()
        return found

    def _read(
        self,
        span: tuple[datetime, datetime],
        keys: Sequence[str],
        median_of: str | None,
        spot: tuple[int, int] | None,
    ) -> Curves:
        columns = {area.key: number for number, area in enumerate(self._areas)}
        start, end = (stamp(time) for time in span)
        found: dict[str, Any] = {"areas": {}, "median": None, "complete": True}
        if self.source and (keys or median_of):
            terms = self.source.terms
            series = curves.read_series(self._path, self._node_id, terms, *span)
            line = Timeline(series.times, start, end)
            found["complete"] = series.complete
            for key in keys:
                values = series.values[:, columns[key]] if len(series.times) else ()
                found["areas"][key] = self._curve(line, values)
            if median_of:
                peers = self._peers(median_of)
                values = (
                    medians(series.values, peers, curves.ABSENT)
                    if len(series.times)
                    else ()
                )
                found["median"] = self._curve(line, values)
        return Curves(spot=spot and self._spot(span, spot), **found)

    def _peers(self, key: str) -> list[int]:
        """Return the numbers of the areas of the same kind."""
        kind = next(area.kind for area in self._areas if area.key == key)
        return [number for number, area in enumerate(self._areas) if area.kind is kind]

    def _spot(self, span: tuple[datetime, datetime], place: tuple[int, int]) -> Curve:
        """Return the curve of one place of the sensor, corrected."""
        readings = curves.read_spot(self._path, self._node_id, *span, place)
        correction = self._options.correction
        reflected = np.where(np.isnan(readings.ambient), ROOM, readings.ambient)
        row, column = place
        emissivity = np.where(
            readings.fast,
            correction.emissivities((8, 6))[row // 4, column // 4],
            correction.emissivities((32, 24))[row, column],
        )
        tenths = correction.tenths(readings.values, reflected, emissivity)
        values = np.where(readings.doubtful, HIDDEN, tenths.clip(max=HIDDEN - 1))
        line = Timeline(readings.times, *(stamp(time) for time in span))
        return self._curve(line, values)

    @staticmethod
    def _curve(line: Timeline, values: np.ndarray | tuple[()]) -> Curve:
        return make_curve(line, np.asarray(values, np.int16), curves.ABSENT)
