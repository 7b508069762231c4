"""What the dashboards are told: all boards at once, then what changes about them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from time import monotonic
from typing import Any, Final

import probatio as vol

from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.components.websocket_api import async_register_command
from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.components.websocket_api.decorators import websocket_command
from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_call_later

from .boards import BUTTON, LED, LIGHT, SESSION, Board, Reading, Readings
from .const import DOMAIN
from .network import Network, NetworkConfigEntry
from .permissions import allowed

#: Seconds between two messages to one viewer: nobody sees a difference, and 200 boards
#: that report every 2 s are then five messages a second and not a hundred.
PACE: Final = 0.2

_KINDS: Final = ((LED, "led"), (BUTTON, "button"), (LIGHT, "light"))


@callback
def async_setup_websocket_api(hass: HomeAssistant) -> None:
    """Register the command."""
    async_register_command(hass, _subscribe_boards)


@websocket_command({vol.Required("type"): f"{DOMAIN}/subscribe_boards"})
@callback
def _subscribe_boards(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Tell a viewer of all boards from now on."""
    viewer = Viewer(hass, connection, msg["id"])
    connection.subscriptions[msg["id"]] = viewer.async_stop
    connection.send_result(msg["id"])
    viewer.async_start()


class Viewer:
    """One page that shows boards, and what it has been told.

    An event has ``boards``, by key, and ``gone``, a list of keys. The first event about
    a board holds all that is known of it, with its last ``readings``; the later ones
    hold what may change, with the ``new`` readings. An event with ``snapshot`` replaces
    everything that was said before. Times are seconds since the epoch.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        connection: ActiveConnection,
        subscription: int,
    ) -> None:
        """Prepare; nothing is told yet."""
        self._hass = hass
        self._connection = connection
        self._subscription = subscription
        self._networks: dict[str, list[CALLBACK_TYPE]] = {}
        """Entry ids of the networks that are followed, and how to stop."""
        self._changed: dict[str, tuple[Network, Board]] = {}
        """What there is to tell, by the board's key."""
        self._new: defaultdict[str, dict[str, list[Reading]]] = defaultdict(dict)
        self._told: dict[str, tuple[Network, Board]] = {}
        """The boards the viewer knows of."""
        self._gone: set[str] = set()
        self._sent_at = 0.0
        self._sending: CALLBACK_TYPE | None = None

    @callback
    def async_start(self) -> None:
        """Tell of all boards, and follow them."""
        self._stop_following = async_dispatcher_connect(
            self._hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._entry_changed
        )
        for entry in self._hass.config_entries.async_loaded_entries(DOMAIN):
            self._follow(entry)
        self._send(snapshot=True)

    @callback
    def async_stop(self) -> None:
        """Tell nothing any more."""
        self._stop_following()
        for stops in self._networks.values():
            _call(stops)
        if self._sending:
            self._sending()

    # Networks and boards that come and go

    @callback
    def _entry_changed(
        self, change: ConfigEntryChange, entry: NetworkConfigEntry
    ) -> None:
        if entry.domain != DOMAIN:
            return
        loaded = entry.state is ConfigEntryState.LOADED
        if loaded and entry.entry_id not in self._networks:
            self._follow(entry)
        elif not loaded and (stops := self._networks.pop(entry.entry_id, None)):
            _call(stops)
            self._drop(
                key
                for key, (network, _) in (self._told | self._changed).items()
                if network.entry is entry
            )

    def _follow(self, entry: NetworkConfigEntry) -> None:
        network = entry.runtime_data
        stops = self._networks[entry.entry_id] = []
        stops.append(network.async_on_figures(partial(self._figures_changed, network)))
        stops.append(
            network.async_on_boards(partial(self._boards_came, network, stops))
        )

    @callback
    def _boards_came(
        self, network: Network, stops: list[CALLBACK_TYPE], boards: list[Board]
    ) -> None:
        for board in boards:
            changed = partial(self._board_changed, network, board)
            stops.append(board.listen(SESSION | LED | BUTTON | LIGHT, changed))
            changed(SESSION)

    @callback
    def _figures_changed(self, network: Network) -> None:
        """Look for boards that were deleted: only their number tells."""
        self._drop(
            key
            for key, (of, board) in (self._told | self._changed).items()
            if of is network and network.registry.boards.get(board.mac) is not board
        )

    def _drop(self, keys: Iterable[str]) -> None:
        for key in list(keys):
            self._changed.pop(key, None)
            self._new.pop(key, None)
            if self._told.pop(key, None):
                self._gone.add(key)
        if self._gone:
            self._send_soon()

    # Changes of one board

    @callback
    def _board_changed(self, network: Network, board: Board, changed: int) -> None:
        key = f"{network.entry.entry_id}/{board.mac}"
        self._changed[key] = (network, board)
        for aspect, kind in _KINDS:
            if changed & aspect:
                # Each is told of once, right after it was kept.
                readings: Readings = getattr(board, f"{kind}_readings")
                self._new[key].setdefault(kind, []).append(readings.last)
        self._send_soon()

    def _send_soon(self) -> None:
        """Send what there is: at once when the last message is a while ago."""
        if self._sending is None:
            wait = max(self._sent_at + PACE - monotonic(), 0)
            self._sending = async_call_later(self._hass, wait, self._send_now)

    @callback
    def _send_now(self, _now: datetime) -> None:
        self._sending = None
        self._send()

    def _send(self, snapshot: bool = False) -> None:
        changed, self._changed = self._changed, {}
        new, self._new = self._new, defaultdict(dict)
        gone, self._gone = self._gone, set()
        boards = {}
        for key, (network, board) in changed.items():
            if key in self._told:
                boards[key] = _state(board) | {"new": _rounded(new[key])}
            elif (record := self._record(network, board)) is not None:
                self._told[key] = (network, board)
                boards[key] = record
        if not (snapshot or boards or gone):
            return
        self._sent_at = monotonic()
        event: dict[str, Any] = {"boards": boards, "gone": sorted(gone - set(boards))}
        if snapshot:
            event["snapshot"] = True
        self._connection.send_event(self._subscription, event)

    def _record(self, network: Network, board: Board) -> dict[str, Any] | None:
        """Return all that is known of a board; None if it is not for the viewer's eyes."""
        may = partial(
            allowed, self._hass, self._connection.user.permissions, network, board
        )
        if not may(POLICY_READ):
            return None
        return _state(board) | {
            "network": network.entry.entry_id,
            "mac": board.mac,
            # Its first session's id is this time to the microsecond.
            "joined_at": int(board.joined_at),
            "control": may(POLICY_CONTROL),
            "readings": _rounded(
                {kind: getattr(board, f"{kind}_readings") for _, kind in _KINDS}
            ),
        }


def _state(board: Board) -> dict[str, Any]:
    """Return what may change of a board."""
    last_seen = board.last_seen
    return {
        "name": board.session.name,
        "online": board.online,
        "led": board.led,
        "button": board.button,
        "light": board.light,
        "last_seen": None if last_seen is None else round(last_seen, 3),
    }


def _rounded(readings: Mapping[str, Iterable[Reading]]) -> dict[str, list[Reading]]:
    """Return readings with times as exact as anyone reads them."""
    return {
        kind: [(round(time, 3), value) for time, value in values]
        for kind, values in readings.items()
    }


def _call(stops: list[CALLBACK_TYPE]) -> None:
    for stop in stops:
        stop()
