"""Tests of nodes that are received but not set up, and of nodes that are set up but deleted at the server."""

from unittest.mock import patch

from custom_components.battery_thermal.hub.discovery import MOST_OFFERS
from homeassistant.config_entries import SOURCE_IGNORE, SOURCE_USER
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import discovery_flow, issue_registry as ir
from simulator.node import BatteryNode
from simulator.the_things_stack import MQTT_PAGE_RIGHTS
from tests.battery_thermal.common import DOMAIN, KEY, until
from tests.battery_thermal.world import World


async def meet(world: World, device_id: str = "shed") -> BatteryNode:
    """Let a node send that is not set up."""
    device = world.stack.add_device(device_id, frame_counter_check=False)
    stranger = BatteryNode(world.model, device, interval=30)
    for _ in range(3):
        await world.pass_time(30)
        await stranger.step()
    await world.step()
    return stranger


async def test_discovered_and_added(hass: HomeAssistant, world: World) -> None:
    """An unknown device that sends like a node is offered once, and can be added.

    Its layout need not be entered: it is detected from two fast images.
    """
    stranger = await meet(world)
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["title_placeholders"] == {"name": "shed"}

    result = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"rows": 16, "columns": 16}
    )
    assert result["errors"] == {"base": "too_many_areas"}
    result = await hass.config_entries.flow.async_configure(flow["flow_id"], {})

    assert result["reason"] == "node_added"
    await hass.async_block_till_done()
    assert [node.unique_id for node in world.entry.subentries.values()] == [
        "garage",
        "shed",
    ]
    assert hass.states.get("sensor.shed_maximum_temperature")
    for _ in range(4):
        await world.pass_time(30)
        await stranger.step()
    await world.step()
    state = hass.states.get("sensor.shed_maximum_temperature")
    assert state
    assert state.state != STATE_UNKNOWN
    assert not hass.config_entries.flow.async_progress()


async def test_other_devices_are_not_offered(hass: HomeAssistant, world: World) -> None:
    """Other devices of the application are not offered."""
    device = world.stack.add_device("door", frame_counter_check=False)
    await device.join()
    await device.mac_uplink(0)
    await device.uplink(1, 1, b"\x00")
    await device.uplink(1, 2, b"open")
    device.publish_raw("up", b"{")
    await world.step()

    assert not hass.config_entries.flow.async_progress()


async def test_ignored(hass: HomeAssistant, world: World) -> None:
    """An ignored node is not offered again."""
    await meet(world)
    (flow,) = hass.config_entries.flow.async_progress()
    await hass.config_entries.flow.async_init(
        DOMAIN,
        context={"source": SOURCE_IGNORE},
        data={"unique_id": flow["context"]["unique_id"], "title": "shed"},
    )
    await hass.config_entries.async_reload(world.entry.entry_id)
    await meet(world)

    assert not hass.config_entries.flow.async_progress()


async def test_added_by_hand(hass: HomeAssistant, world: World) -> None:
    """The offer of a node that was set up by hand is withdrawn."""
    await meet(world)
    result = await hass.config_entries.subentries.async_init(
        (world.entry.entry_id, "node"), context={"source": SOURCE_USER}
    )
    await hass.config_entries.subentries.async_configure(
        result["flow_id"], {"device_id": "shed", "layout": "slow_24"}
    )
    await hass.async_block_till_done()

    assert not hass.config_entries.flow.async_progress()


async def test_removed_application(hass: HomeAssistant, world: World) -> None:
    """A node of an application that was removed cannot be added."""
    await meet(world)
    (flow,) = hass.config_entries.flow.async_progress()
    await hass.config_entries.async_remove(world.entry.entry_id)

    result = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"layout": "slow_24"}
    )

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


async def test_deleted_at_the_server(
    hass: HomeAssistant, world: World, issue_registry: ir.IssueRegistry
) -> None:
    """A node that was deleted at the server is reported until it is there again."""
    issue_id = f"gone_{world.battery_node.subentry_id}"
    world.stack.remove_device("garage")
    await hass.config_entries.async_reload(world.entry.entry_id)
    await until(lambda: issue_registry.async_get_issue(DOMAIN, issue_id))

    world.stack.devices["garage"] = world.device
    await hass.config_entries.async_reload(world.entry.entry_id)

    await until(lambda: not issue_registry.async_get_issue(DOMAIN, issue_id))


async def test_key_may_not_list_devices(
    hass: HomeAssistant, world: World, issue_registry: ir.IssueRegistry
) -> None:
    """Without the right to list devices no node is reported as deleted."""
    world.stack.remove_device("garage")
    world.stack.add_key(KEY, MQTT_PAGE_RIGHTS)
    requests = world.stack.http.requests
    before = len(requests)
    await hass.config_entries.async_reload(world.entry.entry_id)
    await until(
        lambda: [path for _, path in requests[before:] if path.endswith("/devices")]
    )

    assert not issue_registry.issues


async def test_many_unknown_devices(hass: HomeAssistant, world: World) -> None:
    """At most five are offered at a time; others after a decision of the owner."""
    for number in range(8):
        device = world.stack.add_device(f"stranger-{number}", frame_counter_check=False)
        await device.join()
        await device.uplink(1, 0, bytes(36) + b"\x15")
    await world.step(2)
    await hass.async_block_till_done()
    flows = hass.config_entries.flow.async_progress()
    assert len(flows) == MOST_OFFERS == 5

    await hass.config_entries.flow.async_configure(flows[0]["flow_id"], {})
    await world.step()
    await hass.async_block_till_done()
    for number in range(8):
        device = world.stack.devices[f"stranger-{number}"]
        await device.uplink(1, 1, bytes(36) + b"\x15")
    await world.step()
    await hass.async_block_till_done()
    assert len(hass.config_entries.flow.async_progress()) == 5


async def test_unknown_devices_during_the_start(
    hass: HomeAssistant, world: World
) -> None:
    """Offers wait until Home Assistant has started, and are limited like later ones."""
    hass.set_state(CoreState.starting)
    with patch.object(discovery_flow, "async_create_flow") as create_flow:
        for number in range(8):
            device = world.stack.add_device(
                f"stranger-{number}", frame_counter_check=False
            )
            await device.join()
            await device.uplink(1, 0, bytes(36) + b"\x15")
        await world.step(2)
    assert create_flow.call_count == MOST_OFFERS
    hass.set_state(CoreState.running)
