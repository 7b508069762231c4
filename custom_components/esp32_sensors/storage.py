"""The registry's two files.

Names and session ids are written, and flushed to the disk, before any board is told of
them. What boards say changes all the time and is written now and then.
"""

from typing import Any, override

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store
from homeassistant.util.file import WriteError

from .const import DOMAIN

_VERSION = 1


class SessionStore(Store[dict[str, Any]]):
    """Names and session ids: whoever has saved them can rely on it."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Keep them in a file of the config entry's own."""
        super().__init__(
            hass,
            _VERSION,
            f"{DOMAIN}.{entry_id}.sessions",
            # Session ids are all that a board has to prove itself.
            private=True,
            atomic_writes=True,
            serialize_in_event_loop=False,
        )
        self._written = False

    @override
    async def async_save(self, data: dict[str, Any]) -> None:
        """Return when the data is on the disk; raise ``WriteError`` when it is not.

        Home Assistant's own stores log a failure and go on, and put a write off while
        it shuts down.
        """
        self._written = False
        await super().async_save(data)
        if not self._written:
            raise WriteError(f"{self.key} could not be written")

    @override
    async def _async_write_data(self, data: dict[str, Any]) -> None:
        await super()._async_write_data(data)
        self._written = True


class ValueStore(Store[dict[str, Any]]):
    """What boards have said: last values, last seen."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Keep it in a file of the config entry's own."""
        super().__init__(
            hass,
            _VERSION,
            f"{DOMAIN}.{entry_id}.values",
            private=True,
            serialize_in_event_loop=False,
        )
