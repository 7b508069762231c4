"""Cooperative scheduling of long work on the event loop."""

import asyncio
from typing import Final

# Bytes and items after which other tasks run; processing them takes 1 to 3 ms.
_BYTES: Final = 64 * 1024
_ITEMS: Final = 32


class Turns:
    """Counter of processed work that lets other tasks run after each batch."""

    def __init__(self) -> None:
        """Initialize with no work done."""
        self._bytes = 0
        self._items = 0

    async def take(self, size: int) -> None:
        """Count an item of `size` bytes; let other tasks run when a batch is complete."""
        self._bytes += size
        self._items += 1
        if self._bytes >= _BYTES or self._items >= _ITEMS:
            self._bytes = self._items = 0
            await asyncio.sleep(0)
