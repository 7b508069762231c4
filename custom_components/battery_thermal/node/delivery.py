"""Settings on their way to the node: wanted, sent, proven.

A node of class A can hear only right after it spoke. So nothing is repeated by the
clock: uplinks are counted. One downlink always carries everything that is wanted and
replaces what is still queued.

What proves that a downlink has arrived: mode and fan show in what the node sends, the
threshold never does. But as one downlink carries all three, whichever of mode and fan
it changes proves the threshold with it, unless another downlink that may still be on
its way would have changed it too.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from .downlink import FRESH_SETTINGS, Settings
from .layout import Mode

DAILY_BUDGET = 8
"""Downlinks a day, of the 10 that The Things Network's fair use policy allows."""

NOT_SENT_AFTER = 3
"""Uplinks after which a queued downlink should have been sent."""

NOT_OBEYED_AFTER = 2
"""Uplinks after which a sent downlink should have shown."""

REPEAT_AFTER = (2, 4, 8)
"""Uplinks before each repetition that follows the first, and after each refusal."""

_ATTEMPTS = 2 + len(REPEAT_AFTER)
_DAY = timedelta(days=1)
_REMEMBERED = 8
"""Downlinks whose events may still come."""


class Stage(StrEnum):
    """How far what is wanted has come, each further one a better proof."""

    IDLE = "idle"
    """Nothing is on its way."""
    QUEUED = "queued"
    """The network server has it."""
    SENT = "sent"
    """A gateway has sent it."""
    ACKNOWLEDGED = "acknowledged"
    """The node has confirmed it."""
    REPORTED = "reported"
    """What the node sends shows it."""
    FAILED = "failed"
    """Refused, lost, or repeated in vain."""


class DeliveryEvent(StrEnum):
    """What has happened to a downlink."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    SUPERSEDED = "superseded"


class Happened(NamedTuple):
    """What has happened to a downlink, the settings that it carries, and the error."""

    event: DeliveryEvent
    settings: Settings
    error: str | None = None


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one uplink tells of the settings; None: nothing."""

    mode: Mode | None = None
    fan: bool | None = None

    def contradicts(self, settings: Settings) -> bool:
        wrong_mode = self.mode not in (None, settings.mode)
        return wrong_mode or self.fan not in (None, settings.fan)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> _Seen:
        return cls(data["mode"] and Mode(data["mode"]), data["fan"])


class Delivery:
    """What one node shall do, what it is known to do, and what leads there."""

    def __init__(self, budget: int | None = DAILY_BUDGET) -> None:
        """Start with nothing wanted. `budget`: downlinks a day; None: no limit."""
        self.budget = budget
        self.wanted: Settings | None = None
        self.proven: Settings | None = None
        self.stage = Stage.IDLE
        self.error: str | None = None
        self._attempts = 0
        self._refusals = 0
        self._uplinks = 0
        self._seen = _Seen()
        self._seen_before = _Seen()
        self._current: str | None = None
        self._oldest: str | None = None
        """What was pushed from this one on may still change what the node does."""
        self._counted = True
        self._pushed: dict[str, Settings] = {}
        self._sent_at: list[datetime] = []

    @property
    def pending(self) -> bool:
        """Whether something is wanted that is not proven as well as it can be."""
        if self.wanted is None:
            return False
        if self.stage in (Stage.IDLE, Stage.QUEUED, Stage.FAILED):
            return True
        return self._seen.contradicts(self.wanted)

    def request(
        self,
        *,
        threshold: int | None = None,
        mode: Mode | None = None,
        fan: bool | None = None,
    ) -> Happened | None:
        """Want something else; what is not given stays as it was.

        What nobody has ever asked for is taken to be as a fresh node has it, or as
        the node has reported it. To want again what is on its way, or there, costs
        nothing.
        """
        base = self.wanted or Settings(
            FRESH_SETTINGS.threshold,
            self._seen.mode or FRESH_SETTINGS.mode,
            FRESH_SETTINGS.fan,
        )
        wanted = Settings(
            base.threshold if threshold is None else threshold,
            mode or base.mode,
            base.fan if fan is None else fan,
        )
        if wanted == self.wanted and self.stage not in (Stage.IDLE, Stage.FAILED):
            return None
        superseded = self.stage is Stage.QUEUED
        self.wanted = wanted
        self._begin_anew()
        return Happened(DeliveryEvent.SUPERSEDED, base) if superseded else None

    def restarted(self) -> None:
        """Take note that the node has joined anew, and may be as a fresh one is."""
        self.proven = None
        self._seen = _Seen()
        self._begin_anew()

    def _begin_anew(self) -> None:
        self.stage, self.error = Stage.IDLE, None
        self._attempts = self._refusals = 0

    def sent_today(self, now: datetime) -> int:
        """Return how many downlinks the last 24 hours have used up."""
        return sum(now - at < _DAY for at in self._sent_at)

    def within_budget(self, now: datetime) -> bool:
        """Whether one downlink more may be sent today."""
        return self.budget is None or self.sent_today(now) < self.budget

    def due(self, now: datetime) -> Settings | None:
        """Return what to send now, as a downlink that replaces what is queued."""
        if self.wanted is None or not self.within_budget(now):
            return None
        tried = self._attempts or self._refusals
        if tried and self._uplinks < self._patience:
            return None
        return self.wanted if self._attempts < _ATTEMPTS else None

    @property
    def _patience(self) -> int:
        """How many disappointing uplinks the latest attempt is given."""
        if self._refusals:
            return REPEAT_AFTER[min(self._refusals, len(REPEAT_AFTER)) - 1]
        if self._attempts > 1:
            return REPEAT_AFTER[min(self._attempts, _ATTEMPTS - 1) - 2]
        return NOT_SENT_AFTER if self.stage is Stage.QUEUED else NOT_OBEYED_AFTER

    def offered(self, correlation_id: str, settings: Settings) -> None:
        """Take note that a downlink is about to be given to the network server.

        Whatever its answer, and even without one, it may have been taken from now on.
        """
        self._pushed[correlation_id] = settings
        for old in list(self._pushed)[:-_REMEMBERED]:
            if old != self._current:
                del self._pushed[old]
        self._seen_before = self._seen

    def accepted(self, correlation_id: str) -> Happened:
        """Take note that the network server has taken a downlink that was offered."""
        settings = self._pushed[correlation_id]
        self._current = correlation_id
        self._counted = False
        if settings == self.wanted:
            self._attempts += 1
            self._refusals = 0
            self.error = None
            self._advance(Stage.QUEUED)
        return Happened(DeliveryEvent.QUEUED, settings)

    def refused(self, correlation_id: str, error: str) -> Happened:
        """Take note that the network server has not taken a downlink, or not said so.

        That is no attempt to reach the node, and so never the last one.
        """
        settings = self._pushed[correlation_id]
        if settings == self.wanted:
            self._refusals += 1
            self.error = error
            self._advance(Stage.FAILED)
        return Happened(DeliveryEvent.FAILED, settings, error)

    def sent(self, correlation_id: str, now: datetime) -> Happened | None:
        """Take note that a gateway has sent a downlink, ours or someone else's."""
        ours = self._pushed.get(correlation_id)
        is_current = correlation_id == self._current
        if ours is None or not is_current or not self._counted:
            self._count(now)
        if ours is None:
            return None
        self.proven = ours
        if is_current:
            self._counted = True
        else:
            self._oldest = correlation_id
        if ours == self.wanted and self.stage in (Stage.QUEUED, Stage.FAILED):
            self.error = None
            self._advance(Stage.SENT)
        elif not is_current:
            return None
        return Happened(DeliveryEvent.SENT, ours)

    def acknowledged(self, correlation_id: str) -> Happened | None:
        """Take note that the node has confirmed a downlink."""
        if (settings := self._pushed.get(correlation_id)) is None:
            return None
        self.proven = settings
        if settings == self.wanted and self.stage is not Stage.IDLE:
            self._advance(Stage.ACKNOWLEDGED)
        return Happened(DeliveryEvent.DELIVERED, settings)

    def failed(self, correlation_id: str, error: str) -> Happened | None:
        """Take note that the network server has given a downlink up."""
        if correlation_id != self._current or self.stage is Stage.IDLE:
            return None
        self.error = error
        self._advance(Stage.FAILED)
        return Happened(DeliveryEvent.FAILED, self._pushed[correlation_id], error)

    def uplink(
        self, now: datetime, *, mode: Mode | None, fan: bool, maximum: float | None
    ) -> Happened | None:
        """Learn from a message of the node.

        `mode`: what it was sent in, None if that is not certain. `fan`: whether the
        fan runs. `maximum`: the highest temperature in °C of the image that the
        message is of, None if unknown. Afterwards `due` may have something to send.
        """
        self._seen = self._what_shows(mode, fan, maximum)
        rivals = self._rivals
        # What the current one has replaced has left before this message, or never will:
        # from the next message on it explains nothing new.
        self._oldest = self._current
        if not self._counted:
            # What was queued leaves in answer to this message; `sent` may never come.
            self._count(now)
            self._counted = True
        if self.wanted is None or self.stage is Stage.IDLE:
            return None
        if self.stage is not Stage.REPORTED and self._shows_success(rivals):
            self.proven = self.wanted
            self._attempts, self._refusals = 1, 0
            self.error = None
            self._advance(Stage.REPORTED)
            return Happened(DeliveryEvent.DELIVERED, self.wanted)
        contradicted = self._seen.contradicts(self.wanted)
        if contradicted or rivals:
            self._seen_before = self._seen
        if contradicted or self.stage in (Stage.QUEUED, Stage.FAILED):
            self._uplinks += 1
        else:
            self._uplinks = 0
        if self._attempts == _ATTEMPTS and self._uplinks == REPEAT_AFTER[-1]:
            self.stage, self.error = Stage.FAILED, "no_answer"
            return Happened(DeliveryEvent.FAILED, self.wanted, self.error)
        return None

    def _count(self, now: datetime) -> None:
        self._sent_at = [at for at in self._sent_at if now - at < _DAY]
        self._sent_at.append(now)

    def _advance(self, stage: Stage) -> None:
        self.stage = stage
        self._uplinks = 0

    def _what_shows(self, mode: Mode | None, fan: bool, maximum: float | None) -> _Seen:
        """Return the settings that an uplink shows.

        A fan that runs proves nothing if the temperature alone may be the reason.
        """
        thresholds = [s.threshold for s in (self.wanted, self.proven) if s is not None]
        hot = maximum is None or not thresholds or maximum > min(thresholds)
        return _Seen(mode, None if fan and hot else fan)

    @property
    def _rivals(self) -> list[Settings]:
        """Other settings that may be what the node has just begun to do.

        A downlink that has been replaced may have left all the same, in answer to the
        message before; one without an answer may have been taken.
        """
        ids = list(self._pushed)
        start = ids.index(self._oldest) if self._oldest in self._pushed else 0
        rivals = (self._pushed[key] for key in ids[start:])
        return [settings for settings in rivals if settings != self.wanted]

    def _shows_success(self, rivals: list[Settings]) -> bool:
        """Whether the node has changed what it had to, by what is wanted alone."""
        wanted, seen, before = self.wanted, self._seen, self._seen_before
        assert wanted is not None
        if seen.contradicts(wanted):
            return False
        return (
            before.mode not in (None, wanted.mode)
            and seen.mode is not None
            and all(rival.mode is not wanted.mode for rival in rivals)
        ) or (
            before.fan not in (None, wanted.fan)
            and seen.fan is not None
            and all(rival.fan is not wanted.fan for rival in rivals)
        )

    def as_dict(self) -> dict[str, Any]:
        """Return everything, for JSON."""
        return {
            "wanted": self.wanted and asdict(self.wanted),
            "proven": self.proven and asdict(self.proven),
            "stage": self.stage,
            "error": self.error,
            "attempts": self._attempts,
            "refusals": self._refusals,
            "uplinks": self._uplinks,
            "seen": asdict(self._seen),
            "seen_before": asdict(self._seen_before),
            "current": self._current,
            "oldest": self._oldest,
            "counted": self._counted,
            "pushed": {key: asdict(settings) for key, settings in self._pushed.items()},
            "sent_at": [at.isoformat() for at in self._sent_at],
        }

    @classmethod
    def from_dict(
        cls, data: dict[str, Any], budget: int | None = DAILY_BUDGET
    ) -> Delivery:
        """Go on with what `as_dict` returned."""
        delivery = cls(budget)
        delivery.wanted = data["wanted"] and Settings.from_dict(data["wanted"])
        delivery.proven = data["proven"] and Settings.from_dict(data["proven"])
        delivery.stage = Stage(data["stage"])
        delivery.error = data["error"]
        delivery._attempts = data["attempts"]
        # A record of an earlier release has neither these nor the oldest.
        delivery._refusals = data.get("refusals", 0)
        delivery._uplinks = data["uplinks"]
        delivery._seen = _Seen.from_dict(data["seen"])
        delivery._seen_before = _Seen.from_dict(data["seen_before"])
        delivery._current = data["current"]
        delivery._oldest = data.get("oldest")
        delivery._counted = data["counted"]
        delivery._pushed = {
            key: Settings.from_dict(settings)
            for key, settings in data["pushed"].items()
        }
        delivery._sent_at = [datetime.fromisoformat(at) for at in data["sent_at"]]
        return delivery
