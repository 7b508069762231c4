"""Alarms of single areas: over their own limits, or over those of the node."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from ..model.area import COMPARED, Area
from .analysis import Alarm, judged
from .areas import AreaValues
from .limits import Limits


class AreaLevel(StrEnum):
    """How bad it is in an area."""

    NONE = "none"
    WARNING = "warning"
    ALARM = "alarm"


class _Kind(StrEnum):
    """What is judged of an area."""

    HIGHEST = "highest"
    WARNING = "warning"
    ALARM = "alarm"


def own_limit(area: Area, name: str, usual: float) -> float | None:
    """Return the limit (K over the median of its kind) of an area, None without one.

    `name`: warning or alarm; `usual`: the limit of areas without one of their own.
    """
    own: float | None = getattr(area, name)
    if own is None and area.kind in COMPARED:
        return usual
    return own


class AreaAlarms:
    """Alarms of each area, by its key."""

    def __init__(self) -> None:
        """Initialize without an alarm."""
        self._alarms: dict[str, dict[_Kind, Alarm]] = {}

    def level(self, key: str) -> AreaLevel | None:
        """Return the level of an area, None if nothing of it was ever evaluated."""
        alarms = self._alarms.get(key)
        if not alarms:
            return None
        active = {kind for kind, alarm in alarms.items() if alarm.active}
        if active - {_Kind.WARNING}:
            return AreaLevel.ALARM
        return AreaLevel.WARNING if active else AreaLevel.NONE

    def is_certain(self, key: str) -> bool:
        """Return whether no alarm of an area is raised because of what may be."""
        alarms = self._alarms.get(key, {}).values()
        return all(alarm.certain for alarm in alarms if alarm.active)

    def evaluate(
        self,
        areas: Sequence[AreaValues],
        least: Mapping[str, float],
        limits: Limits,
        bound: float,
        *,
        whole: bool,
    ) -> None:
        """Raise or end alarms by the areas of the next image.

        `least`: how far each area is at least over the median of its kind, in K. Its
        maximum is known within `bound` (K). `whole`: whether the image is complete.
        """
        for one in areas:
            area = one.area
            deviation = least.get(area.key)
            alarms = self._alarms.setdefault(area.key, {})
            warning = own_limit(area, "warning", limits.imbalance_warning)
            alarm = own_limit(area, "alarm", limits.imbalance_alarm)
            for kind, value, over, is_whole, doubt in (
                (_Kind.HIGHEST, one.judged, area.highest, one.complete, bound),
                (_Kind.WARNING, deviation, warning, whole, 2 * bound),
                (_Kind.ALARM, deviation, alarm, whole, 2 * bound),
            ):
                if over is None:
                    continue
                limit, before = limits.limit(over), alarms.get(kind)
                after = judged(before, value, limit, whole=is_whole, bound=doubt)
                if after:
                    alarms[kind] = after

    def as_dict(self) -> dict[str, Any]:
        """Return what has to survive a restart, for JSON."""
        return {
            key: {
                kind: {"active": alarm.active, "streak": alarm.streak}
                | ({} if alarm.certain else {"certain": False})
                for kind, alarm in alarms.items()
            }
            for key, alarms in self._alarms.items()
        }

    def restore(self, data: dict[str, Any], areas: Sequence[Area]) -> None:
        """Restore what `as_dict` returned, of the areas and limits that are still there."""
        self._alarms = {
            area.key: {
                _Kind(kind): Alarm(**alarm)
                for kind, alarm in data[area.key].items()
                if (kind == _Kind.HIGHEST and area.highest is not None)
                or (kind != _Kind.HIGHEST and own_limit(area, kind, 0) is not None)
            }
            for area in areas
            if area.key in data
        }
