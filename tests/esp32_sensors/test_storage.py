"""The registry's files, on a real disk."""

import asyncio
from pathlib import Path
from threading import Event
from time import sleep
from typing import Any
from unittest.mock import patch

import pytest

from custom_components.esp32_sensors.protocol import Join
from custom_components.esp32_sensors.sessions import Instant, Registry
from custom_components.esp32_sensors.storage import CheckedStore, RegistryFiles
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.helpers import storage
from homeassistant.helpers.storage import Store
from homeassistant.util.file import WriteError

from .conftest import MAC

OTHER_MAC = "61:EC:ED:3B:25:B2"


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
    await CheckedStore(hass, "some", "sessions").async_save({"boards": []})
    written = tmp_path / ".storage" / "esp32_sensors.some.sessions"
    assert written.stat().st_mode & 0o077 == 0
    assert await CheckedStore(hass, "some", "sessions").async_load() == {"boards": []}


async def test_disk_refuses(tmp_path: Path, hass: HomeAssistant) -> None:
    """What could not be written is known to be so."""
    # A folder where the file should be.
    (tmp_path / ".storage" / "esp32_sensors.some.sessions").mkdir(parents=True)
    with pytest.raises(WriteError):
        await CheckedStore(hass, "some", "sessions").async_save({"boards": []})


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


@pytest.mark.parametrize("kind", ["sessions", "values", "leds"])
async def test_stopping_while_it_writes(hass: HomeAssistant, kind: str) -> None:
    """On a slow disk too, what comes later is on it later, and all of it at the end."""
    registry = Registry()
    files = RegistryFiles(hass, "some", registry)
    now = Instant(0, 0)
    registry.join(Join(MAC), None, now)
    board = registry.boards[MAC]
    board.led_told = False
    written: list[bool] = []
    slow = Event()

    def write_slowly(path: str, *args: Any, mode: str) -> None:
        if not path.endswith(kind):
            return
        if not written and not slow.is_set():
            slow.set()
            sleep(0.2)
        written.append(OTHER_MAC in str(args[0]))

    save = {
        "sessions": files.async_save_sessions,
        "values": files.async_save,
        "leds": files.async_save_leds,
    }[kind]

    async def finally_write(_event: object) -> None:
        registry.join(Join(OTHER_MAC), None, now)
        registry.boards[OTHER_MAC].led_told = False
        await files.async_save()

    hass.bus.async_listen_once(EVENT_HOMEASSISTANT_FINAL_WRITE, finally_write)
    with (
        patch.object(storage, "write_utf8_file_atomic", write_slowly),
        patch.object(storage, "write_utf8_file", write_slowly),
    ):
        hass.async_create_background_task(save(), "a board joins")
        await hass.async_add_executor_job(slow.wait)
        await hass.async_stop(force=True)
    assert written == [False, True]


async def test_stopping(hass: HomeAssistant) -> None:
    """While Home Assistant stops, writes are put off: nothing can be relied on."""
    hass.set_state(CoreState.stopping)
    with pytest.raises(WriteError):
        await CheckedStore(hass, "some", "sessions").async_save({"boards": []})
    hass.set_state(CoreState.running)
