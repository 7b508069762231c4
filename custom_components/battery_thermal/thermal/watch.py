"""What is watched from one image to the next: cells, the rate of rise, alarms."""

from collections import deque
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from enum import StrEnum
import math
from typing import Any

from .analysis import RISE_OVER, Alarm, Limit, rate_of_rise
from .cells import Cell, CellGrid, hottest_cell, least_imbalance, measure_cells
from .image import ThermalImage
from .orientation import Orientation


class AlarmKind(StrEnum):
    """What an alarm may be about."""

    OVER_THRESHOLD = "over_threshold"
    IMBALANCE_WARNING = "imbalance_warning"
    IMBALANCE_ALARM = "imbalance_alarm"
    RISE_WARNING = "rise_warning"
    RISE_ALARM = "rise_alarm"


@dataclass(frozen=True, slots=True)
class Limits:
    """What the owner finds too much. These are starting points, not a standard.

    Imbalance: K of a cell over the median of the cells. Rise: K/min of the maximum.
    An alarm is raised after so many `images` in a row, and ends `hysteresis` (K) below
    its limit, or at half the limit of a rise. `age` (minutes): when an image is too old.
    """

    imbalance_warning: float = 5.0
    imbalance_alarm: float = 10.0
    rise_warning: float = 1.0
    rise_alarm: float = 5.0
    hysteresis: float = 1.0
    images: float = 1.0
    age: float = 60.0


class Watch:
    """Sees each image that has ended, in the order of time."""

    def __init__(self, grid: CellGrid | None, orientation: Orientation) -> None:
        """Have seen nothing."""
        self.limits = Limits()
        self.cells: tuple[Cell, ...] = ()
        self.rise: float | None = None
        """K/min of the maximum."""
        self._grid = grid
        self._orientation = orientation
        self._complete: deque[ThermalImage] = deque()
        self._alarms: dict[AlarmKind, Alarm] = {}

    @property
    def hottest(self) -> Cell | None:
        """The hottest cell."""
        return hottest_cell(self.cells)

    def active(self, kind: AlarmKind) -> bool | None:
        """Whether there is an alarm, None as long as nothing has been said about it."""
        alarm = self._alarms.get(kind)
        return None if alarm is None else alarm.active

    def limit(self, **changes: float) -> None:
        """Use other limits, from the next image on."""
        self.limits = replace(self.limits, **changes)

    def look(self, image: ThermalImage) -> None:
        """Measure an image without raising alarms: one that has been seen before."""
        if image.complete:
            self._complete.append(image)
        if self._grid:
            self.cells = measure_cells(image, self._grid, self._orientation)

    def threshold_forgotten(self) -> None:
        """Say nothing more of a threshold that nobody knows any longer."""
        self._alarms.pop(AlarmKind.OVER_THRESHOLD, None)

    def _before(self, image: ThermalImage) -> ThermalImage | None:
        """Return the newest complete image that is old enough to tell a rise from.

        It is of the same mode, with none of the other between.
        """
        past = self._complete
        if past and past[-1].mode is not image.mode:
            past.clear()
        while len(past) > 1 and image.started_at - past[1].started_at >= RISE_OVER:
            past.popleft()
        return past[0] if past else None

    def see(
        self, image: ThermalImage, threshold: float | None, longest_gap: timedelta
    ) -> None:
        """Measure the next image and raise or end alarms.

        `threshold` is in °C, None where unknown. After a gap longer than `longest_gap`
        between two images nothing is said about the rise.
        """
        self.rise = rate_of_rise(self._before(image), image, longest_gap)
        self.look(image)
        limits = self.limits
        # The node says its maximum with the last line, whichever others were lost.
        knows_maximum = image.complete or image.node_maximum is not None
        imbalance = least_imbalance(
            self.cells, image.maximum if knows_maximum else math.inf
        )
        if threshold is not None:
            self._judge(
                AlarmKind.OVER_THRESHOLD,
                image.maximum,
                self._limit(threshold, limits.hysteresis),
                whole=knows_maximum,
            )
        for kind, over in (
            (AlarmKind.IMBALANCE_WARNING, limits.imbalance_warning),
            (AlarmKind.IMBALANCE_ALARM, limits.imbalance_alarm),
        ):
            self._judge(
                kind,
                imbalance,
                self._limit(over, limits.hysteresis),
                whole=image.complete,
            )
        for kind, over in (
            (AlarmKind.RISE_WARNING, limits.rise_warning),
            (AlarmKind.RISE_ALARM, limits.rise_alarm),
        ):
            self._judge(kind, self.rise, self._limit(over, over / 2), whole=True)

    def _limit(self, over: float, hysteresis: float) -> Limit:
        return Limit(over, hysteresis, round(self.limits.images))

    def _judge(
        self, kind: AlarmKind, value: float | None, limit: Limit, *, whole: bool
    ) -> None:
        """Let a value count; one of a part of the image only if it is over the limit."""
        if value is None or (not whole and value <= limit.over):
            return
        self._alarms[kind] = self._alarms.get(kind, Alarm()).next(value, limit)

    def as_dict(self) -> dict[str, Any]:
        """Return what has to survive a restart, for JSON."""
        return {
            "limits": asdict(self.limits),
            "alarms": {kind: asdict(alarm) for kind, alarm in self._alarms.items()},
        }

    def restore(self, data: dict[str, Any]) -> None:
        """Go on from what `as_dict` returned."""
        self.limits = Limits(**data["limits"])
        self._alarms = {
            AlarmKind(kind): Alarm(**alarm) for kind, alarm in data["alarms"].items()
        }
