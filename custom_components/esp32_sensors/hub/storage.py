"""Files of a board registry.

Names and session ids are written and flushed to the disk before they are sent to a
board. Readings change all the time and are written periodically. The target of an LED is
written before the command is sent.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Final, override

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store
from homeassistant.util.file import WriteError

from ..const import DOMAIN
from ..core import records
from ..core.board_registry import BoardRegistry
from ..core.boards import Board

_VERSION: Final = 1

#: Seconds after which changed values are written to the disk; fewer if some of them are
#: not repeated by the boards.
_SAVE_VALUES: Final = 60.0
_SAVE_UNREPEATED: Final = 10.0

#: Seconds from one flushed write to the next, so that boards that join repeatedly do not
#: wear out flash memory. Changes in between are written together.
WRITE_INTERVAL: Final = 1.0


class CheckedStore(Store[dict[str, Any]]):
    """A file of a network that reports failed writes."""

    def __init__(
        self, hass: HomeAssistant, entry_id: str, name: str, *, flush: bool = True
    ) -> None:
        """Initialize the file ``name`` of a config entry.

        ``flush``: whether it must survive a power failure and not only the end of the
        process.
        """
        super().__init__(
            hass,
            _VERSION,
            f"{DOMAIN}.{entry_id}.{name}",
            # A session id is the only proof of identity that a board has.
            private=True,
            atomic_writes=flush,
            serialize_in_event_loop=not flush,
        )
        self._saving = asyncio.Lock()
        self._written = False

    @override
    async def async_save(self, data: dict[str, Any]) -> None:
        """Return when the data is on the disk; raise ``WriteError`` when it is not.

        Home Assistant's own stores log a failure and continue, and delay a write during
        shutdown.
        """
        async with self._saving:
            self._written = False
            await super().async_save(data)
            if not self._written:
                raise WriteError(f"{self.key} could not be written")

    @override
    async def _async_write_data(self, data: dict[str, Any]) -> None:
        await super()._async_write_data(data)
        self._written = True


class RegistryFiles:
    """Stores a registry so that it survives restarts and power failures."""

    def __init__(
        self, hass: HomeAssistant, entry_id: str, registry: BoardRegistry
    ) -> None:
        """Initialize without loading."""
        self._hass = hass
        self._registry = registry
        self._sessions = CheckedStore(hass, entry_id, "sessions")
        self._values = CheckedStore(hass, entry_id, "values")
        # Not flushed: a power failure turns the LEDs off as well.
        self._leds = CheckedStore(hass, entry_id, "leds", flush=False)
        self._saved_leds: dict[str, Any] = {}
        self._saving_leds = asyncio.Lock()
        self._saving_sessions = asyncio.Lock()
        self._saved_at = 0.0
        self._write_slot = asyncio.Lock()
        self._next_write_at = 0.0
        """When the next flushed write may begin, on the event loop's clock."""
        self._closing = asyncio.Event()
        """Set when writes must not wait any more."""

    async def async_load(self) -> None:
        """Load the registry."""
        if sessions := await self._sessions.async_load():
            values = await self._values.async_load() or {}
            self._saved_leds = await self._leds.async_load() or {}
            records.restore(self._registry, sessions, values, self._saved_leds)

    async def async_save_sessions(self) -> None:
        """Return when all names and session ids are on the disk.

        Raises ``WriteError`` when the disk refuses.
        """
        await self._async_complete(self._async_write_sessions())

    async def _async_write_sessions(self) -> None:
        # Inside the lock: data of a write in progress are not on the disk yet.
        async with self._saving_sessions:
            if not self._registry.sessions_changed:
                return
            await self._async_wait_for_slot()
            self._registry.sessions_changed = False
            try:
                await self._sessions.async_save(
                    records.sessions_as_dict(self._registry)
                )
            except WriteError:
                self._registry.sessions_changed = True
                raise

    async def async_save_leds(self) -> None:
        """Return when the targets of all LEDs are written, or the disk has refused.

        A failed write must not prevent switching an LED.
        """
        await self._async_complete(self._async_write_leds())

    async def _async_write_leds(self) -> None:
        async with self._saving_leds:
            leds = records.leds_as_dict(self._registry)
            if leds != self._saved_leds:
                # The store has logged the failure, and the write is tried again.
                with suppress(WriteError):
                    await self._leds.async_save(leds)
                    self._saved_leds = leds

    async def async_save(self) -> None:
        """Write all files."""
        await self._async_complete(self._async_write())

    async def async_close(self) -> None:
        """Write all files without waiting for a slot."""
        self._closing.set()
        await self.async_save()

    async def _async_write(self) -> None:
        # The store has logged the failure, and the write is tried again.
        with suppress(WriteError):
            await self.async_save_sessions()
        registry = self._registry
        await self._async_wait_for_slot()
        registry.values_changed = registry.unrepeated_changed = False
        # Their reports came after the last command.
        settled = [
            (board, board.session, board.led)
            for board in registry.boards.values()
            if board.led_target is not None and _is_settled(board)
        ]
        try:
            await self._values.async_save(records.values_as_dict(registry))
        except WriteError:
            registry.values_changed = True
        else:
            for board, session, led in settled:
                if (board.session, board.led) == (session, led) and _is_settled(board):
                    board.led_target = None
        await self.async_save_leds()

    async def _async_wait_for_slot(self) -> None:
        """Return when a flushed write that is requested now may begin.

        Slots are ``WRITE_INTERVAL`` apart, also those of different files.
        """
        loop = self._hass.loop
        async with self._write_slot:
            wait = min(self._next_write_at - loop.time(), WRITE_INTERVAL)
            if wait > 0:
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait):
                        await self._closing.wait()
            self._next_write_at = loop.time() + WRITE_INTERVAL

    async def _async_complete(self, write: Coroutine[Any, Any, None]) -> None:
        """Complete a write, also when its caller is cancelled.

        A write in the executor does not stop with its caller: a later write could be
        finished first and be replaced by the older one. Callers are cancelled with a
        script, and when Home Assistant stops. Home Assistant then also cancels executor
        jobs of eager tasks, since it does not track those yet: so this one is not eager.
        """
        await asyncio.shield(
            self._hass.async_create_task(write, f"{DOMAIN} files", eager_start=False)
        )

    def is_due(self, monotonic: float) -> bool:
        """Return whether all files should be written now."""
        registry = self._registry
        wait = _SAVE_VALUES
        if registry.unrepeated_changed or registry.sessions_changed:
            wait = _SAVE_UNREPEATED
        elif not registry.values_changed:
            return False
        if monotonic - self._saved_at < wait:
            return False
        self._saved_at = monotonic
        return True

    async def async_remove(self) -> None:
        """Remove all files."""
        await self._sessions.async_remove()
        await self._values.async_remove()
        await self._leds.async_remove()


def _is_settled(board: Board) -> bool:
    """Return whether an LED is as reported and no command is in progress."""
    return not board.led_commands and not board.led_uncertain
