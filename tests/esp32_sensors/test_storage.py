"""The registry's files, on a real disk."""

from pathlib import Path

import pytest

from custom_components.esp32_sensors.storage import SessionStore
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.util.file import WriteError


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


async def test_stopping(hass: HomeAssistant) -> None:
    """While Home Assistant stops, writes are put off: nothing can be relied on."""
    hass.set_state(CoreState.stopping)
    with pytest.raises(WriteError):
        await SessionStore(hass, "some").async_save({"boards": []})
    hass.set_state(CoreState.running)
