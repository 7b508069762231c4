"""Tests of the files with the records of nodes, on a real disk."""

import json
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.battery_thermal.device.node_storage import (
    NodeStorage,
    recorded_nodes,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import STORAGE_DIR
from tests.battery_thermal.common import DOMAIN
from tests.battery_thermal.world import World


def written(hass: HomeAssistant) -> Any:
    """Return the written record of the node, None if there is none."""
    file = Path(hass.config.path(STORAGE_DIR)) / f"{DOMAIN}.node"
    return json.loads(file.read_text())["data"] if file.exists() else None


@pytest.fixture
def hass_storage() -> dict[str, object]:
    """Let Home Assistant write files, which its test fixtures prevent."""
    return {}


async def test_removed_while_not_set_up(world: World) -> None:
    """The record of a node removed while not set up is deleted at the next set-up."""
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


async def test_planned_write_is_not_postponed(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """A change shortly before a planned write does not delay it."""
    data = {"number": 1}
    storage = NodeStorage(hass, "node", lambda: data)
    assert await storage.async_load() is None
    storage.async_save_within(5)
    freezer.tick(4)
    async_fire_time_changed(hass)
    data["number"] = 2
    storage.async_save_within(5)
    assert written(hass) is None
    freezer.tick(2)
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    assert written(hass) == {"number": 2}


async def test_nothing_is_written_after_the_stop(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """The stop writes at once; a later change belongs to another record."""
    data = {"number": 1}
    storage = NodeStorage(hass, "node", lambda: data)
    storage.async_save_within(5)
    await storage.async_stop()
    assert written(hass) == {"number": 1}
    data["number"] = 2
    storage.async_save_within(0)
    freezer.tick(10)
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    assert written(hass) == {"number": 1}
    assert await NodeStorage(hass, "node", dict).async_load() == {"number": 1}


def test_recorded_nodes(hass: HomeAssistant) -> None:
    """Records are found by their names; damaged files that were renamed are left out."""
    folder = Path(hass.config.path(STORAGE_DIR))
    folder.mkdir(exist_ok=True)
    for name in ("one", "two", "two.corrupt.2026-11-21T20:00:00"):
        (folder / f"{DOMAIN}.{name}").write_text("{}")
    (folder / "other.three").write_text("{}")
    assert recorded_nodes(hass) == {"one", "two"}
