"""One alarm of the alarm log, from when it was raised to when it ended."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from .alarm_kinds import LOG_KINDS, Level, LogKind

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

LONGEST_NOTE: Final = 500
"""Characters of a note: what fits on a card, and bounds the file of the archive."""

_TIMES: Final = (
    "since",
    "peak_at",
    "ended_at",
    "begin_image",
    "peak_image",
    "end_image",
    "acknowledged_at",
)


type Slot = tuple[LogKind, str | None, str | None]
"""Kind, and key and name of an area."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LoggedAlarm:
    """An alarm: what, where, from when to when, its peak, and who acknowledged it.

    `level` is the highest that it has had. `area`: the name of the cell or area of the
    peak, None without one; that of an open alarm of one area follows its name. `area_key`
    is its key, which it keeps when it is renamed, None in alarms of earlier releases too. `peak` is in the unit of the kind's quantity
    (°C, K, K/min), None without a value; with `over_range` the true value is above what the node can say.
    `certain` is False while no image has shown that the value is over the limit for sure.
    `begin_image`, `peak_image`, `end_image`: when these images were started, None without
    one. `acknowledged_level`: the level at which it was acknowledged last; a higher one
    needs another acknowledgement. `revision` grows with each change, so that of two
    stored states the later one is known.
    """

    kind: LogKind
    level: Level
    since: datetime
    area: str | None = None
    area_key: str | None = None
    certain: bool = True
    peak: float | None = None
    peak_at: datetime | None = None
    over_range: bool = False
    ended_at: datetime | None = None
    begin_image: datetime | None = None
    peak_image: datetime | None = None
    end_image: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    acknowledged_level: Level | None = None
    note: str | None = None
    revision: int = 0

    @property
    def alarm_id(self) -> str:
        """Return what identifies the alarm among those of its node.

        Made of the kind, the time (ms since 1970), and the area if the kind has alarms of
        each area: the same after a restart, whichever stored state is read. The area is
        its key, in alarms of earlier releases its name.
        """
        stamp = (self.since - _EPOCH) // timedelta(milliseconds=1)
        area = self.area if self.area_key is None else self.area_key
        return f"{self.kind}-{stamp}" + (
            f"-{area}" if LOG_KINDS[self.kind].per_area else ""
        )

    @property
    def slot(self) -> Slot:
        """Return what only one alarm at a time can have: kind, or kind and area.

        The area is known by its key, in alarms of earlier releases by its name.
        """
        if not LOG_KINDS[self.kind].per_area:
            return self.kind, None, None
        return self.kind, self.area_key, self.area if self.area_key is None else None

    @property
    def active(self) -> bool:
        """Return whether the alarm has not ended."""
        return self.ended_at is None

    @property
    def acknowledged(self) -> bool:
        """Return whether it was acknowledged at its highest level."""
        known = self.acknowledged_level
        return known is not None and known.rank >= self.level.rank

    @property
    def images(self) -> frozenset[datetime]:
        """Return when its images were started: the archive keeps these."""
        images = (self.begin_image, self.peak_image, self.end_image)
        return frozenset(image for image in images if image is not None)

    def as_dict(self) -> dict[str, Any]:
        """Return the alarm for JSON."""
        values = asdict(self)
        return values | {
            key: values[key].isoformat() for key in _TIMES if values[key] is not None
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> LoggedAlarm:
        """Return the alarm of which `as_dict` returned the data."""
        times = {key: datetime.fromisoformat(data[key]) for key in _TIMES if data[key]}
        known = data["acknowledged_level"]
        return cls(
            **data
            | times
            | {
                "kind": LogKind(data["kind"]),
                "level": Level(data["level"]),
                "acknowledged_level": None if known is None else Level(known),
            }
        )
