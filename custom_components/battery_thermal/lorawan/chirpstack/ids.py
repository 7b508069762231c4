"""Ids of applications and devices on ChirpStack, and the topics that contain them.

Source: ChirpStack v4, `integration/mqtt.rs`. An application's ID is a UUID, a device's
EUI has 16 hexadecimal digits, both in lower case: ChirpStack compares them as text.
"""

import re
from typing import Final

_APPLICATION: Final = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII
)
_DEV_EUI: Final = re.compile(r"[0-9a-f]{16}", re.ASCII)
_LONGEST_PREFIX: Final = 200
# Wildcards of topic filters (MQTT 5.0, 4.7.1), and the character that no topic may have.
_NOT_IN_TOPICS: Final = re.compile(r"[+#\0]")


def is_application_id(text: object) -> bool:
    """Return whether this is the ID of an application."""
    return isinstance(text, str) and _APPLICATION.fullmatch(text) is not None


def is_dev_eui(text: object) -> bool:
    """Return whether this is the EUI of a device."""
    return isinstance(text, str) and _DEV_EUI.fullmatch(text) is not None


def is_topic_prefix(text: str) -> bool:
    """Return whether the text is valid at the start of a topic."""
    return len(text) <= _LONGEST_PREFIX and not _NOT_IN_TOPICS.search(text)


def normalized_dev_eui(text: str) -> str:
    """Return an EUI without the separators that labels and consoles print."""
    return re.sub(r"[\s:.-]", "", text).lower()


def normalized_prefix(text: str) -> str:
    """Return a topic prefix with a slash at its end; an empty prefix stays empty."""
    prefix = text.strip()
    return prefix if not prefix or prefix.endswith("/") else f"{prefix}/"


class Topics:
    """Topics of one application; prefixes are empty or end with a slash."""

    def __init__(
        self, application: str, event_prefix: str = "", command_prefix: str = ""
    ) -> None:
        """Initialize for an application's ID."""
        self._events = f"{event_prefix}application/{application}/device/"
        self._commands = f"{command_prefix}application/{application}/device/"

    @property
    def event_filter(self) -> str:
        """The filter of all events of all devices."""
        return f"{self._events}+/event/+"

    def downlink(self, dev_eui: str) -> str:
        """Return the topic of downlinks to a device."""
        return f"{self._commands}{dev_eui}/command/down"

    @property
    def check(self) -> str:
        """A command that ChirpStack does not know, for a device that cannot exist.

        ChirpStack subscribes to all commands, and ignores this one with a warning in its
        log. A broker's answer to it shows whether a downlink would reach ChirpStack.
        """
        return f"{self._commands}{'0' * 16}/command/check"

    def event_of(self, topic: str) -> tuple[str, str] | None:
        """Return the EUI and the event of a topic; None for any other topic."""
        match topic.removeprefix(self._events).split("/"):
            case [dev_eui, "event", event] if topic.startswith(self._events):
                return (dev_eui, event) if is_dev_eui(dev_eui) else None
        return None
