"""Tests of the action that requests settings: its result, waiting for a proof, refusals."""

import asyncio
from datetime import timedelta

import pytest

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_ON
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
from simulator.the_things_stack import HttpFault
from tests.battery_thermal.common import DOMAIN, until
from tests.battery_thermal.device.test_settings_sender import asked, pushes, request
from tests.battery_thermal.world import World

pytestmark = pytest.mark.usefixtures("all_entities")


async def test_action(world: World) -> None:
    """The action sends three settings in one downlink at once, and returns the result."""
    await world.image()

    assert await request(world, threshold=-10, mode="slow", fan=True) == {
        "threshold": -10,
        "mode": "slow",
        "fan": True,
        "payload": "eff6",
        "stage": "queued",
        "pending": True,
    }

    await world.step(2)
    assert world.node.threshold == -10


async def test_action_that_waits(world: World) -> None:
    """The action can wait until the settings are proven."""
    await world.image()
    waiting = asyncio.ensure_future(
        request(world, mode="slow", wait=timedelta(minutes=5))
    )
    await until(lambda: world.record.delivery.stage == "queued")

    await world.step(2)

    response = await waiting
    assert response["stage"] == "reported"
    assert not response["pending"]


async def test_action_with_proven_settings(world: World) -> None:
    """The action does not wait for settings that are proven already."""
    await world.image()
    await request(world, threshold=60)
    await world.step(2)
    await until(lambda: world.state("number", "threshold").state == "60")

    async with asyncio.timeout(2):
        response = await request(world, threshold=60, wait=timedelta(hours=1))

    assert not response["pending"]
    assert pushes(world) == 1


async def test_action_that_waits_through_a_reload(world: World) -> None:
    """A reload while the action waits does not lose the proof."""
    await world.image()
    waiting = asyncio.ensure_future(
        request(world, mode="slow", wait=timedelta(minutes=5))
    )
    await until(lambda: world.record.delivery.stage == "queued")
    connections = world.connections
    assert await world.hass.config_entries.async_reload(world.entry.entry_id)
    await world.reconnected(connections)
    assert not waiting.done()

    await world.step(2)

    async with asyncio.timeout(2):
        response = await waiting
    assert response["stage"] == "reported"
    assert not response["pending"]


async def test_action_that_waits_for_a_removed_node(world: World) -> None:
    """The action stops waiting when the node is removed."""
    await world.image()
    waiting = asyncio.ensure_future(
        request(world, mode="slow", wait=timedelta(minutes=5))
    )
    await until(lambda: world.record.delivery.stage == "queued")
    (subentry_id,) = world.entry.subentries
    world.hass.config_entries.async_remove_subentry(world.entry, subentry_id)

    async with asyncio.timeout(2):
        with pytest.raises(ServiceValidationError) as raised:
            await waiting

    assert raised.value.translation_key == "node_removed"


async def test_action_without_a_proof(world: World) -> None:
    """The action returns after the given time without a proof."""
    await world.image()
    waiting = asyncio.ensure_future(
        request(world, mode="slow", wait=timedelta(minutes=5))
    )
    listeners = len(world.battery_node.change_listeners)
    # The wait begins with the answer of the network server.
    await until(lambda: len(world.battery_node.change_listeners) > listeners)
    await world.pass_time(301)

    assert (await waiting)["pending"]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (0, "downlink_cannot_connect"),
        (401, "downlink_invalid_key"),
        (403, "downlink_no_rights"),
        (404, "downlink_unknown_device"),
        (429, "downlink_rate_limited"),
        (500, "downlink_server_error"),
    ],
)
async def test_action_refused(world: World, status: int, error: str) -> None:
    """A refusal of the network server is raised at once."""
    await world.image()
    world.stack.faults.http.append(HttpFault(status))

    with pytest.raises(HomeAssistantError) as raised:
        await request(world, threshold=60)

    assert raised.value.translation_key == error
    assert world.state("binary_sensor", "pending").state == STATE_ON


async def test_action_under_way_at_a_reload(world: World) -> None:
    """A request that a reload cancels is repeated, and the waiting action gets its result."""
    await world.image()
    world.stack.faults.http.append(HttpFault(500, delay=10))
    waiting = asyncio.ensure_future(
        request(world, mode="slow", wait=timedelta(minutes=5))
    )
    await asked(world)
    connections = world.connections
    assert await world.hass.config_entries.async_reload(world.entry.entry_id)
    await world.reconnected(connections)
    assert not waiting.done()

    await world.step(3)

    async with asyncio.timeout(2):
        response = await waiting
    assert world.node.mode == "slow"
    assert not response["pending"]


async def test_action_under_way_at_an_unload(world: World) -> None:
    """Without waiting the result of the action is pending."""
    await world.image()
    world.stack.faults.http.append(HttpFault(500, delay=10))
    waiting = asyncio.ensure_future(request(world, threshold=60))
    await asked(world)

    assert await world.hass.config_entries.async_unload(world.entry.entry_id)

    async with asyncio.timeout(2):
        response = await waiting
    assert (response["threshold"], response["stage"]) == (60, "idle")
    assert response["pending"]
    assert world.entry.state is ConfigEntryState.NOT_LOADED
    await world.pass_time(10)


async def test_action_for_no_node(world: World) -> None:
    """The action refuses a device that is not a node."""
    device = dr.async_get(world.hass).async_get_or_create(
        config_entry_id=world.entry.entry_id, identifiers={(DOMAIN, "other")}
    )

    with pytest.raises(ServiceValidationError) as raised:
        await world.hass.services.async_call(
            DOMAIN,
            "request_settings",
            {"device_id": device.id, "fan": True},
            blocking=True,
        )

    assert raised.value.translation_key == "not_a_node"
