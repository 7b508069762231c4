"""Downlinks that were given to the network server and whose reports may still come."""

from dataclasses import asdict
from typing import Any, Final

from .downlink import Settings

_REMEMBERED: Final = 8


class OfferedDownlinks:
    """The downlinks offered last, by their correlation ids, oldest first."""

    def __init__(self) -> None:
        """Initialize with no downlink."""
        self.current: str | None = None
        """The one that the network server took last: what is queued, if anything is."""
        self._oldest_effective: str | None = None
        """Those from this one on may still change what the node does."""
        self._settings: dict[str, Settings] = {}

    def note_offered(self, correlation_id: str, settings: Settings) -> None:
        """Note that a downlink is about to be offered."""
        self._settings[correlation_id] = settings
        for old in list(self._settings)[:-_REMEMBERED]:
            if old != self.current:
                del self._settings[old]

    def get(self, correlation_id: str) -> Settings | None:
        """Return the settings of a downlink; None if it is another client's."""
        return self._settings.get(correlation_id)

    def __getitem__(self, correlation_id: str) -> Settings:
        """Return the settings of a downlink that was offered."""
        return self._settings[correlation_id]

    def after(self, correlation_id: str) -> list[Settings]:
        """Return the settings that were offered after a downlink."""
        ids = list(self._settings)
        later = ids[ids.index(correlation_id) + 1 :]
        return [self._settings[key] for key in later]

    def note_replaced_was_sent(self, correlation_id: str) -> None:
        """Note that a downlink was sent although it had been replaced."""
        self._oldest_effective = correlation_id

    def note_uplink(self) -> None:
        """Note that an uplink came: replaced downlinks have been sent, or never will be."""
        self._oldest_effective = self.current

    def rivals(self, wanted: Settings | None) -> list[Settings]:
        """Return other settings that the node may just have received.

        A downlink that was replaced may have been sent in answer to the uplink before;
        one without an answer may have been taken.
        """
        ids = list(self._settings)
        start = 0
        if self._oldest_effective in self._settings:
            start = ids.index(self._oldest_effective)
        rivals = (self._settings[key] for key in ids[start:])
        return [settings for settings in rivals if settings != wanted]

    def as_dict(self) -> dict[str, Any]:
        """Return everything for JSON."""
        return {
            "current": self.current,
            "oldest": self._oldest_effective,
            "pushed": {
                key: asdict(settings) for key, settings in self._settings.items()
            },
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> OfferedDownlinks:
        """Return what `as_dict` returned."""
        offered = cls()
        offered.current = data["current"]
        # A record of an earlier release does not have it.
        offered._oldest_effective = data.get("oldest")
        offered._settings = {
            key: Settings.from_dict(settings)
            for key, settings in data["pushed"].items()
        }
        return offered
