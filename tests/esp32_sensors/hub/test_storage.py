"""Tests of the files of a registry on a real disk."""

import asyncio
from itertools import pairwise
from pathlib import Path
from threading import Event
from time import monotonic, sleep
from typing import Any
from unittest.mock import patch

import pytest

from custom_components.esp32_sensors.const import MOST_BOARDS
from custom_components.esp32_sensors.core.board_registry import BoardRegistry
from custom_components.esp32_sensors.core.clock import Instant
from custom_components.esp32_sensors.core.protocol import Credentials, Join
from custom_components.esp32_sensors.core.readings import LIGHT
from custom_components.esp32_sensors.core.session_server import SessionServer
from custom_components.esp32_sensors.hub import storage as files_module
from custom_components.esp32_sensors.hub.storage import CheckedStore, RegistryFiles
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.helpers import storage
from homeassistant.helpers.storage import Store
from homeassistant.util.file import WriteError
from tests.esp32_sensors.conftest import MAC

OTHER_MAC = "61:EC:ED:3B:25:B2"


@pytest.fixture
def hass_storage() -> dict[str, object]:
    """Let Home Assistant write files, which its test fixtures prevent."""
    return {}


@pytest.fixture
def hass_config_dir(tmp_path: Path) -> str:
    """Use a temporary folder."""
    return str(tmp_path)


async def test_saved(tmp_path: Path, hass: HomeAssistant) -> None:
    """The file exists when saving returns, and only its owner can read it."""
    await CheckedStore(hass, "some", "sessions").async_save({"boards": []})
    written = tmp_path / ".storage" / "esp32_sensors.some.sessions"
    assert written.stat().st_mode & 0o077 == 0
    assert await CheckedStore(hass, "some", "sessions").async_load() == {"boards": []}


async def test_disk_refuses(tmp_path: Path, hass: HomeAssistant) -> None:
    """A failed write raises an error."""
    # A folder where the file should be.
    (tmp_path / ".storage" / "esp32_sensors.some.sessions").mkdir(parents=True)
    with pytest.raises(WriteError):
        await CheckedStore(hass, "some", "sessions").async_save({"boards": []})


async def test_cancelled_caller(hass: HomeAssistant) -> None:
    """A write whose caller was cancelled is completed before the next one."""
    server = SessionServer(MOST_BOARDS)
    registry = server.registry
    files = RegistryFiles(hass, "some", registry)
    server.join(Join(MAC), None, Instant(0, 0))
    begun, go_on = asyncio.Event(), asyncio.Event()
    write = Store._async_write_data

    async def slow_disk(store: Store[Any], data: dict[str, Any]) -> None:
        if isinstance(store, CheckedStore):
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
    again = BoardRegistry(MOST_BOARDS)
    await RegistryFiles(hass, "some", again).async_load()
    assert MAC in again.boards


@pytest.mark.parametrize("kind", ["sessions", "values", "leds"])
async def test_stopping_while_it_writes(hass: HomeAssistant, kind: str) -> None:
    """On a slow disk writes keep their order, and the last one is complete."""
    server = SessionServer(MOST_BOARDS)
    registry = server.registry
    files = RegistryFiles(hass, "some", registry)
    now = Instant(0, 0)
    server.join(Join(MAC), None, now)
    board = registry.boards[MAC]
    board.led_target = False
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
        server.join(Join(OTHER_MAC), None, now)
        registry.boards[OTHER_MAC].led_target = False
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
    """A write that Home Assistant delays during shutdown raises an error."""
    hass.set_state(CoreState.stopping)
    with pytest.raises(WriteError):
        await CheckedStore(hass, "some", "sessions").async_save({"boards": []})
    hass.set_state(CoreState.running)


async def test_one_write_a_second(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However fast boards join, the disk is flushed once a second, and no change is lost."""
    monkeypatch.setattr(files_module, "WRITE_INTERVAL", 0.2)
    server = SessionServer(MOST_BOARDS)
    registry = server.registry
    files = RegistryFiles(hass, "some", registry)
    times: list[float] = []
    write = CheckedStore._async_write_data

    async def count(store: CheckedStore, data: dict[str, Any]) -> None:
        times.append(monotonic())
        await write(store, data)

    monkeypatch.setattr(CheckedStore, "_async_write_data", count)
    begin = monotonic()
    saves = []
    for number in range(50):
        # Another session each time, or another case of the MAC.
        mac = MAC if number % 2 else MAC.lower()
        server.join(Join(mac), None, Instant(number, 31.0 * number))
        saves.append(asyncio.create_task(files.async_save_sessions()))
        if number == 25:
            # What boards said shares the turns.
            saves.append(asyncio.create_task(files.async_save()))
        await asyncio.sleep(0.01)
    await asyncio.gather(*saves)
    # The LEDs' file is not flushed, and is not there without an LED.
    assert 2 <= len(times) <= (times[-1] - begin) / 0.2 + 1.5
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert min(gaps) > 0.1
    restored = BoardRegistry(MOST_BOARDS)
    await RegistryFiles(hass, "some", restored).async_load()
    assert restored.boards[MAC].session.id == registry.boards[MAC].session.id
    assert restored.boards[MAC].address == registry.boards[MAC].address


async def test_no_waiting_at_the_end(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When Home Assistant stops, waiting writes are done at once."""
    monkeypatch.setattr(files_module, "WRITE_INTERVAL", 60)
    server = SessionServer(MOST_BOARDS)
    registry = server.registry
    files = RegistryFiles(hass, "some", registry)
    server.join(Join(MAC), None, Instant(0, 0))
    await files.async_save_sessions()
    server.join(Join(OTHER_MAC), None, Instant(1, 1))
    waiting = asyncio.create_task(files.async_save_sessions())
    await asyncio.sleep(0.05)
    assert not waiting.done()
    async with asyncio.timeout(5):
        await files.async_close()
        await waiting
    restored = BoardRegistry(MOST_BOARDS)
    await RegistryFiles(hass, "some", restored).async_load()
    assert set(restored.boards) == {MAC, OTHER_MAC}
    # The ids of issues are the same after a restart, and contain no MAC.
    assert (
        restored.hidden_id(MAC)
        == registry.hidden_id(MAC)
        != BoardRegistry(MOST_BOARDS).hidden_id(MAC)
    )


async def test_when_files_are_due(hass: HomeAssistant) -> None:
    """A session start is written after 10 s, light after 60 s, nothing without a change."""
    server = SessionServer(MOST_BOARDS)
    registry = server.registry
    files = RegistryFiles(hass, "some", registry)
    assert not files.is_due(1000.0)
    board = server.join(Join(MAC), None, Instant(0, 0))
    registry.sessions_changed = False
    name, session_id = board.session.name, board.session.id
    server.start(Credentials(name, session_id), None, Instant(0, 0))
    assert not files.is_due(9.9)
    assert files.is_due(10.0)
    await files.async_save()
    assert not files.is_due(1000.0)
    server.report(LIGHT, (name, session_id, 5), None, Instant(0, 0))
    assert not files.is_due(69.9)
    assert files.is_due(70.0)


async def test_failed_write_is_repeated(hass: HomeAssistant) -> None:
    """Values that the disk has refused are due again, and are written then."""
    server = SessionServer(MOST_BOARDS)
    registry = server.registry
    files = RegistryFiles(hass, "some", registry)
    board = server.join(Join(MAC), None, Instant(0, 0))
    name, session_id = board.session.name, board.session.id
    server.report(LIGHT, (name, session_id, 58), None, Instant(0, 0))
    with patch.object(Store, "_async_write_data", side_effect=WriteError):
        await files.async_save()
    assert registry.sessions_changed
    assert registry.values_changed
    assert files.is_due(60.0)
    await files.async_save()
    restored = BoardRegistry(MOST_BOARDS)
    await RegistryFiles(hass, "some", restored).async_load()
    assert restored.boards[MAC].value(LIGHT) == 58
