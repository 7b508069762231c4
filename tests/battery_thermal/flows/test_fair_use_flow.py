"""Tests of the options flow of an application: its fair use limits."""

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.battery_thermal.lorawan.the_things_stack.server_type import (
    FAIR_USE,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from tests.battery_thermal.common import fields_of


async def test_options(
    hass: HomeAssistant, all_entities: None, setup: MockConfigEntry
) -> None:
    """Fair use is an option of the application."""
    result = await hass.config_entries.options.async_init(setup.entry_id)
    suggested = {
        str(key): key.description["suggested_value"] for key in fields_of(result)
    }
    # On a server other than the public network it is off by default.
    assert suggested == {"fair_use": False, "budget": 8}

    result = await hass.config_entries.options.async_configure(
        result["flow_id"], {"fair_use": True, "budget": 5}
    )

    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    state = hass.states.get("sensor.garage_downlinks_24_h")
    assert state
    assert state.attributes["limit"] == 5


async def test_fields(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """The largest number of downlinks is that of the network server's limits."""
    result = await hass.config_entries.options.async_init(entry.entry_id)
    fields = {str(key): value for key, value in fields_of(result).items()}
    assert list(fields) == ["fair_use", "budget"]
    budget = fields["budget"].config
    assert (budget["min"], budget["max"], budget["step"]) == (1, FAIR_USE.downlinks, 1)


@pytest.mark.parametrize(
    ("host", "fair_use"),
    [("eu1.cloud.thethings.network", True), ("server.example", False)],
)
async def test_default(
    hass: HomeAssistant, entry: MockConfigEntry, host: str, fair_use: bool
) -> None:
    """Fair use is on by default on the public network only."""
    hass.config_entries.async_update_entry(entry, data={**entry.data, "host": host})
    result = await hass.config_entries.options.async_init(entry.entry_id)
    suggested = {
        str(key): key.description["suggested_value"] for key in fields_of(result)
    }
    assert suggested["fair_use"] is fair_use


async def test_chosen_values_are_suggested(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """The dialog shows what was chosen before."""
    chosen = {"fair_use": True, "budget": 3}
    hass.config_entries.async_update_entry(entry, options=chosen)
    result = await hass.config_entries.options.async_init(entry.entry_id)
    suggested = {
        str(key): key.description["suggested_value"] for key in fields_of(result)
    }
    assert suggested == chosen
