"""Table of the kinds of alarms in the alarm log.

Levels, values, sensors, events, texts and the dashboards' list follow from a row here. A
kind whose state is kept elsewhere has no `watched`: whoever knows its state feeds the
journal with findings of that kind.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from .watch import AlarmKind


class Level(StrEnum):
    """How urgent an alarm is, from the lowest on."""

    WARNING = "warning"
    ALARM = "alarm"

    @property
    def rank(self) -> int:
        """Return a number that is higher for a higher level."""
        return list(Level).index(self)


class Quantity(StrEnum):
    """What the value of an alarm measures."""

    TEMPERATURE = "temperature"
    """In °C."""
    DIFFERENCE = "difference"
    """In K."""
    RATE = "rate"
    """In K/min."""


class LogKind(StrEnum):
    """Kinds of alarms in the log. The values are stored."""

    OVER_THRESHOLD = "over_threshold"
    OVER_RANGE = "over_range"
    UNSEEN_HEAT = "unseen_heat"
    IMBALANCE = "imbalance"
    RISE = "rise"
    AREA_LIMIT = "area_limit"
    SILENT = "silent"
    DRIFT = "drift"


@dataclass(frozen=True, kw_only=True, slots=True)
class KindRow:
    """What the log has to know of a kind.

    `quantity`: of its value, None if it has none. `watched`: the alarms of the watch that
    are its state, with their levels. `per_area`: whether each area has an alarm of its
    own; otherwise there is one alarm at a time, and its area is where the peak is.
    `of_areas`: whether it ends where no areas are set that it can be about.
    """

    quantity: Quantity | None = None
    watched: Mapping[AlarmKind, Level] = field(default_factory=dict)
    per_area: bool = False
    of_areas: bool = False


LOG_KINDS: Final[Mapping[LogKind, KindRow]] = {
    LogKind.OVER_THRESHOLD: KindRow(
        quantity=Quantity.TEMPERATURE,
        watched={AlarmKind.OVER_THRESHOLD: Level.ALARM},
    ),
    LogKind.OVER_RANGE: KindRow(
        quantity=Quantity.TEMPERATURE, watched={AlarmKind.OVER_RANGE: Level.ALARM}
    ),
    LogKind.UNSEEN_HEAT: KindRow(watched={AlarmKind.UNSEEN_HEAT: Level.ALARM}),
    LogKind.IMBALANCE: KindRow(
        quantity=Quantity.DIFFERENCE,
        watched={
            AlarmKind.IMBALANCE_WARNING: Level.WARNING,
            AlarmKind.IMBALANCE_ALARM: Level.ALARM,
        },
        of_areas=True,
    ),
    LogKind.RISE: KindRow(
        quantity=Quantity.RATE,
        watched={
            AlarmKind.RISE_WARNING: Level.WARNING,
            AlarmKind.RISE_ALARM: Level.ALARM,
        },
    ),
    LogKind.AREA_LIMIT: KindRow(
        quantity=Quantity.TEMPERATURE,
        watched={AlarmKind.AREA_LIMIT: Level.ALARM},
        of_areas=True,
    ),
    LogKind.SILENT: KindRow(),
    LogKind.DRIFT: KindRow(quantity=Quantity.DIFFERENCE, per_area=True),
}

LOG_KIND_OF: Final[Mapping[AlarmKind, LogKind]] = {
    watched: kind for kind, row in LOG_KINDS.items() for watched in row.watched
}
"""The kind in the log of each alarm of the watch."""
