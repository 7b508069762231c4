"""The registry's files.

Names and session ids are written, and flushed to the disk, before any board is told of
them. What boards say changes all the time and is written now and then; which LED was
told to change since is written before it is told.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Final, override

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store
from homeassistant.util.file import WriteError

from . import records
from .boards import Board
from .const import DOMAIN
from .sessions import Registry

_VERSION: Final = 1

#: Seconds after which values are written to the disk; sooner when there are some among
#: them that no board says twice.
_SAVE_VALUES: Final = 60.0
_SAVE_SWITCHED: Final = 10.0


class CheckedStore(Store[dict[str, Any]]):
    """A file of a network: whoever has saved something can rely on it."""

    def __init__(
        self, hass: HomeAssistant, entry_id: str, name: str, *, flush: bool = True
    ) -> None:
        """Keep it beside the others of the config entry.

        ``flush``: it is also for when the power goes, not for a process that dies alone.
        """
        super().__init__(
            hass,
            _VERSION,
            f"{DOMAIN}.{entry_id}.{name}",
            # Session ids are all that a board has to prove itself.
            private=True,
            atomic_writes=flush,
            serialize_in_event_loop=not flush,
        )
        self._saving = asyncio.Lock()
        self._written = False

    @override
    async def async_save(self, data: dict[str, Any]) -> None:
        """Return when the data is on the disk; raise ``WriteError`` when it is not.

        Home Assistant's own stores log a failure and go on, and put a write off while
        it shuts down.
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
    """Keeps a registry over restarts, and over the power going."""

    def __init__(self, hass: HomeAssistant, entry_id: str, registry: Registry) -> None:
        """Prepare."""
        self._hass = hass
        self._registry = registry
        self._sessions = CheckedStore(hass, entry_id, "sessions")
        self._values = CheckedStore(hass, entry_id, "values")
        # When the power goes, the LEDs go out as well.
        self._leds = CheckedStore(hass, entry_id, "leds", flush=False)
        self._saved_leds: dict[str, Any] = {}
        self._saving_leds = asyncio.Lock()
        self._saving_sessions = asyncio.Lock()
        self._saved_at = 0.0

    async def async_load(self) -> None:
        """Take up what was known before."""
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
        # Inside the lock: what another write has under way is not on the disk yet.
        async with self._saving_sessions:
            if not self._registry.sessions_changed:
                return
            self._registry.sessions_changed = False
            try:
                await self._sessions.async_save(
                    records.sessions_as_dict(self._registry)
                )
            except WriteError:
                self._registry.sessions_changed = True
                raise

    async def async_save_leds(self) -> None:
        """Return when it is written which LEDs are not as the values have them.

        Or when the disk has refused: that is no reason not to switch a LED.
        """
        await self._async_complete(self._async_write_leds())

    async def _async_write_leds(self) -> None:
        async with self._saving_leds:
            leds = records.leds_as_dict(self._registry)
            if leds != self._saved_leds:
                # The store has logged it, and it is tried again.
                with suppress(WriteError):
                    await self._leds.async_save(leds)
                    self._saved_leds = leds

    async def async_save(self) -> None:
        """Write down everything."""
        await self._async_complete(self._async_write())

    async def _async_write(self) -> None:
        # The store has logged it, and it is tried again.
        with suppress(WriteError):
            await self.async_save_sessions()
        registry = self._registry
        registry.values_changed = registry.switched = False
        # Whatever they were told, their own word came after it.
        known = [
            (board, board.session, board.led)
            for board in registry.boards.values()
            if board.led_told is not None and _is_settled(board)
        ]
        try:
            await self._values.async_save(records.values_as_dict(registry))
        except WriteError:
            registry.values_changed = True
        else:
            for board, session, led in known:
                if (board.session, board.led) == (session, led) and _is_settled(board):
                    board.led_told = None
        await self.async_save_leds()

    async def _async_complete(self, write: Coroutine[Any, Any, None]) -> None:
        """Write to the end, also when nobody waits for it any more.

        The disk does not stop with who waits for it: what is written next could be there
        first, and be replaced by what is older. A wait is cancelled with a script, and
        when Home Assistant stops. It cancels then, too, what an eager task has given the
        executor, as it did not know the task yet: so this one is not eager.
        """
        await asyncio.shield(
            self._hass.async_create_task(write, f"{DOMAIN} files", eager_start=False)
        )

    def is_due(self, monotonic: float) -> bool:
        """Tell whether everything should be written down now."""
        registry = self._registry
        wait = _SAVE_VALUES
        if registry.switched or registry.sessions_changed:
            wait = _SAVE_SWITCHED
        elif not registry.values_changed:
            return False
        if monotonic - self._saved_at < wait:
            return False
        self._saved_at = monotonic
        return True

    async def async_remove(self) -> None:
        """Forget everything."""
        await self._sessions.async_remove()
        await self._values.async_remove()
        await self._leds.async_remove()


def _is_settled(board: Board) -> bool:
    """Whether a LED is as its board has said, and nothing is under way to change it."""
    return not board.led_commands and not board.led_uncertain
