"""Tests of actions with the targets that Home Assistant's interface sends."""

from types import MappingProxyType
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.battery_thermal.const import DOMAIN
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import Context
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    label_registry as lr,
)
from simulator.node import BatteryNode
from tests.battery_thermal.world import World

type Target = dict[str, Any]


async def act(
    world: World,
    target: Target,
    action: str = "request_settings",
    user_id: str | None = None,
    **data: Any,
) -> Any:
    """Call an action on a target."""
    return await world.hass.services.async_call(
        DOMAIN,
        action,
        data or ({"fan": True} if action == "request_settings" else {}),
        target=target,
        blocking=True,
        return_response=True,
        context=Context(user_id=user_id),
    )


@pytest.fixture
async def both(world: World) -> World:
    """Add a second node, and add both to an area."""
    device = world.stack.add_device("shed", name="Shed", frame_counter_check=False)
    connections = world.connections
    world.hass.config_entries.async_add_subentry(
        world.entry,
        ConfigSubentry(
            data=MappingProxyType({"device_id": "shed", "layout": "slow_24"}),
            subentry_type="node",
            title="Shed",
            unique_id="shed",
        ),
    )
    await world.reconnected(connections)
    await world.hass.async_block_till_done()
    await world.step(2)
    node = BatteryNode(world.model, device, interval=30)
    for _ in range(2):
        await node.step()
    area = ar.async_get(world.hass).async_create("Cellar")
    for entry in devices(world):
        dr.async_get(world.hass).async_update_device(entry.id, area_id=area.id)
    return world


def devices(world: World) -> list[dr.DeviceEntry]:
    """Return the devices of the nodes, by name."""
    found = dr.async_entries_for_config_entry(
        dr.async_get(world.hass), world.entry.entry_id
    )
    return sorted(found, key=lambda device: device.name or "")


@pytest.mark.parametrize(
    "target", [{"area_id": "cellar"}, {"entity_id": "all"}], ids=["area", "all"]
)
async def test_several_nodes(both: World, target: Target) -> None:
    """Each node gets the settings; answers are by device."""
    result = await act(both, target)
    assert list(result["nodes"]) == [device.id for device in devices(both)]
    assert all(answer["fan"] for answer in result["nodes"].values())
    for device_id in "garage", "shed":
        assert len(both.stack.devices[device_id].queue) == 1


async def test_one_node(world: World) -> None:
    """An entity or a label selects its node; the answer for a single device is not nested."""
    (device,) = devices(world)
    await world.step(2)
    mode = world.entity_id("select", "mode")
    assert list((await act(world, {"entity_id": mode}))["nodes"]) == [device.id]
    label = lr.async_get(world.hass).async_create("Power")
    er.async_get(world.hass).async_update_entity(mode, labels={label.label_id})
    assert list((await act(world, {"label_id": "power"}))["nodes"]) == [device.id]
    assert (await act(world, {"device_id": device.id}))["fan"]


async def test_images_of_several_nodes(both: World) -> None:
    """Images are by device; a node without one raises an error with its name."""
    await both.image()
    with pytest.raises(ServiceValidationError) as error:
        await act(both, {"area_id": "cellar"}, "get_image")
    assert error.value.translation_placeholders == {"node": "Shed"}
    garage, _ = devices(both)
    result = await act(both, {"device_id": garage.id}, "get_image")
    assert result["temp_max"]


async def test_one_file_of_several_nodes(both: World) -> None:
    """A file is written for one node only."""
    for action, name in ("export", "a.csv"), ("create_timelapse", "a.gif"):
        with pytest.raises(ServiceValidationError) as error:
            await act(
                both,
                {"area_id": "cellar"},
                action,
                start="2026-01-01 00:00:00",
                filename=name,
            )
        assert error.value.translation_key == "more_than_one_node"


async def test_several_nodes_fail(both: World) -> None:
    """The error of several nodes names all of them, that of one node is its own."""
    garage, shed = devices(both)
    del both.stack.devices["shed"]
    with pytest.raises(HomeAssistantError) as error:
        await act(both, {"area_id": "cellar"})
    assert error.value.translation_key == "downlink_unknown_device"
    assert error.value.translation_placeholders == {"node": "Shed"}
    del both.stack.devices["garage"]
    with pytest.raises(HomeAssistantError) as error:
        await act(both, {"device_id": [garage.id, shed.id]}, fan=False)
    assert error.value.translation_key == "settings_not_sent"
    assert error.value.translation_placeholders == {
        "count": "2",
        "all": "2",
        "nodes": "Garage, Shed",
    }


@pytest.mark.parametrize(
    ("target", "key"),
    [
        ({"area_id": "nowhere"}, "no_node_in_target"),
        ({"entity_id": "light.kitchen"}, "no_node_in_target"),
        ({"device_id": "nothing"}, "not_a_node"),
    ],
)
async def test_nothing_matches(world: World, target: Target, key: str) -> None:
    """A target without a node raises an error."""
    with pytest.raises(ServiceValidationError) as error:
        await act(world, target)
    assert error.value.translation_key == key


async def test_not_loaded(world: World) -> None:
    """A node whose application is not loaded is not found."""
    (device,) = devices(world)
    await world.hass.config_entries.async_unload(world.entry.entry_id)
    with pytest.raises(ServiceValidationError) as error:
        await act(world, {"device_id": device.id})
    assert error.value.translation_placeholders == {"device": "Garage"}
    with pytest.raises(ServiceValidationError) as error:
        await act(world, {"entity_id": "all"})
    assert error.value.translation_key == "no_node_in_target"


async def test_disabled(both: World) -> None:
    """A disabled node in an area is ignored; one that is named raises an error."""
    garage, shed = devices(both)
    dr.async_get(both.hass).async_update_device(
        shed.id, disabled_by=dr.DeviceEntryDisabler.USER
    )
    await both.hass.async_block_till_done()
    assert list((await act(both, {"area_id": "cellar"}))["nodes"]) == [garage.id]
    with pytest.raises(ServiceValidationError) as error:
        await act(both, {"device_id": shed.id})
    assert error.value.translation_key == "node_disabled"
    assert not both.stack.devices["shed"].queue


async def test_other_devices(both: World) -> None:
    """Other devices in the area are ignored."""
    devices_ = dr.async_get(both.hass)
    other = MockConfigEntry(domain="other")
    other.add_to_hass(both.hass)
    for entry_id, domain in (other.entry_id, "other"), (both.entry.entry_id, DOMAIN):
        device = devices_.async_get_or_create(
            config_entry_id=entry_id, identifiers={(domain, "no node")}
        )
        devices_.async_update_device(device.id, area_id="cellar")
    assert len((await act(both, {"area_id": "cellar"}))["nodes"]) == 2


async def test_rights(both: World, hass_read_only_user: MockUser) -> None:
    """With all entities as target, nodes without permission are ignored; otherwise they raise an error."""
    garage, _ = devices(both)
    (mode,) = [
        entity.entity_id
        for entity in er.async_entries_for_device(er.async_get(both.hass), garage.id)
        if entity.domain == "select"
    ]
    hass_read_only_user.mock_policy({"entities": {"entity_ids": {mode: True}}})
    user_id = hass_read_only_user.id
    result = await act(both, {"entity_id": "all"}, user_id=user_id)
    assert list(result["nodes"]) == [garage.id]
    with pytest.raises(Unauthorized):
        await act(both, {"area_id": "cellar"}, user_id=user_id)
