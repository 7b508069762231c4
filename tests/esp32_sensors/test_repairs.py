"""Tests of the repair flows: decisions of the owner about boards."""

from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    MqttMockHAClient,
)

from custom_components.esp32_sensors.const import DOMAIN
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util.file import WriteError

from .conftest import (
    MAC,
    FakeBoard,
    SetUp,
    change_options,
    decide,
    disk_that_refuses,
    issue_keys,
    later,
    restart,
)


@pytest.mark.rule("S-60")
async def test_accept(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    applicant: FakeBoard,
    hass_client: ClientSessionGenerator,
) -> None:
    """A waiting board is a repair issue; it is answered when it is accepted."""
    await applicant.join()
    await applicant.join()
    assert applicant.name == ""
    await later(hass, freezer, 1)
    assert issue_keys(hass) == ["waiting"]
    assert (await decide(hass, hass_client, "accept"))["type"] == "create_entry"
    (assignment,) = applicant.received("state/nameAssign")
    assert assignment.startswith(f"{MAC};capteur01;")
    assert issue_keys(hass) == []
    await applicant.join()
    await applicant.start()
    assert applicant.states["online"] == "on"


@pytest.mark.rule("S-60")
async def test_refuse(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    approval: ConfigEntry,
    applicant: FakeBoard,
    hass_client: ClientSessionGenerator,
) -> None:
    """A refused board is not admitted until it is accepted in the options."""
    await applicant.join()
    await later(hass, freezer, 1)
    assert (await decide(hass, hass_client, "refuse"))["type"] == "create_entry"
    assert issue_keys(hass) == []
    await restart(hass, approval)
    await change_options(hass, approval, admission="open")
    await applicant.join()
    await later(hass, freezer, 1)
    assert issue_keys(hass) == []
    assert approval.runtime_data.statistics.discarded == {"refused": 1}

    result = await hass.config_entries.options.async_init(approval.entry_id)
    assert result["type"] is FlowResultType.MENU
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], {"next_step_id": "refused"}
    )
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], {"boards": [MAC]}
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(applicant.received("state/nameAssign")) == 1


@pytest.mark.parametrize("choice", ["accept", "refuse"])
async def test_decide_twice(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    approval: ConfigEntry,
    applicant: FakeBoard,
    hass_client: ClientSessionGenerator,
    *,
    choice: str,
) -> None:
    """A decision about a board that does not wait any more aborts the flow."""
    await applicant.join()
    await later(hass, freezer, 1)
    assert await async_setup_component(hass, "repairs", {})
    client = await hass_client()
    (issue_id,) = [i for d, i in ir.async_get(hass).issues if d == DOMAIN]
    assert MAC not in issue_id
    response = await client.post(
        "/api/repairs/issues/fix", json={"handler": DOMAIN, "issue_id": issue_id}
    )
    flow = await response.json()
    await approval.runtime_data.management.async_accept(MAC)
    response = await client.post(
        f"/api/repairs/issues/fix/{flow['flow_id']}", json={"next_step_id": choice}
    )
    result = await response.json()
    assert (result["type"], result["reason"]) == ("abort", "not_waiting")
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.mark.parametrize("choice", ["accept", "refuse"])
async def test_decide_unloaded(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    approval: ConfigEntry,
    applicant: FakeBoard,
    hass_client: ClientSessionGenerator,
    *,
    choice: str,
) -> None:
    """Nothing can be decided while the network is not loaded."""
    await applicant.join()
    await later(hass, freezer, 1)
    assert await async_setup_component(hass, "repairs", {})
    client = await hass_client()
    (issue_id,) = [i for d, i in ir.async_get(hass).issues if d == DOMAIN]
    response = await client.post(
        "/api/repairs/issues/fix", json={"handler": DOMAIN, "issue_id": issue_id}
    )
    flow = await response.json()
    await hass.config_entries.async_unload(approval.entry_id)
    assert issue_keys(hass) == []
    response = await client.post(
        f"/api/repairs/issues/fix/{flow['flow_id']}", json={"next_step_id": choice}
    )
    assert (await response.json())["reason"] == "not_loaded"
    result = await hass.config_entries.options.async_init(approval.entry_id)
    assert result["type"] is FlowResultType.FORM


@pytest.mark.parametrize("choice", ["accept", "refuse"])
async def test_decide_disk_full(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    approval: ConfigEntry,
    applicant: FakeBoard,
    hass_client: ClientSessionGenerator,
    *,
    choice: str,
) -> None:
    """A full disk aborts the flow with its reason."""
    await applicant.join()
    await later(hass, freezer, 1)
    with (
        patch("custom_components.esp32_sensors.hub.assignments._RETRY", 0),
        disk_that_refuses(2),
    ):
        assert (await decide(hass, hass_client, choice))["reason"] == "not_saved"


@pytest.mark.rule("S-52")
async def test_directed_board_on_shared_topics(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    mqtt_mock: MqttMockHAClient,
    network: ConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    """A board with directed topics is not accepted on shared ones until the owner allows it."""
    own = FakeBoard(hass, mqtt_mock, directed=True)
    await own.join()
    await own.start()
    await own.led(1)
    await restart(hass, network)
    await own.light(50)
    before = own.states
    shared = FakeBoard(hass, mqtt_mock)
    await shared.join()
    assert shared.name == ""
    shared.name, shared.session_id = own.name, own.session_id
    await shared.light(3)
    await shared.leave()
    assert own.states == before
    assert network.runtime_data.statistics.discarded == {"shared_topic": 3}
    await later(hass, freezer, 1)
    assert issue_keys(hass) == ["astray"]
    await later(hass, freezer, 601)
    assert issue_keys(hass) == []

    # Now it has other firmware.
    await shared.join()
    await later(hass, freezer, 1)
    assert await async_setup_component(hass, "repairs", {})
    client = await hass_client()
    (issue_id,) = [i for d, i in ir.async_get(hass).issues if d == DOMAIN]
    url = "/api/repairs/issues/fix"
    for running in (False, True):
        response = await client.post(
            url, json={"handler": DOMAIN, "issue_id": issue_id}
        )
        flow = await response.json()
        assert flow["type"] == "form"
        if not running:
            await hass.config_entries.async_unload(network.entry_id)
        response = await client.post(f"{url}/{flow['flow_id']}", json={})
        if not running:
            assert (await response.json())["reason"] == "not_loaded"
            await hass.config_entries.async_setup(network.entry_id)
            await shared.join()
            await later(hass, freezer, 1)
    assert (await response.json())["type"] == "create_entry"
    assert issue_keys(hass) == []
    with pytest.raises(ServiceValidationError) as error:
        await network.runtime_data.management.async_allow_shared(MAC)
    assert error.value.translation_key == "not_astray"
    await shared.join()
    await shared.start()
    await shared.light(3)
    assert shared.states["light"] == "3"


async def test_directed_board_disk_full(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    mqtt_mock: MqttMockHAClient,
    network: ConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    """A full disk aborts the flow that allows shared topics."""
    await FakeBoard(hass, mqtt_mock, directed=True).join()
    await FakeBoard(hass, mqtt_mock).join()
    await later(hass, freezer, 1)
    assert await async_setup_component(hass, "repairs", {})
    client = await hass_client()
    (issue_id,) = [i for d, i in ir.async_get(hass).issues if d == DOMAIN]
    url = "/api/repairs/issues/fix"
    response = await client.post(url, json={"handler": DOMAIN, "issue_id": issue_id})
    flow = await response.json()
    with patch(
        "homeassistant.helpers.storage.Store._async_write_data", side_effect=WriteError
    ):
        response = await client.post(f"{url}/{flow['flow_id']}", json={})
    assert (await response.json())["reason"] == "not_saved"


async def test_limit_when_accepting(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    mqtt_mock: MqttMockHAClient,
    set_up: SetUp,
    hass_client: ClientSessionGenerator,
) -> None:
    """A waiting board cannot be accepted when the network is full."""
    entry = await set_up(admission="approval", board_limit=1)
    boards = [FakeBoard(hass, mqtt_mock, f"AA:00:00:00:00:0{n}") for n in range(3)]
    for board in boards:
        await board.join()
    network = entry.runtime_data
    await network.management.async_refuse(boards[2].mac)
    await network.management.async_accept(boards[0].mac)
    assert (await decide(hass, hass_client, "accept"))["reason"] == "too_many_boards"
    result = await hass.config_entries.options.async_init(entry.entry_id)
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], {"next_step_id": "refused"}
    )
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], {"boards": [boards[2].mac]}
    )
    assert result["errors"] == {"base": "too_many_boards"}
