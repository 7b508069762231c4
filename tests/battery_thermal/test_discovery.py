"""Nodes that are heard and not set up, and nodes that are set up and not there."""

from homeassistant.config_entries import SOURCE_IGNORE, SOURCE_USER
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from simulator.node import BatteryNode
from simulator.the_things_stack import MQTT_PAGE_RIGHTS

from .common import DOMAIN, KEY, until
from .world import World


async def meet(world: World, device_id: str = "shed") -> BatteryNode:
    """Let a node speak that nobody has set up."""
    device = world.stack.add_device(device_id, frame_counter_check=False)
    stranger = BatteryNode(world.model, device, interval=30)
    for _ in range(3):
        await world.pass_time(30)
        await stranger.step()
    await world.step()
    return stranger


async def test_discovered_and_added(hass: HomeAssistant, world: World) -> None:
    """A stranger that talks like a node is offered once, and can be added.

    How it cuts its images need not be said: two fast ones tell it.
    """
    stranger = await meet(world)
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["title_placeholders"] == {"name": "shed"}

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
    """An application may have devices that are no such nodes."""
    device = world.stack.add_device("door", frame_counter_check=False)
    await device.join()
    await device.mac_uplink(0)
    await device.uplink(1, 1, b"\x00")
    await device.uplink(1, 2, b"open")
    device.publish_raw("up", b"{")
    await world.step()

    assert not hass.config_entries.flow.async_progress()


async def test_ignored(hass: HomeAssistant, world: World) -> None:
    """Who does not want a node is not asked again."""
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
    """What was set up by hand is no longer offered."""
    await meet(world)
    result = await hass.config_entries.subentries.async_init(
        (world.entry.entry_id, "node"), context={"source": SOURCE_USER}
    )
    await hass.config_entries.subentries.async_configure(
        result["flow_id"], {"device_id": "shed", "layout": "slow_24"}
    )
    await hass.async_block_till_done()

    assert not hass.config_entries.flow.async_progress()


async def test_application_gone(hass: HomeAssistant, world: World) -> None:
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
    """A node that the server has no more is told of, until it is there again."""
    issue_id = f"gone_{world.record.subentry_id}"
    world.stack.remove_device("garage")
    await hass.config_entries.async_reload(world.entry.entry_id)
    await until(lambda: issue_registry.async_get_issue(DOMAIN, issue_id))

    world.stack.devices["garage"] = world.device
    await hass.config_entries.async_reload(world.entry.entry_id)

    await until(lambda: not issue_registry.async_get_issue(DOMAIN, issue_id))


async def test_key_may_not_list_devices(
    hass: HomeAssistant, world: World, issue_registry: ir.IssueRegistry
) -> None:
    """Without the right to list devices, nothing is said of them."""
    world.stack.remove_device("garage")
    world.stack.add_key(KEY, MQTT_PAGE_RIGHTS)
    requests = world.stack.http.requests
    before = len(requests)
    await hass.config_entries.async_reload(world.entry.entry_id)
    await until(
        lambda: [path for _, path in requests[before:] if path.endswith("/devices")]
    )

    assert not issue_registry.issues
