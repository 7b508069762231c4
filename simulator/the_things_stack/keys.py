"""API keys and their rights."""

from collections.abc import Iterable
from enum import StrEnum


class Right(StrEnum):
    """Rights over an application that the stand-in checks."""

    INFO = "RIGHT_APPLICATION_INFO"
    DEVICES_READ = "RIGHT_APPLICATION_DEVICES_READ"
    TRAFFIC_READ = "RIGHT_APPLICATION_TRAFFIC_READ"
    TRAFFIC_DOWN_WRITE = "RIGHT_APPLICATION_TRAFFIC_DOWN_WRITE"


ALL_RIGHTS = frozenset(Right)

MQTT_PAGE_RIGHTS = frozenset({Right.TRAFFIC_READ, Right.TRAFFIC_DOWN_WRITE})
"""Rights of a key made on the console's MQTT page."""


class Keys:
    """The application's API keys."""

    def __init__(self) -> None:
        """Initialize without keys."""
        self._rights: dict[str, frozenset[Right]] = {}

    def add(self, key: str, rights: Iterable[Right]) -> None:
        """Add a key, or change its rights."""
        self._rights[key] = frozenset(rights)

    def revoke(self, key: str) -> None:
        """Make a key invalid."""
        self._rights.pop(key, None)

    def rights(self, key: str | None) -> frozenset[Right] | None:
        """Return the rights of a key, None if it is unknown."""
        return None if key is None else self._rights.get(key)
