"""One viewer's subscription to what the entries of an integration have.

The source of this module is common/python; script/sync writes the copies.
"""

from abc import ABC, abstractmethod
from datetime import datetime
from time import monotonic
from typing import Any, Final, cast

from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_call_later

from .rights import async_follow_rights

#: Smallest number of seconds between two messages to one viewer. 200 boards that report
#: every 2 s are five messages a second then and not a hundred, with no visible difference.
PACE: Final = 0.2


class Subscription[Entry: ConfigEntry[Any]](ABC):
    """Follow all loaded entries and the rights of a viewer, and send what has changed."""

    def __init__(
        self,
        hass: HomeAssistant,
        connection: ActiveConnection,
        subscription: int,
        domain: str,
    ) -> None:
        """Initialize without sending anything."""
        self.hass = hass
        self.connection = connection
        self._subscription = subscription
        self._domain = domain
        self._entries: dict[str, list[CALLBACK_TYPE]] = {}
        """Functions that end listening, by the id of the entry."""
        self._sent_at = 0.0
        self._sending: CALLBACK_TYPE | None = None

    @callback
    def async_start(self) -> None:
        """Follow everything that there is, and what is added."""
        self._stop_following = async_dispatcher_connect(
            self.hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._entry_changed
        )
        self._stop_following_rights = async_follow_rights(
            self.hass, self.connection, self.rights_changed, self._end
        )
        for entry in self.hass.config_entries.async_loaded_entries(self._domain):
            self._follow(entry)

    @callback
    def async_stop(self) -> None:
        """End listening to everything, and cancel the next message."""
        self._stop_following()
        self._stop_following_rights()
        for stops in self._entries.values():
            _call(stops)
        if self._sending:
            self._sending()

    @abstractmethod
    def follow(self, entry: Entry, stops: list[CALLBACK_TYPE]) -> None:
        """Listen to a loaded entry, and add the functions that end that to ``stops``."""

    @abstractmethod
    def unfollow(self, entry: Entry) -> None:
        """Note that what an entry had is gone; nothing listens to it any more."""

    @abstractmethod
    def entry_changed(self) -> None:
        """Handle the change of an entry; it has been followed or unfollowed, if need be."""

    @abstractmethod
    @callback
    def rights_changed(self) -> None:
        """Check again what the viewer may see and control."""

    @abstractmethod
    def send(self) -> None:
        """Send what has changed, if anything."""

    @abstractmethod
    def all_gone(self) -> dict[str, Any]:
        """Return the event after which the viewer has nothing any more."""

    def schedule_send(self) -> None:
        """Schedule a message: at once if the last one was at least ``PACE`` ago."""
        if self._sending is None:
            wait = max(self._sent_at + PACE - monotonic(), 0)
            self._sending = async_call_later(self.hass, wait, self._async_send_now)

    def send_event(self, event: dict[str, Any]) -> None:
        """Send an event to the viewer."""
        self._sent_at = monotonic()
        self.connection.send_event(self._subscription, event)

    @callback
    def _async_send_now(self, _now: datetime) -> None:
        self._sending = None
        self.send()

    @callback
    def _end(self) -> None:
        """End the subscription: the user or token is not valid any more."""
        self.connection.subscriptions.pop(self._subscription, None)
        self.async_stop()
        self.send_event(self.all_gone())

    @callback
    def _entry_changed(self, change: ConfigEntryChange, entry: ConfigEntry) -> None:
        if entry.domain != self._domain:
            return
        loaded = entry.state is ConfigEntryState.LOADED
        if loaded and entry.entry_id not in self._entries:
            self._follow(entry)
        elif not loaded and entry.entry_id in self._entries:
            _call(self._entries.pop(entry.entry_id))
            self.unfollow(cast("Entry", entry))
        self.entry_changed()

    def _follow(self, entry: ConfigEntry) -> None:
        stops = self._entries[entry.entry_id] = []
        self.follow(cast("Entry", entry), stops)


def _call(stops: list[CALLBACK_TYPE]) -> None:
    for stop in stops:
        stop()
