"""Tests of the options flow."""

import pytest

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from .conftest import MAC, FakeBoard, SetUp, change_options, in_sections


async def test_options_of_a_stopped_network(
    hass: HomeAssistant, approval: ConfigEntry, applicant: FakeBoard
) -> None:
    """Refused boards of an unloaded network cannot be accepted."""
    await applicant.join()
    await approval.runtime_data.management.async_refuse(MAC)
    result = await hass.config_entries.options.async_init(approval.entry_id)
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], {"next_step_id": "refused"}
    )
    await hass.config_entries.async_unload(approval.entry_id)
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], {"boards": [MAC]}
    )
    assert result["reason"] == "not_loaded"


async def test_prefix_of_default_names(
    hass: HomeAssistant, network: ConfigEntry, board: FakeBoard
) -> None:
    """New boards have default names that begin as the owner wants."""
    await change_options(hass, network, name_prefix=" board ")
    assert network.options["name_prefix"] == "board"
    await board.join()
    assert board.name == "board01"


@pytest.mark.parametrize("prefix", ["", "a;b", "x" * 25, "\u200b"])
async def test_prefix_that_no_name_can_have(
    hass: HomeAssistant, set_up: SetUp, prefix: str
) -> None:
    """The form is shown again with an error, and with what was entered."""
    network = await set_up(board_limit=7)
    result = await hass.config_entries.options.async_init(network.entry_id)
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], {"next_step_id": "settings"}
    )
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], in_sections({"name_prefix": prefix, "board_limit": 9})
    )
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"base": "invalid_name_prefix"}
    assert network.options["board_limit"] == 7
