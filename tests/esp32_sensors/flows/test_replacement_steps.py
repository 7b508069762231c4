"""A board takes the place of another one, in the options of a network."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from ..conftest import MAC, FakeBoard

NEW_MAC = "61:EC:ED:3B:25:B2"


async def begin(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, Any]:
    """Open the options and choose to replace a board."""
    result = await hass.config_entries.options.async_init(entry.entry_id)
    return await go_on(hass, dict(result), next_step_id="replace")


async def go_on(
    hass: HomeAssistant, form: dict[str, Any], **data: str
) -> dict[str, Any]:
    """Submit a form."""
    options = hass.config_entries.options
    return dict(await options.async_configure(form["flow_id"], data))


@pytest.fixture
async def new(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, online: FakeBoard
) -> FakeBoard:
    """Return a second board that has joined."""
    board = FakeBoard(hass, mqtt_mock, NEW_MAC)
    await board.join()
    return board


@pytest.mark.rule("S-73")
async def test_replace(
    hass: HomeAssistant, network: ConfigEntry, online: FakeBoard, new: FakeBoard
) -> None:
    """The owner chooses the old board, then the new one."""
    device = online.device
    form = await begin(hass, network)
    (selector,) = form["data_schema"].schema.values()
    assert [option["label"] for option in selector.config["options"]] == [
        f"capteur02 ({NEW_MAC})",
        f"capteur01 ({MAC})",
    ]
    form = await go_on(hass, form, board=MAC)
    assert form["step_id"] == "replace_by"
    result = await go_on(hass, form, new=NEW_MAC)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "replaced")
    assert new.device.id == device.id


async def test_by_a_waiting_board(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    approval: ConfigEntry,
    applicant: FakeBoard,
) -> None:
    """A board that waits has no name; somebody may have decided about it meanwhile."""
    await applicant.join()
    await approval.runtime_data.management.async_accept(MAC)
    new = FakeBoard(hass, mqtt_mock, NEW_MAC)
    await new.join()
    form = await go_on(hass, await begin(hass, approval), board=MAC)
    (selector,) = form["data_schema"].schema.values()
    assert [option["label"] for option in selector.config["options"]] == [NEW_MAC]
    await approval.runtime_data.management.async_refuse(NEW_MAC)
    form = await go_on(hass, form, new=NEW_MAC)
    assert form["errors"] == {"base": "not_waiting"}


async def test_nothing_to_choose(
    hass: HomeAssistant, network: ConfigEntry, board: FakeBoard
) -> None:
    """There is no board, or no other one."""
    assert (await begin(hass, network))["reason"] == "no_boards"
    await board.join()
    form = await begin(hass, network)
    assert (await go_on(hass, form, board=MAC))["reason"] == "no_candidates"


async def test_gone_meanwhile(
    hass: HomeAssistant, network: ConfigEntry, online: FakeBoard, new: FakeBoard
) -> None:
    """The board was removed, or the network stopped, while the dialog was open."""
    second = await go_on(hass, await begin(hass, network), board=MAC)
    third = await go_on(hass, await begin(hass, network), board=MAC)
    await network.runtime_data.management.async_forget(
        network.runtime_data.registry.boards[MAC], online.device
    )
    assert (await go_on(hass, second, new=NEW_MAC))["reason"] == "board_gone"
    fourth = await begin(hass, network)
    await hass.config_entries.async_unload(network.entry_id)
    assert (await go_on(hass, third, new=NEW_MAC))["reason"] == "not_loaded"
    assert (await go_on(hass, fourth, board=NEW_MAC))["reason"] == "not_loaded"
