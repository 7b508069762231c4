"""Snapshots of everything that others rely on, so that a review shows each change.

One snapshot of each platform has entity ids, unique ids, names, classes,
categories, units and states. Others have stored data and the messages to
dashboards. Update them with ``script/test tests/battery_thermal/test_snapshots.py
--snapshot-update``.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from itertools import count
import sqlite3
from typing import Any
from unittest.mock import patch
from uuid import UUID

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    snapshot_platform,
)
from pytest_homeassistant_custom_component.typing import WebSocketGenerator
from syrupy.assertion import SnapshotAssertion

from custom_components import battery_thermal
from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from simulator.the_things_stack import TheThingsStack

from .common import DEVICE_ID, DOMAIN, entry_data
from .conftest import held_time
from .world import World

START = "2026-03-01T12:00:00+00:00"
ENTRY_ID = "01JQ0000000000000000000000"
NODE_ID = "01JQ0000000000000000000001"


@pytest.fixture
async def freezer(
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[FrozenDateTimeFactory]:
    """Hold the time at a fixed start."""
    with held_time(monkeypatch, START) as freezer:
        yield freezer


@pytest.fixture
def entry(hass: HomeAssistant, stack: TheThingsStack) -> MockConfigEntry:
    """Return an entry with one node of six cells, with fixed ids."""
    node = ConfigSubentryDataWithId(
        data={
            "device_id": DEVICE_ID,
            "layout": "slow_24",
            "cells": {"rows": 2, "columns": 3, "names": ["Left"]},
        },
        subentry_id=NODE_ID,
        subentry_type="node",
        title="Garage",
        unique_id=DEVICE_ID,
    )
    entry = MockConfigEntry(
        domain=DOMAIN,
        entry_id=ENTRY_ID,
        title=stack.uid,
        data=entry_data(stack),
        subentries_data=[node],
    )
    entry.add_to_hass(hass)
    return entry


@pytest.fixture(autouse=True)
def fixed_tokens() -> Iterator[None]:
    """Give images, cameras and downlinks the same ids each time."""
    numbers = count()
    with (
        patch("random.SystemRandom.getrandbits", return_value=123123123123),
        patch(
            "custom_components.battery_thermal.device.settings_sender.uuid4",
            side_effect=lambda: UUID(int=next(numbers)),
        ),
    ):
        yield


async def live_a_while(world: World) -> None:
    """Send images, change settings, and heat a cell above the threshold."""
    await world.image()
    await world.call("number", "threshold", "set_value", value=40)
    await world.image()
    world.model.heat((1, 1), 30)
    await world.image()
    await world.image()


@pytest.mark.parametrize("platform", battery_thermal.PLATFORMS)
async def test_platform(
    platform: Platform,
    hass: HomeAssistant,
    all_entities: None,
    world: World,
    snapshot: SnapshotAssertion,
) -> None:
    """The entities of a platform equal the snapshot."""
    entity_registry = er.async_get(hass)
    await live_a_while(world)
    for entity in er.async_entries_for_config_entry(entity_registry, ENTRY_ID):
        if entity.domain != platform:
            entity_registry.async_remove(entity.entity_id)
    await snapshot_platform(hass, entity_registry, snapshot, ENTRY_ID)


async def test_stored_record(
    hass: HomeAssistant,
    world: World,
    hass_storage: dict[str, Any],
    snapshot: SnapshotAssertion,
) -> None:
    """The stored record of a node equals the snapshot."""
    await live_a_while(world)
    await world.step(3)
    await hass.config_entries.async_unload(ENTRY_ID)
    await hass.async_block_till_done()
    assert hass_storage[f"{DOMAIN}.{NODE_ID}"]["data"] == snapshot


async def test_archive_rows(
    hass: HomeAssistant, world: World, snapshot: SnapshotAssertion
) -> None:
    """The rows of the archive's database equal the snapshot."""
    await live_a_while(world)
    await hass.async_block_till_done()
    path = hass.config.path(f"{DOMAIN}.db")

    def dump() -> list[str]:
        with closing(sqlite3.connect(path)) as database:
            return list(database.iterdump())

    assert await hass.async_add_executor_job(dump) == snapshot


async def test_websocket(
    world: World,
    hass_ws_client: WebSocketGenerator,
    snapshot: SnapshotAssertion,
) -> None:
    """The WebSocket messages of a dashboard equal the snapshot."""
    await live_a_while(world)
    client = await hass_ws_client()
    await client.send_json_auto_id({"type": f"{DOMAIN}/subscribe_nodes"})
    assert (await client.receive_json())["success"]
    assert (await client.receive_json())["event"] == snapshot(name="first")
    await world.step()
    assert (await client.receive_json())["event"] == snapshot(name="later")
