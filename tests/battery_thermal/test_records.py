"""The records of nodes, on a real disk."""

from pathlib import Path

import pytest

from homeassistant.helpers.storage import STORAGE_DIR

from .common import DOMAIN
from .world import World


@pytest.fixture
def hass_storage() -> dict[str, object]:
    """Let Home Assistant write files, which its test fixtures prevent."""
    return {}


async def test_removed_while_not_set_up(world: World) -> None:
    """The record of a node that nobody saw go goes at the next set-up, and nothing else."""
    (subentry_id,) = world.entry.subentries
    storage = Path(world.hass.config.path(STORAGE_DIR))
    record = storage / f"{DOMAIN}.{subentry_id}"
    set_aside = storage / f"{DOMAIN}.{subentry_id}.corrupt.2026-11-21T20:00:00"
    await world.hass.config_entries.async_unload(world.entry.entry_id)
    set_aside.write_text("{")
    assert record.exists()

    await world.hass.config_entries.async_setup(world.entry.entry_id)
    assert record.exists()

    await world.hass.config_entries.async_unload(world.entry.entry_id)
    world.hass.config_entries.async_remove_subentry(world.entry, subentry_id)
    await world.hass.config_entries.async_setup(world.entry.entry_id)
    assert not record.exists()
    assert set_aside.exists()
