"""Statistics of a network: numbers of boards and of discarded messages."""

from collections import Counter
from collections.abc import Callable

from homeassistant.core import CALLBACK_TYPE, callback

from ..core.board_registry import BoardRegistry
from ..core.protocol import Reason
from .joining import JoiningPermit


class NetworkStatistics:
    """Counts, and notifies listeners when one has changed."""

    def __init__(
        self,
        registry: BoardRegistry,
        discarded: Counter[Reason],
        joining: JoiningPermit,
        is_connected: Callable[[], bool],
    ) -> None:
        """Initialize without listeners.

        ``discarded`` counts discarded messages. ``is_connected`` returns whether the
        broker is connected.
        """
        self.discarded = discarded
        self._registry = registry
        self._joining = joining
        self._is_connected = is_connected
        self._listeners: list[CALLBACK_TYPE] = []
        self._last: tuple[object, ...] | None = None

    @property
    def connected(self) -> bool:
        """Return whether the broker is connected."""
        return self._is_connected()

    @property
    def waiting(self) -> tuple[str, ...]:
        """Return the MACs of the boards that wait for the owner's decision."""
        return tuple(self._registry.admission.waiting)

    @property
    def boards_known(self) -> int:
        """Return the number of boards."""
        return len(self._registry.boards)

    @property
    def boards_online(self) -> int:
        """Return the number of boards that are online."""
        return sum(board.online for board in self._registry.boards.values())

    @callback
    def async_listen(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call ``listener`` after a change; return the unsubscriber."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @callback
    def async_notify_changes(self) -> None:
        """Notify the listeners if something has changed; called about once a second."""
        current = (
            self.boards_online,
            # Not their number: in one second a board may be removed and another one join.
            frozenset(self._registry.boards.values()),
            self.discarded.total(),
            self._joining.until,
            self.connected,
            frozenset(self.waiting),
        )
        if current != self._last:
            self._last = current
            self.async_notify()

    @callback
    def async_notify(self) -> None:
        """Notify the listeners, whether or not a number has changed."""
        for listener in self._listeners:
            listener()
