"""Tests of restarts and of removing nodes and applications."""

from typing import Any

from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.battery_thermal.device.node_storage import SAVE_WITHIN
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant

from .common import until
from .world import World


async def restart(world: World) -> None:
    """Restart the integration."""
    assert await world.hass.config_entries.async_reload(world.entry.entry_id)
    await world.hass.async_block_till_done()


async def test_restart_shows_the_last_picture(world: World) -> None:
    """A restart restores the image and all states."""
    await world.image()
    before = [
        world.state("sensor", "ambient").state,
        world.state("sensor", "maximum").state,
        world.state("fan", "fan").state,
        world.state("image", "thermal").state,
        await world.battery_node.pictures.async_get_picture(),
    ]

    await restart(world)

    assert STATE_UNKNOWN not in before
    assert before == [
        world.state("sensor", "ambient").state,
        world.state("sensor", "maximum").state,
        world.state("fan", "fan").state,
        world.state("image", "thermal").state,
        await world.battery_node.pictures.async_get_picture(),
    ]


async def test_changed_while_it_starts(world: World) -> None:
    """A change of options during a restart is applied."""
    (subentry,) = world.entry.subentries.values()
    entries = world.hass.config_entries
    for rows in (4, 2):
        data = {**subentry.data, "cells": {"rows": rows, "columns": 1}}
        entries.async_update_subentry(world.entry, subentry, data=data)
        await until(lambda: world.entry.state is ConfigEntryState.SETUP_IN_PROGRESS)
    await world.reconnected(world.connections)
    await world.hass.async_block_till_done()

    cells = world.state("sensor", "hottest_cell").attributes["options"]
    assert cells == ["A1", "B1"]


async def test_restart_loses_no_wanted_setting(world: World) -> None:
    """A setting that was requested before a restart reaches the node afterwards."""
    await world.image()
    await world.call("number", "threshold", "set_value", value=60)
    await restart(world)
    assert world.state("number", "threshold").attributes["wanted"] == 60
    assert not world.device.queue

    await world.step(3)

    assert world.node.threshold == 60


async def test_crash_loses_little(world: World, hass_storage: dict[str, Any]) -> None:
    """Wanted settings are written at once, received data after a delay."""
    (subentry_id,) = world.entry.subentries
    key = f"battery_thermal.{subentry_id}"
    await world.step(2)
    await world.pass_time(SAVE_WITHIN)
    assert hass_storage[key]["data"]["ambient"] == world.record.images.ambient

    # Uplinks in shorter intervals do not postpone the write.
    world.node.interval = 2
    before = hass_storage[key]["data"]["traffic"]["heard_at"]
    await world.step(4)
    assert hass_storage[key]["data"]["traffic"]["heard_at"] > before

    await world.call("number", "threshold", "set_value", value=60)
    await world.pass_time(0.1)

    assert hass_storage[key]["data"]["delivery"]["wanted"]["threshold"] == 60


async def test_removed_node_is_forgotten(
    world: World, hass_storage: dict[str, Any]
) -> None:
    """Removing a node removes its entities and its stored data."""
    await world.image()
    await restart(world)
    (subentry_id,) = world.entry.subentries
    assert f"battery_thermal.{subentry_id}" in hass_storage

    world.hass.config_entries.async_remove_subentry(world.entry, subentry_id)
    await world.hass.async_block_till_done()

    assert f"battery_thermal.{subentry_id}" not in hass_storage
    assert not world.hass.states.async_entity_ids("camera")


async def test_removed_application_is_forgotten(
    hass: HomeAssistant, setup: MockConfigEntry, hass_storage: dict[str, Any]
) -> None:
    """Removing an application removes all its data."""
    (subentry_id,) = setup.subentries
    await hass.config_entries.async_reload(setup.entry_id)
    assert f"battery_thermal.{subentry_id}" in hass_storage

    await hass.config_entries.async_remove(setup.entry_id)

    assert f"battery_thermal.{subentry_id}" not in hass_storage
