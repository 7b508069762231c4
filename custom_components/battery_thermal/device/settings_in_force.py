"""The settings and limits of a node that its results and alarms depend on.

Each change is recorded in the archive with the next image, so that a report can say what
was in force. Mode and fan threshold are not among them: each image has its own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
import json
import math
from typing import Any

from ..archive import SettingsChange
from ..model.area import AreaKind
from ..thermal.limits import Limits
from .node_config import NodeConfig


@dataclass(frozen=True, slots=True)
class AreaSettings:
    """What an area has of its own, None where that of the node holds: °C and K."""

    name: str
    highest: float | None = None
    warning: float | None = None
    alarm: float | None = None
    emissivity: float | None = None


@dataclass(frozen=True, slots=True)
class SettingsInForce:
    """The settings that results depend on, but for mode, threshold and where areas are.

    `compares`: whether areas are compared, so that there are alarms of imbalance.
    `silent_after`: minutes, None for the usual. `offset`: K. `dead_pixels`: row and column
    of the sensor. `ignored`: names of the areas that do not count. `areas`: those that
    have something of their own.
    """

    limits: Limits
    compares: bool
    silent_after: float | None
    offset: float
    emissivity: float
    dead_pixels: tuple[tuple[int, int], ...]
    ignored: tuple[str, ...]
    areas: tuple[AreaSettings, ...]

    def as_text(self) -> str:
        """Return the settings for the archive: the same text for the same settings."""
        return json.dumps(asdict(self), separators=(",", ":"))


def settings_of(config: NodeConfig, limits: Limits) -> SettingsInForce:
    """Return the settings of a node."""
    options = config.options
    areas = (
        AreaSettings(area.name, area.highest, area.warning, area.alarm, area.emissivity)
        for area in options.counted_areas
    )
    return SettingsInForce(
        limits=limits,
        compares=options.compares,
        silent_after=config.silent_after,
        offset=options.correction.offset,
        emissivity=options.correction.emissivity,
        dead_pixels=options.correction.dead_pixels,
        ignored=tuple(
            area.name for area in options.areas if area.kind is AreaKind.IGNORE
        ),
        areas=tuple(area for area in areas if area != AreaSettings(area.name)),
    )


def read_settings(text: str) -> SettingsInForce | None:
    """Return the settings that a text of the archive says, None if it is damaged."""
    try:
        return _read(json.loads(text))
    except (
        ArithmeticError,
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
    ):
        return None


def _read(said: Mapping[str, Any]) -> SettingsInForce:
    return SettingsInForce(
        limits=Limits(**{key: _number(one) for key, one in said["limits"].items()}),
        compares=bool(said["compares"]),
        silent_after=_optional(said["silent_after"]),
        offset=_number(said["offset"]),
        emissivity=_number(said["emissivity"]),
        dead_pixels=tuple(
            (int(row), int(column)) for row, column in said["dead_pixels"]
        ),
        ignored=tuple(map(str, said["ignored"])),
        areas=tuple(
            AreaSettings(
                str(area["name"]),
                **{key: _optional(one) for key, one in area.items() if key != "name"},
            )
            for area in said["areas"]
        ),
    )


def _number(value: Any) -> float:
    if not math.isfinite(value):
        raise ValueError(f"{value!r} is not a number")
    return float(value)


def _optional(value: Any) -> float | None:
    return None if value is None else _number(value)


class SettingsHistory:
    """The changes of a node's settings that are not in the archive yet."""

    def __init__(self, current: Callable[[], SettingsInForce]) -> None:
        """Initialize. `current` returns the settings in force."""
        self.current = current
        self._changes: list[SettingsChange] = []

    def note(self, now: datetime) -> None:
        """Note the settings in force from now on, if they are others than before."""
        text = self.current().as_text()
        if not self._changes or self._changes[-1].settings != text:
            self._changes.append(SettingsChange(now, text))

    def with_these(
        self, archived: Sequence[SettingsChange], start: datetime, end: datetime
    ) -> list[SettingsChange]:
        """Return the changes of the archive in a span, and those that it has not yet.

        As in the archive, the first ones are those in force at `start`, if it is known.
        """
        found = list(archived)
        for change in self._changes:
            last = found[-1] if found else None
            if change.since > end or (
                last
                and (change.since <= last.since or change.settings == last.settings)
            ):
                continue
            if change.since <= start:
                found.clear()
            found.append(change)
        return found

    def take(self) -> tuple[SettingsChange, ...]:
        """Return the changes to record with an image.

        The last one is among them each time: the file of the archive may be a new one.
        """
        taken = tuple(self._changes)
        del self._changes[:-1]
        return taken
