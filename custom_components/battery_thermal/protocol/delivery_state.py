"""State of the delivery of settings to a node, and its JSON."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Final, Self

from .attempts import Attempts
from .delivery_update import DeliveryStage
from .downlink import Settings
from .downlink_budget import DownlinkBudget
from .observed_settings import ObservedSettings
from .offered_downlinks import OfferedDownlinks
from .possible_settings import PossibleSettings
from .queue_slot import QueueSlot

WAITING: Final = (DeliveryStage.QUEUED, DeliveryStage.FAILED)
_NOT_SENT: Final = (DeliveryStage.IDLE, *WAITING)


class DeliveryState:
    """What is wanted and proven, and what was tried. `Delivery` has the rules."""

    def __init__(self, budget: int | None = None) -> None:
        """Initialize with nothing wanted. `budget`: downlinks a day; None: no limit."""
        self.wanted: Settings | None = None
        self.stage = DeliveryStage.IDLE
        self.error: str | None = None
        self._budget = DownlinkBudget(budget)
        self._attempts = Attempts()
        self._observed = ObservedSettings()
        self._observed_before = ObservedSettings()
        """What was observed before the wanted settings could have an effect."""
        self._offered = OfferedDownlinks()
        self._unanswered: str | None = None
        """The downlink that was offered, until the server answers or reports it."""
        self._counted = True
        """Whether the current downlink is in the budget's count."""
        self._possible = PossibleSettings()
        self._slot = QueueSlot()

    @property
    def budget(self) -> int | None:
        """Downlinks a day; None: no limit."""
        return self._budget.limit

    @property
    def proven(self) -> Settings | None:
        """The settings that the node is known to have received last."""
        return self._possible.proven

    @property
    def possible(self) -> tuple[Settings, ...] | None:
        """All settings that the node may have, None if it may have any."""
        return self._possible.all

    @property
    def pending(self) -> bool:
        """Whether the wanted settings are not proven as well as they can be."""
        if self.wanted is None:
            return False
        if self.stage in _NOT_SENT:
            return True
        return self._observed.contradicts(self.wanted)

    def as_dict(self) -> dict[str, Any]:
        """Return everything, for JSON."""
        offered = self._offered.as_dict()
        return {
            "wanted": self.wanted and asdict(self.wanted),
            "proven": self.proven and asdict(self.proven),
            "stage": self.stage,
            "error": self.error,
            "attempts": self._attempts.taken,
            "refusals": self._attempts.refused,
            "uplinks": self._attempts.uplinks,
            "seen": asdict(self._observed),
            "seen_before": asdict(self._observed_before),
            "current": offered["current"],
            "oldest": offered["oldest"],
            "counted": self._counted,
            "pushed": offered["pushed"],
            "sent_at": [at.isoformat() for at in self._budget.sent_at],
            **self._possible.as_dict(),
            **self._slot.as_dict(),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any], budget: int | None = None) -> Self:
        """Return what `as_dict` was called on."""
        delivery = cls(budget)
        delivery.wanted = data["wanted"] and Settings.from_dict(data["wanted"])
        delivery.stage = DeliveryStage(data["stage"])
        delivery.error = data["error"]
        # A record of an earlier release has no refusals.
        delivery._attempts = Attempts(
            data["attempts"], data.get("refusals", 0), data["uplinks"]
        )
        delivery._observed = ObservedSettings.from_dict(data["seen"])
        delivery._observed_before = ObservedSettings.from_dict(data["seen_before"])
        delivery._offered = OfferedDownlinks.from_dict(data)
        delivery._counted = data["counted"]
        delivery._possible = PossibleSettings.from_dict(data)
        delivery._slot = QueueSlot.from_dict(data)
        sent_at = map(datetime.fromisoformat, data["sent_at"])
        delivery._budget = DownlinkBudget(budget, sent_at)
        return delivery
