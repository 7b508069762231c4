"""Who may join, and how the owner decides."""

from http import HTTPStatus
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    MqttMockHAClient,
)

from custom_components.esp32_sensors.admission import WAITING_AT_MOST
from custom_components.esp32_sensors.const import DOMAIN
from homeassistant.auth.const import GROUP_ID_USER
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Context, HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError, Unauthorized
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util.file import WriteError

from .conftest import MAC, FakeBoard, SetUp, change_options, later, restart


@pytest.fixture
async def careful(freezer: FrozenDateTimeFactory, set_up: SetUp) -> ConfigEntry:
    """Return a network that asks before it lets anyone in."""
    return await set_up(admission="approval")


@pytest.fixture
def guest(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, careful: ConfigEntry
) -> FakeBoard:
    """Return a board that was never seen before."""
    return FakeBoard(hass, mqtt_mock)


def issues(hass: HomeAssistant) -> list[str]:
    """Return the kinds of issues that are shown."""
    return [
        str(issue.translation_key)
        for (domain, _), issue in ir.async_get(hass).issues.items()
        if domain == DOMAIN and issue.active
    ]


async def decide(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, choice: str
) -> dict[str, Any]:
    """Decide about the board that waits, in the interface."""
    assert await async_setup_component(hass, "repairs", {})
    client = await hass_client()
    (issue_id,) = [i for d, i in ir.async_get(hass).issues if d == DOMAIN]
    response = await client.post(
        "/api/repairs/issues/fix", json={"handler": DOMAIN, "issue_id": issue_id}
    )
    assert response.status == HTTPStatus.OK
    flow = await response.json()
    assert flow["type"] == "menu"
    response = await client.post(
        f"/api/repairs/issues/fix/{flow['flow_id']}", json={"next_step_id": choice}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    result: dict[str, Any] = await response.json()
    return result


@pytest.mark.rule("S-60")
async def test_accept(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    guest: FakeBoard,
    hass_client: ClientSessionGenerator,
) -> None:
    """A board that waits is shown; accepted, it is answered at once."""
    await guest.join()
    await guest.join()
    assert guest.name == ""
    await later(hass, freezer, 1)
    assert issues(hass) == ["waiting"]
    assert (await decide(hass, hass_client, "accept"))["type"] == "create_entry"
    (assignment,) = guest.heard("state/nameAssign")
    assert assignment.startswith(f"{MAC};capteur01;")
    assert issues(hass) == []
    await guest.join()
    await guest.start()
    assert guest.states["online"] == "on"


@pytest.mark.rule("S-60")
async def test_refuse(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    careful: ConfigEntry,
    guest: FakeBoard,
    hass_client: ClientSessionGenerator,
) -> None:
    """A board that was refused stays out, until it is let in after all."""
    await guest.join()
    await later(hass, freezer, 1)
    assert (await decide(hass, hass_client, "refuse"))["type"] == "create_entry"
    assert issues(hass) == []
    await restart(hass, careful)
    await change_options(hass, careful, admission="open")
    await guest.join()
    await later(hass, freezer, 1)
    assert issues(hass) == []
    assert careful.runtime_data.discarded == {"refused": 1}

    result = await hass.config_entries.options.async_init(careful.entry_id)
    assert result["type"] is FlowResultType.MENU
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], {"next_step_id": "refused"}
    )
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], {"boards": [MAC]}
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(guest.heard("state/nameAssign")) == 1


async def test_decide_too_late(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    careful: ConfigEntry,
    guest: FakeBoard,
    hass_client: ClientSessionGenerator,
) -> None:
    """A board that was let in otherwise meanwhile is not let in twice."""
    await guest.join()
    await careful.runtime_data.async_accept(MAC)
    await careful.runtime_data.async_accept(MAC)
    await careful.runtime_data.async_refuse(MAC)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(guest.heard("state/nameAssign")) == 1


@pytest.mark.parametrize("choice", ["accept", "refuse"])
async def test_decide_unloaded(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    careful: ConfigEntry,
    guest: FakeBoard,
    hass_client: ClientSessionGenerator,
    *,
    choice: str,
) -> None:
    """Nothing can be decided while the network does not run; nothing is asked either."""
    await guest.join()
    await later(hass, freezer, 1)
    assert await async_setup_component(hass, "repairs", {})
    client = await hass_client()
    (issue_id,) = [i for d, i in ir.async_get(hass).issues if d == DOMAIN]
    response = await client.post(
        "/api/repairs/issues/fix", json={"handler": DOMAIN, "issue_id": issue_id}
    )
    flow = await response.json()
    await hass.config_entries.async_unload(careful.entry_id)
    assert issues(hass) == []
    response = await client.post(
        f"/api/repairs/issues/fix/{flow['flow_id']}", json={"next_step_id": choice}
    )
    assert (await response.json())["reason"] == "not_loaded"
    result = await hass.config_entries.options.async_init(careful.entry_id)
    assert result["type"] is FlowResultType.FORM


@pytest.mark.rule("S-60")
async def test_closed(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, set_up: SetUp
) -> None:
    """A closed network lets nobody in, and goes on with those it knows."""
    entry = await set_up()
    known = FakeBoard(hass, mqtt_mock)
    await known.join()
    await change_options(hass, entry, admission="closed")
    await known.join()
    await known.start()
    assert known.states["online"] == "on"
    stranger = FakeBoard(hass, mqtt_mock, "AA:00:00:00:00:01")
    await stranger.join()
    assert stranger.name == ""
    assert entry.runtime_data.discarded == {"not_admitted": 1}


async def test_permit_joining(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    mqtt_mock: MqttMockHAClient,
    set_up: SetUp,
) -> None:
    """The button lets everybody in for some minutes, and it is shown how long."""
    entry = await set_up(admission="closed")
    entities = er.async_get(hass)
    button = entities.async_get_entity_id(
        "button", DOMAIN, f"{entry.entry_id}_permit_joining"
    )
    until = entities.async_get_entity_id(
        "sensor", DOMAIN, f"{entry.entry_id}_joining_until"
    )
    assert until is not None
    shown = hass.states.get(until)
    assert shown is not None
    assert shown.state == "unknown"
    await hass.services.async_call(
        "button", "press", {"entity_id": button}, blocking=True
    )
    shown = hass.states.get(until)
    assert shown is not None
    assert shown.state > freezer().isoformat()
    await later(hass, freezer, 250)
    first = FakeBoard(hass, mqtt_mock, "AA:00:00:00:00:01")
    await first.join()
    assert first.name == "capteur01"
    await later(hass, freezer, 5)
    shown = hass.states.get(until)
    assert shown is not None
    assert shown.state == "unknown"
    second = FakeBoard(hass, mqtt_mock, "AA:00:00:00:00:02")
    await second.join()
    assert second.name == ""


@pytest.mark.rule("S-61")
async def test_limit(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    mqtt_mock: MqttMockHAClient,
    set_up: SetUp,
) -> None:
    """A full network lets nobody in, and says so."""
    entry = await set_up(board_limit=1)
    boards = [FakeBoard(hass, mqtt_mock, f"AA:00:00:00:00:0{n}") for n in range(2)]
    await boards[0].join()
    await later(hass, freezer, 1)
    assert issues(hass) == []
    await boards[1].join()
    await later(hass, freezer, 1)
    assert issues(hass) == ["too_many_boards"]
    assert boards[1].name == ""
    await change_options(hass, entry, board_limit=2)
    await boards[1].join()
    assert boards[1].name == "capteur02"
    assert issues(hass) == []


async def test_limit_when_accepting(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    mqtt_mock: MqttMockHAClient,
    set_up: SetUp,
    hass_client: ClientSessionGenerator,
) -> None:
    """Who waits cannot be let in either when the network is full."""
    entry = await set_up(admission="approval", board_limit=1)
    boards = [FakeBoard(hass, mqtt_mock, f"AA:00:00:00:00:0{n}") for n in range(3)]
    for board in boards:
        await board.join()
    network = entry.runtime_data
    await network.async_refuse(boards[2].mac)
    await network.async_accept(boards[0].mac)
    assert (await decide(hass, hass_client, "accept"))["reason"] == "too_many_boards"
    result = await hass.config_entries.options.async_init(entry.entry_id)
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], {"next_step_id": "refused"}
    )
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], {"boards": [boards[2].mac]}
    )
    assert result["errors"] == {"base": "too_many_boards"}


async def test_flood(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    mqtt_mock: MqttMockHAClient,
    careful: ConfigEntry,
) -> None:
    """A flood of made-up addresses is counted, and does not bury the owner."""
    for n in range(WAITING_AT_MOST + 10):
        await FakeBoard(hass, mqtt_mock, f"AA:00:00:00:00:{n:02X}").join()
    await later(hass, freezer, 1)
    assert issues(hass) == ["waiting"] * WAITING_AT_MOST
    assert careful.runtime_data.discarded == {"not_admitted": WAITING_AT_MOST + 10}
    # Those who have not asked again for long make room for those who do.
    board = FakeBoard(hass, mqtt_mock)
    await later(hass, freezer, 30)
    await FakeBoard(hass, mqtt_mock, "AA:00:00:00:00:00").join()
    await board.join()
    assert MAC not in careful.runtime_data.registry.admission.waiting
    await later(hass, freezer, 30)
    await board.join()
    waiting = careful.runtime_data.registry.admission.waiting
    assert len(waiting) == WAITING_AT_MOST
    assert {MAC, "AA:00:00:00:00:00"} < waiting.keys()


@pytest.mark.rule("S-64")
async def test_contested(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, board: FakeBoard
) -> None:
    """A MAC that opens sessions again and again while one is alive is shown."""
    for _ in range(3):
        assert issues(hass) == []
        await board.join()
        await board.start()
        await board.led(0)
        await later(hass, freezer, 20)
    await board.join()
    await later(hass, freezer, 1)
    assert issues(hass) == ["contested"]
    await later(hass, freezer, 600)
    assert issues(hass) == []


@pytest.mark.rule("S-64")
async def test_not_contested(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, board: FakeBoard
) -> None:
    """A board that is switched off and on is one board."""
    for _ in range(5):
        await board.join()
        await board.start()
        old = board.credentials
        await board.leave()
        await later(hass, freezer, 21)
        # What was still under way of an old session.
        await board.say("state/leave", old)
    assert issues(hass) == []


@pytest.mark.rule("S-64")
async def test_contested_by_client_id(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, board: FakeBoard
) -> None:
    """Two that disconnect each other: the broker sends the will before the other asks."""
    for _ in range(5):
        assert issues(hass) == []
        await board.join()
        await board.start()
        await board.led(0)
        await later(hass, freezer, 10)
        await board.leave()
    await later(hass, freezer, 1)
    assert issues(hass) == ["contested"]


@pytest.mark.rule("S-64")
async def test_contested_by_old_session(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    mqtt_mock: MqttMockHAClient,
    network: ConfigEntry,
    online: FakeBoard,
) -> None:
    """Two with client ids of their own: the one never hears that its session is over."""
    other = FakeBoard(hass, mqtt_mock)
    await other.join()
    await other.start()
    await other.led(0)
    for _ in range(14):
        await later(hass, freezer, 2)
        await online.light(1)
        await other.light(2)
    await online.say("photoresistor/status", f"{online.name};17;1")
    assert issues(hass) == []
    for _ in range(4):
        await later(hass, freezer, 2)
        await online.light(1)
        await other.light(2)
    await later(hass, freezer, 1)
    assert issues(hass) == ["contested"]
    # It is so also after a restart.
    await restart(hass, network)
    for _ in range(3):
        await other.light(2)
        await online.light(1)
    await later(hass, freezer, 1)
    assert issues(hass) == ["contested"]


@pytest.mark.rule("S-52")
async def test_directed_board_on_shared_topics(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    mqtt_mock: MqttMockHAClient,
    network: ConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    """Nobody takes over a board of its own topics on shared ones; the owner may let it."""
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
    assert network.runtime_data.discarded == {"shared_topic": 3}
    await later(hass, freezer, 1)
    assert issues(hass) == ["astray"]
    await later(hass, freezer, 601)
    assert issues(hass) == []

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
    assert issues(hass) == []
    await network.runtime_data.async_allow_shared(MAC)
    await shared.join()
    await shared.start()
    await shared.light(3)
    assert shared.states["light"] == "3"


@pytest.mark.rule("S-52", "S-63")
async def test_deleted_board_may_share(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, network: ConfigEntry
) -> None:
    """A board that was deleted joins as it likes."""
    own = FakeBoard(hass, mqtt_mock, directed=True)
    await own.join()
    shared = FakeBoard(hass, mqtt_mock)
    await shared.join()
    running = network.runtime_data
    await running.async_forget(running.registry.boards[MAC], own.device)
    await hass.async_block_till_done()
    await shared.join()
    assert shared.name == "capteur02"


@pytest.mark.parametrize("choice", ["accept", "refuse"])
async def test_decide_disk_full(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    careful: ConfigEntry,
    guest: FakeBoard,
    hass_client: ClientSessionGenerator,
    *,
    choice: str,
) -> None:
    """A full disk is called a full disk."""
    await guest.join()
    await later(hass, freezer, 1)
    with (
        patch("custom_components.esp32_sensors.assignments._RETRY", 0),
        patch(
            "homeassistant.helpers.storage.Store._async_write_data",
            side_effect=[WriteError, WriteError, None],
        ),
    ):
        assert (await decide(hass, hass_client, choice))["reason"] == "not_saved"


async def test_options_of_a_stopped_network(
    hass: HomeAssistant, careful: ConfigEntry, guest: FakeBoard
) -> None:
    """A network that was stopped while somebody looked lets nobody in."""
    await guest.join()
    await careful.runtime_data.async_refuse(MAC)
    result = await hass.config_entries.options.async_init(careful.entry_id)
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], {"next_step_id": "refused"}
    )
    await hass.config_entries.async_unload(careful.entry_id)
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], {"boards": [MAC]}
    )
    assert result["reason"] == "not_loaded"


async def test_disk_full_otherwise(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    careful: ConfigEntry,
    guest: FakeBoard,
) -> None:
    """So it is in the options, and when something else is decided."""
    await guest.join()
    await careful.runtime_data.async_refuse(MAC)
    with patch(
        "homeassistant.helpers.storage.Store._async_write_data", side_effect=WriteError
    ):
        result = await hass.config_entries.options.async_init(careful.entry_id)
        result = await hass.config_entries.options.async_configure(
            result["flow_id"], {"next_step_id": "refused"}
        )
        result = await hass.config_entries.options.async_configure(
            result["flow_id"], {"boards": [MAC]}
        )
        assert result["errors"] == {"base": "not_saved"}
        board = careful.runtime_data.registry.boards[MAC]
        with pytest.raises(HomeAssistantError) as raised:
            await careful.runtime_data.async_rename(board, "LeBron")
        assert raised.value.translation_key == "not_saved"


async def test_directed_board_disk_full(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    mqtt_mock: MqttMockHAClient,
    network: ConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    """A board is let back to the shared topics, and the disk is full."""
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


async def test_permit_joining_is_for_administrators(
    hass: HomeAssistant,
    network: ConfigEntry,
    hass_admin_user: MockUser,
) -> None:
    """Users of the default group may press buttons, but not this one."""
    user = await hass.auth.async_create_user("user", group_ids=[GROUP_ID_USER])
    button = er.async_get(hass).async_get_entity_id(
        "button", DOMAIN, f"{network.entry_id}_permit_joining"
    )

    async def press(user_id: str) -> None:
        await hass.services.async_call(
            "button",
            "press",
            {"entity_id": button},
            blocking=True,
            context=Context(user_id=user_id),
        )

    with pytest.raises(Unauthorized):
        await press(user.id)
    assert network.runtime_data.joining_until is None
    await press(hass_admin_user.id)
    assert network.runtime_data.joining_until is not None
