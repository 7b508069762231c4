"""API keys and what they may do."""

from collections.abc import Iterable
from enum import StrEnum


class Right(StrEnum):
    """Rights over an application, as far as the stand-in asks for them."""

    INFO = "RIGHT_APPLICATION_INFO"
    DEVICES_READ = "RIGHT_APPLICATION_DEVICES_READ"
    TRAFFIC_READ = "RIGHT_APPLICATION_TRAFFIC_READ"
    TRAFFIC_DOWN_WRITE = "RIGHT_APPLICATION_TRAFFIC_DOWN_WRITE"


ALL_RIGHTS = frozenset(Right)

MQTT_PAGE_RIGHTS = frozenset({Right.TRAFFIC_READ, Right.TRAFFIC_DOWN_WRITE})
"""What a key made on the console's MQTT page has."""


class Keys:
    """The application's API keys."""

    def __init__(self) -> None:
        """Start without any."""
        self._rights: dict[str, frozenset[Right]] = {}

    def add(self, key: str, rights: Iterable[Right]) -> None:
        """Make a key valid, or change what it may do."""
        self._rights[key] = frozenset(rights)

    def revoke(self, key: str) -> None:
        """Make a key invalid."""
        self._rights.pop(key, None)

    def rights(self, key: str | None) -> frozenset[Right] | None:
        """Return what a key may do; None: there is no such key."""
        return None if key is None else self._rights.get(key)
