"""Settings that a node may have, given the downlinks that it may have received."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any, Final

from .downlink import FRESH_SETTINGS, Settings

CERTAIN_AFTER: Final = 5
"""Transmissions of the same settings by a gateway after which the node has them."""


class PossibleSettings:
    """The proven settings of a node, and those that it may have instead.

    A transmission by a gateway does not prove that the node has received it.
    """

    def __init__(self) -> None:
        """Initialize for a node of which nothing is known."""
        self.proven: Settings | None = None
        self._others: list[Settings] = [FRESH_SETTINGS]
        self._transmissions = 0
        """Transmissions of the proven settings by a gateway."""
        self._foreign = False
        """Whether the last downlink that a gateway has sent was another client's."""

    @property
    def all(self) -> tuple[Settings, ...] | None:
        """All settings that the node may have; None: it may have any."""
        if self.proven is None or self._foreign:
            return None
        return self.proven, *self._others

    def restart(self) -> None:
        """Note that the node has joined again, and may have the settings of a new one."""
        known = () if self.proven is None else (self.proven,)
        self._others = list(dict.fromkeys((FRESH_SETTINGS, *known, *self._others)))
        self.proven = None

    def note_possible(self, settings: Settings) -> None:
        """Note that the node may receive these settings from now on."""
        if settings not in (self.proven, *self._others):
            self._others.append(settings)

    def prove(self, settings: Settings, others: Iterable[Settings]) -> None:
        """Note that the node has had these settings; `others`: that it may have now."""
        self.proven = settings
        self._others = [other for other in dict.fromkeys(others) if other != settings]
        self._transmissions = 0
        self._foreign = False

    def prove_by_gateway(self, settings: Settings, later: Sequence[Settings]) -> None:
        """Note that a gateway has sent settings, which the node may not have received.

        `later`: those of the downlinks that were offered after it.
        """
        before = self.proven
        transmissions = 1 + (self._transmissions if settings == before else 0)
        if transmissions >= CERTAIN_AFTER:
            self.prove(settings, later)
        elif settings == before or before is None:
            self.prove(settings, [*self._others, *later])
        else:
            self.prove(settings, [before, *later])
        self._transmissions = transmissions

    def note_foreign_downlink(self) -> None:
        """Note that a gateway has sent another client's downlink."""
        self._foreign = True

    def exclude_by_idle_fan(self, maximum: int, pending: Settings | None) -> None:
        """Remove settings with which the fan would have run at the end of an image.

        `maximum`: that of the image, in tenths of a °C. `pending`: settings that the
        node has not received yet, which stay possible.
        """
        self._others = [
            settings
            for settings in self._others
            if settings == pending
            or not (settings.fan or maximum > 10 * settings.threshold)
        ]

    def as_dict(self) -> dict[str, Any]:
        """Return everything but the proven settings, for JSON."""
        return {
            "rest": [asdict(settings) for settings in self._others],
            "repeats": self._transmissions,
            "foreign": self._foreign,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> PossibleSettings:
        """Return what was stored; a record of an earlier release may lack `as_dict`'s."""
        possible = cls()
        possible.proven = data["proven"] and Settings.from_dict(data["proven"])
        fresh = [asdict(FRESH_SETTINGS)]
        possible._others = [Settings.from_dict(one) for one in data.get("rest", fresh)]
        possible._transmissions = data.get("repeats", 0)
        possible._foreign = data.get("foreign", False)
        return possible
