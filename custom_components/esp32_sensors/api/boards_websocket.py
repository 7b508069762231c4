"""WebSocket command for dashboards: a snapshot of all boards, then their changes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Final, override

import probatio as vol

from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.components.websocket_api import async_register_command
from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.components.websocket_api.decorators import websocket_command
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback

from ..const import DOMAIN
from ..core.boards import RECORD, SESSION, Board
from ..core.readings import KINDS, Reading
from ..hub.network import Network, NetworkConfigEntry
from .board_messages import record_of, rounded, state_of
from .network_states import network_states
from .permissions import allowed
from .subscription import Subscription

#: All aspects of a board.
_ALL_ASPECTS: Final = SESSION | RECORD | sum(kind.aspect for kind in KINDS)


@callback
def async_setup_websocket_api(hass: HomeAssistant) -> None:
    """Register the command."""
    async_register_command(hass, _subscribe_boards)


@websocket_command({vol.Required("type"): f"{DOMAIN}/subscribe_boards"})
@callback
def _subscribe_boards(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Send all boards and their changes to a viewer."""
    viewer = Viewer(hass, connection, msg["id"])
    connection.subscriptions[msg["id"]] = viewer.async_stop
    connection.send_result(msg["id"])
    viewer.async_start()


class Viewer(Subscription[NetworkConfigEntry]):
    """One subscription of a dashboard.

    An event has ``boards``, by key, and ``gone``, a list of keys. The first event about a
    board has all its data with its last ``readings``; later ones have the data that may
    change and the ``new`` readings. An event has the states of all ``networks`` when one
    of them has changed. An event with ``snapshot`` replaces all earlier events. Times are
    in seconds since the epoch.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        connection: ActiveConnection,
        subscription: int,
    ) -> None:
        """Initialize without sending anything."""
        super().__init__(hass, connection, subscription, DOMAIN)
        self._changed: dict[str, tuple[Network, Board]] = {}
        """Boards with changes that were not sent yet, by key."""
        self._new: defaultdict[str, dict[str, list[Reading]]] = defaultdict(dict)
        """Readings that were not sent yet, by key and kind."""
        self._sent: dict[str, tuple[Network, Board]] = {}
        """Boards that the viewer has received, by key."""
        self._incomplete: set[str] = set()
        """Keys of boards of which the viewer needs all data again."""
        self._states: dict[str, str] = {}
        """The states of the networks that the viewer has received."""
        self._gone: set[str] = set()
        """Keys of removed boards, to be sent."""
        self._recheck = False
        """Whether permissions may have changed since the last message."""

    @override
    @callback
    def async_start(self) -> None:
        """Send all boards, and subscribe to their changes."""
        super().async_start()
        self._send(snapshot=True)

    @override
    @callback
    def rights_changed(self) -> None:
        """Check the permissions on all boards again."""
        self._recheck = True
        self.schedule_send()

    @override
    def all_gone(self) -> dict[str, Any]:
        """Return that all boards are gone."""
        return {"boards": {}, "gone": sorted(self._sent)}

    # Networks and boards that are added and removed

    @override
    def follow(self, entry: NetworkConfigEntry, stops: list[CALLBACK_TYPE]) -> None:
        """Listen to a network and to its boards, also to those that are added later."""
        network = entry.runtime_data
        stops.append(
            network.statistics.async_listen(partial(self._network_changed, network))
        )
        stops.append(
            network.boards.async_listen(partial(self._boards_added, network, stops))
        )

    @override
    def unfollow(self, entry: NetworkConfigEntry) -> None:
        """Note that the boards of a network are gone."""
        self._drop(
            key
            for key, (network, _) in (self._sent | self._changed).items()
            if network.entry is entry
        )

    @override
    def entry_changed(self) -> None:
        """Send the states of the networks, if one is another."""
        self._check_states()

    @callback
    def _boards_added(
        self, network: Network, stops: list[CALLBACK_TYPE], boards: list[Board]
    ) -> None:
        for board in boards:
            changed = partial(self._board_changed, network, board)
            stops.append(board.listen(_ALL_ASPECTS, changed))
            changed(SESSION)

    @callback
    def _network_changed(self, network: Network) -> None:
        """Drop removed boards and former keys; send the state of the network.

        Former keys are those of boards with a new MAC.
        """
        self._drop(
            key
            for key, (of, board) in (self._sent | self._changed).items()
            if of is network
            and (
                network.registry.boards.get(board.mac) is not board
                or key != _key(network, board)
            )
        )
        self._check_states()

    def _check_states(self) -> None:
        if network_states(self.hass) != self._states:
            self.schedule_send()

    def _drop(self, keys: Iterable[str]) -> None:
        for key in list(keys):
            self._changed.pop(key, None)
            self._new.pop(key, None)
            self._incomplete.discard(key)
            if self._sent.pop(key, None):
                self._gone.add(key)
        if self._gone:
            self.schedule_send()

    # Changes of one board

    @callback
    def _board_changed(self, network: Network, board: Board, changed: int) -> None:
        key = _key(network, board)
        if changed & RECORD or self._sent.get(key, (network, board))[1] is not board:
            # Or the board has got the MAC of another one.
            self._incomplete.add(key)
        self._changed[key] = (network, board)
        for kind in KINDS:
            if changed & kind.aspect:
                # The listener is called once for each reading, right after it was added.
                reading = board.readings[kind.index].last
                self._new[key].setdefault(kind.key, []).append(reading)
        self.schedule_send()

    @override
    def send(self) -> None:
        """Send the boards and networks that have changed."""
        self._send()

    def _send(self, snapshot: bool = False) -> None:
        known: Mapping[str, object] = self._sent
        if self._recheck:
            # Complete data of all boards, since changes do not include the permission to
            # control.
            self._recheck = False
            known = {}
            for entry in self.hass.config_entries.async_loaded_entries(DOMAIN):
                for board in entry.runtime_data.registry.boards.values():
                    self._changed[_key(entry.runtime_data, board)] = (
                        entry.runtime_data,
                        board,
                    )
        changed, self._changed = self._changed, {}
        new, self._new = self._new, defaultdict(dict)
        incomplete, self._incomplete = self._incomplete, set()
        gone, self._gone = self._gone, set()
        boards = {}
        for key, (network, board) in changed.items():
            if not self._may_see(network, board):
                if self._sent.pop(key, None):
                    gone.add(key)
            elif key in known and key not in incomplete:
                boards[key] = state_of(board) | {"new": rounded(new[key])}
            else:
                self._sent[key] = (network, board)
                boards[key] = record_of(
                    board,
                    network.entry.entry_id,
                    control=self._may(network, board, POLICY_CONTROL),
                )
        states = network_states(self.hass)
        if not (snapshot or boards or gone or states != self._states):
            return
        event: dict[str, Any] = {"boards": boards, "gone": sorted(gone - set(boards))}
        if snapshot or states != self._states:
            event["networks"] = self._states = states
        if snapshot:
            event["snapshot"] = True
        self.send_event(event)

    def _may(self, network: Network, board: Board, policy: str) -> bool:
        permissions = self.connection.user.permissions
        return allowed(self.hass, permissions, network, board, policy)

    def _may_see(self, network: Network, board: Board) -> bool:
        """Return whether a board is shown to this viewer."""
        if not self._may(network, board, POLICY_READ):
            return False
        device = network.devices.device_of(board)
        return device is None or not device.disabled


def _key(network: Network, board: Board) -> str:
    """Return the key of a board in messages."""
    return f"{network.entry.entry_id}/{board.mac}"
