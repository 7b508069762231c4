"""The file in which the record of a node survives a restart."""

from collections.abc import Callable
import math
from pathlib import Path
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import STORAGE_DIR, Store
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..lorawan.clock import replace_future_times

# Seconds within which the changes of an uplink are written to the disk, and so the most
# that a crash can lose: as long as the recorder keeps states back by default.
SAVE_WITHIN: Final = 5.0

_STORAGE_VERSION: Final = 1


def node_store(hass: HomeAssistant, subentry_id: str) -> Store[dict[str, Any]]:
    """Return the store of a node's record."""
    return Store(hass, _STORAGE_VERSION, f"{DOMAIN}.{subentry_id}")


def recorded_nodes(hass: HomeAssistant) -> set[str]:
    """Return the ids of the subentries of which there is a record.

    Blocking: to be called in the executor.
    """
    records = Path(hass.config.path(STORAGE_DIR)).glob(f"{DOMAIN}.*")
    # A damaged file that Home Assistant has renamed has another suffix.
    names = (record.name.removeprefix(f"{DOMAIN}.") for record in records)
    return {name for name in names if "." not in name}


class NodeStorage:
    """Reads and writes the record of one node."""

    def __init__(
        self,
        hass: HomeAssistant,
        subentry_id: str,
        data_fn: Callable[[], dict[str, Any]],
    ) -> None:
        """Initialize. `data_fn` returns what is to be written."""
        self._hass = hass
        self._data_fn = data_fn
        self._store = node_store(hass, subentry_id)
        self._save_at = math.inf
        self._stopped = False

    async def async_load(self) -> dict[str, Any] | None:
        """Return what was written before the restart, None if there is nothing."""
        data = await self._store.async_load()
        return None if data is None else replace_future_times(data, dt_util.utcnow())

    @callback
    def async_save_within(self, seconds: float) -> None:
        """Write in so many seconds, or earlier if that was planned already.

        `Store` alone would postpone a planned write with each change that follows.
        Nothing is written after the stop: another record may be that of the node.
        """
        if self._stopped:
            return
        at = self._hass.loop.time() + seconds
        if at < self._save_at:
            self._save_at = at
            self._store.async_delay_save(self._data_to_save, seconds)

    async def async_stop(self) -> None:
        """Write a last time."""
        self._stopped = True
        await self._store.async_save(self._data_fn())

    @callback
    def _data_to_save(self) -> dict[str, Any]:
        self._save_at = math.inf
        return self._data_fn()
