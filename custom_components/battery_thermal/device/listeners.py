"""Functions that are called when something about a node has changed."""

import asyncio
from collections.abc import Callable
from itertools import batched
from typing import Final

# Listeners that are called before other tasks of the event loop run. An uplink that ends
# an image changes most of a node's entities: ten of them take half a millisecond.
_BATCH: Final = 10


class Listeners[*Arguments]:
    """Functions that are called in the order in which they were added."""

    def __init__(self) -> None:
        """Start without a listener."""
        self._listeners: dict[Callable[[*Arguments], None], None] = {}

    def __len__(self) -> int:
        """Return the number of listeners."""
        return len(self._listeners)

    def add_listener(
        self, listener: Callable[[*Arguments], None]
    ) -> Callable[[], None]:
        """Add a listener; return a function that removes it."""
        self._listeners[listener] = None

        def remove_listener() -> None:
            self._listeners.pop(listener, None)

        return remove_listener

    def notify_listeners(self, *arguments: *Arguments) -> None:
        """Call all listeners."""
        for listener in list(self._listeners):
            listener(*arguments)

    async def notify_listeners_in_batches(self, *arguments: *Arguments) -> None:
        """Call all listeners, and let other tasks run before each few of them.

        A listener that is removed meanwhile is not called.
        """
        for batch in batched(list(self._listeners), _BATCH, strict=False):
            await asyncio.sleep(0)
            for listener in batch:
                if listener in self._listeners:
                    listener(*arguments)
