"""Tests of the subentry flow that adds a node, and of what its form shows."""

from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from simulator.the_things_stack import HttpFault, TheThingsStack
from tests.battery_thermal.common import (
    DEVICE_ID,
    fields_of,
    open_options,
    placeholders_of,
)
from tests.battery_thermal.world import World


async def test_node_twice(
    hass: HomeAssistant, stack: TheThingsStack, setup: MockConfigEntry
) -> None:
    """A node that is set up is not offered, and not accepted a second time."""
    stack.add_device("shed")
    result = await hass.config_entries.subentries.async_init(
        (setup.entry_id, "node"), context={"source": SOURCE_USER}
    )
    options = fields_of(result)["device_id"].config["options"]
    assert options == [{"value": "shed", "label": "shed"}]

    result = await hass.config_entries.subentries.async_configure(
        result["flow_id"], {"device_id": f" {DEVICE_ID}", "layout": "slow_24"}
    )

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


async def test_list_of_devices_of_another_shape(
    hass: HomeAssistant, stack: TheThingsStack, setup: MockConfigEntry
) -> None:
    """A node can be added by its id when the list of devices is invalid."""
    stack.faults.http.append(HttpFault(200, body=b'{"end_devices": [1]}'))

    result = await hass.config_entries.subentries.async_init(
        (setup.entry_id, "node"), context={"source": SOURCE_USER}
    )

    assert fields_of(result)["device_id"].config["options"] == []


async def test_many_devices(
    hass: HomeAssistant, stack: TheThingsStack, setup: MockConfigEntry
) -> None:
    """A long list of devices is read in several pages."""
    for number in range(250):
        stack.add_device(f"device-{number}")

    result = await hass.config_entries.subentries.async_init(
        (setup.entry_id, "node"), context={"source": SOURCE_USER}
    )

    options = fields_of(result)["device_id"].config["options"]
    assert len(options) == 250


async def test_layout_of_a_node_need_not_be_said(
    hass: HomeAssistant, stack: TheThingsStack, setup: MockConfigEntry
) -> None:
    """Without a layout the fair number of images is valid for all layouts."""
    stack.add_device("shed")
    result = await hass.config_entries.subentries.async_init(
        (setup.entry_id, "node"), context={"source": SOURCE_USER}
    )
    result = await hass.config_entries.subentries.async_configure(
        result["flow_id"], {"device_id": "shed"}
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()

    node = next(n for n in setup.subentries.values() if n.unique_id == "shed")
    assert node.data == {"device_id": "shed", "layout": "auto"}
    result = await open_options(hass, setup, node.subentry_id)
    assert placeholders_of(result)["slow"] == "9"


async def test_fair_share_at_another_spreading_factor(
    hass: HomeAssistant, world: World
) -> None:
    """The fair number of images depends on the spreading factor."""
    (node,) = world.entry.subentries
    world.device.spreading_factor = 10
    await world.image()

    result = await open_options(hass, world.entry, node)

    assert result["description_placeholders"] == {
        "node": "Garage",
        "spreading_factor": "10",
        "limit": "30",
        "slow": "1",
        "fast": "24",
    }


async def test_reconfigure_node_while_not_set_up(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A node can be configured while its server is unreachable."""
    (node,) = entry.subentries

    result = await open_options(hass, entry, node)

    assert placeholders_of(result)["spreading_factor"] == "7"


async def test_too_many_cells(
    hass: HomeAssistant, stack: TheThingsStack, setup: MockConfigEntry
) -> None:
    """A bank of more cells than there can be areas is refused with a reason, then added."""
    stack.add_device("shed")
    flows = hass.config_entries.subentries
    result = await flows.async_init(
        (setup.entry_id, "node"), context={"source": SOURCE_USER}
    )

    result = await flows.async_configure(
        result["flow_id"], {"device_id": "shed", "rows": 13, "columns": 5}
    )

    assert result["errors"] == {"base": "too_many_areas"}
    result = await flows.async_configure(
        result["flow_id"], {"device_id": "shed", "rows": 16, "columns": 4}
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"]["cells"] == {"rows": 16, "columns": 4}
