"""Announcement of boards to listeners, as platforms and dashboards are."""

from collections.abc import Callable

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback

from ..core.board_registry import BoardRegistry
from ..core.boards import Board
from .devices import NetworkDevices

type BoardsListener = Callable[[list[Board]], None]


class BoardListeners:
    """Calls listeners with the boards of a network, and with new ones when they join."""

    def __init__(
        self, hass: HomeAssistant, registry: BoardRegistry, devices: NetworkDevices
    ) -> None:
        """Initialize without listeners."""
        self.paused = False
        """Whether new boards are collected and not announced."""
        self._hass = hass
        self._registry = registry
        self._devices = devices
        self._listeners: list[BoardsListener] = []
        self._new: list[Board] = []

    @callback
    def async_listen(self, listener: BoardsListener) -> CALLBACK_TYPE:
        """Call ``listener`` with all boards now and with new ones later.

        Returns the unsubscriber.
        """
        listener(list(self._registry.boards.values()))
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @callback
    def async_announce(self, board: Board) -> None:
        """Announce a new board, together with others of this turn of the event loop."""
        if not self._new:
            self._hass.loop.call_soon(self._announce_new)
        self._new.append(board)

    @callback
    def async_resume(self) -> None:
        """Announce boards again, and at once those that joined in the pause."""
        self.paused = False
        self._announce_new()

    @callback
    def _announce_new(self) -> None:
        if self.paused:
            return
        # A board may have been removed in the same turn.
        known = self._registry.boards
        boards = [board for board in self._new if known.get(board.mac) is board]
        self._new = []
        for board in boards:
            self._devices.async_create(board)
        for listener in self._listeners:
            listener(boards)
