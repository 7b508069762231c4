"""The registry's files, on a real disk."""

import asyncio
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from custom_components.esp32_sensors.protocol import Join
from custom_components.esp32_sensors.sessions import Instant, Registry
from custom_components.esp32_sensors.storage import RegistryFiles, SessionStore
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.helpers.storage import Store
from homeassistant.util.file import WriteError

from .conftest import MAC


@pytest.fixture
def hass_storage() -> dict[str, object]:
    """Let Home Assistant write files, which its test fixtures prevent."""
    return {}


@pytest.fixture
def hass_config_dir(tmp_path: Path) -> str:
    """Keep the files apart."""
    return str(tmp_path)


async def test_saved(tmp_path: Path, hass: HomeAssistant) -> None:
    """The file is there when saving returns, for its owner only."""
    await SessionStore(hass, "some").async_save({"boards": []})
    written = tmp_path / ".storage" / "esp32_sensors.some.sessions"
    assert written.stat().st_mode & 0o077 == 0
    assert await SessionStore(hass, "some").async_load() == {"boards": []}


async def test_disk_refuses(tmp_path: Path, hass: HomeAssistant) -> None:
    """What could not be written is known to be so."""
    # A folder where the file should be.
    (tmp_path / ".storage" / "esp32_sensors.some.sessions").mkdir(parents=True)
    with pytest.raises(WriteError):
        await SessionStore(hass, "some").async_save({"boards": []})


async def test_nobody_waits(hass: HomeAssistant) -> None:
    """What a stopped script had begun to write is on the disk before what comes next."""
    registry = Registry()
    files = RegistryFiles(hass, "some", registry)
    registry.join(Join(MAC), None, Instant(0, 0))
    begun, go_on = asyncio.Event(), asyncio.Event()
    write = Store._async_write_data

    async def slow_disk(store: Store[Any], data: dict[str, Any]) -> None:
        begun.set()
        await go_on.wait()
        await write(store, data)

    with patch.object(Store, "_async_write_data", slow_disk):
        stopped = hass.async_create_task(files.async_save_sessions())
        await begun.wait()
        stopped.cancel()
        hass.loop.call_soon(go_on.set)
        await files.async_save_sessions()
    assert stopped.cancelled()
    again = Registry()
    await RegistryFiles(hass, "some", again).async_load()
    assert MAC in again.boards


async def test_stopping(hass: HomeAssistant) -> None:
    """While Home Assistant stops, writes are put off: nothing can be relied on."""
    hass.set_state(CoreState.stopping)
    with pytest.raises(WriteError):
        await SessionStore(hass, "some").async_save({"boards": []})
    hass.set_state(CoreState.running)
