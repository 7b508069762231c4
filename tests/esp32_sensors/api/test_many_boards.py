"""Tests of the WebSocket command that does one thing with several boards."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import (
    MqttMockHAClient,
    WebSocketGenerator,
)

from custom_components.esp32_sensors.const import DOMAIN
from custom_components.esp32_sensors.core.identification import AT_ONCE
from homeassistant.auth.const import GROUP_ID_READ_ONLY, GROUP_ID_USER
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar, device_registry as dr
from tests.esp32_sensors.conftest import FakeBoard, SetUp
from tests.esp32_sensors.hub.test_led_commands import pass_seconds

type Ask = Callable[..., Coroutine[Any, Any, dict[str, Any]]]

MACS = [f"61:EC:ED:3B:25:B{number}" for number in range(1, AT_ONCE + 3)]


@pytest.fixture
async def boards(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, network: ConfigEntry
) -> list[FakeBoard]:
    """Return boards that are online; the last one has topics of its own."""
    boards = [FakeBoard(hass, mqtt_mock, mac, directed=mac == MACS[-1]) for mac in MACS]
    for board in boards:
        await board.join()
        await board.start()
        await board.led(0)
        board.waits = False
    return boards


@pytest.fixture
async def ask(hass: HomeAssistant, hass_ws_client: WebSocketGenerator) -> Ask:
    """Return a function that asks for something, as an administrator."""
    client = await hass_ws_client()

    async def ask(action: str, *macs: str, **more: Any) -> dict[str, Any]:
        (entry,) = hass.config_entries.async_entries(DOMAIN)
        await client.send_json_auto_id(
            {
                "type": f"{DOMAIN}/many_boards",
                "action": action,
                "boards": [f"{entry.entry_id}/{mac}" for mac in macs],
                **more,
            }
        )
        answer: dict[str, Any] = await client.receive_json()
        return answer

    return ask


async def demote(hass: HomeAssistant, user: MockUser, group: str) -> None:
    """Put the user who asks into another group."""
    await hass.auth.async_update_user(user, group_ids=[group])


def errors(answer: dict[str, Any]) -> list[str | None]:
    """Return the keys of the errors, in the order of the boards."""
    assert answer["success"], answer
    return [
        error and error["translation_key"]
        for error in answer["result"]["errors"].values()
    ]


@pytest.mark.rule("S-39")
async def test_leds(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    boards: list[FakeBoard],
    ask: Ask,
) -> None:
    """LEDs on shared topics are commanded in turn; each board's result is answered."""
    await boards[1].leave()
    asked = asyncio.create_task(ask("led_on", *MACS, "00:00:00:00:00:00"))
    by_name = {board.name: board for board in boards}
    answered: list[int] = []
    while not asked.done():
        commands = boards[0].received("led/command")
        for command in commands[sum(answered) :]:
            name, _, value = command.split(";")
            await by_name[name].led(value)
        answered.append(len(commands) - sum(answered))
        if boards[-1].received("led/command") and boards[-1].states["led"] == "off":
            await boards[-1].led(1)
        await pass_seconds(hass, freezer, 0.02)
    answer = await asked
    assert errors(answer) == [
        None,
        "board_offline",
        *[None] * (len(MACS) - 2),
        "no_board",
    ]
    offline = list(answer["result"]["errors"].values())[1]
    assert offline == {
        "message": "capteur02 is offline",
        "translation_domain": DOMAIN,
        "translation_key": "board_offline",
        "translation_placeholders": {"name": "capteur02"},
    }
    # All but the one that is offline and the one with topics of its own.
    assert sum(answered) == len(MACS) - 2
    assert {board.states["led"] for board in boards} == {"on", "unavailable"}


async def test_identify(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    boards: list[FakeBoard],
    ask: Ask,
) -> None:
    """As many boards blink as may, and the others say why they do not."""
    asked = asyncio.create_task(ask("identify", *MACS, MACS[0]))
    while not asked.done():
        await pass_seconds(hass, freezer, 0.02)
    answer = await asked
    assert errors(answer) == [*[None] * AT_ONCE, *["too_many_blink"] * 2]
    for board in boards:
        await board.leave()


async def test_set_area(
    hass: HomeAssistant, boards: list[FakeBoard], ask: Ask, network: ConfigEntry
) -> None:
    """Boards get an area, another one, or none; an area that is not there is an error."""
    area = ar.async_get(hass).async_create("Attic")
    devices = dr.async_get(hass)
    assert (
        errors(await ask("set_area", MACS[0], MACS[1], area_id=area.id)) == [None] * 2
    )
    assert [board.device.area_id for board in boards[:3]] == [area.id, area.id, None]
    assert errors(await ask("set_area", MACS[0], area_id=None)) == [None]
    assert boards[0].device.area_id is None
    assert errors(await ask("set_area", MACS[0], area_id="gone")) == ["no_area"]
    record = network.runtime_data.registry.boards[MACS[0]]
    devices.async_remove_device(boards[0].device.id)
    assert network.runtime_data.registry.boards[MACS[0]] is record
    assert errors(await ask("set_area", MACS[0], area_id=area.id)) == ["no_board"]


async def test_forget(
    hass: HomeAssistant, boards: list[FakeBoard], ask: Ask, network: ConfigEntry
) -> None:
    """Boards are forgotten with their devices, also one whose device was deleted before."""
    dr.async_get(hass).async_remove_device(boards[1].device.id)
    assert errors(await ask("forget", *MACS[:2])) == [None] * 2
    assert set(network.runtime_data.registry.boards) == set(MACS[2:])
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), network.entry_id)
    assert len(devices) == 1 + len(MACS) - 2
    assert errors(await ask("forget", MACS[0])) == ["no_board"]
    await hass.config_entries.async_unload(network.entry_id)
    assert errors(await ask("forget", MACS[2])) == ["no_board"]


async def test_accept_and_refuse(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    approval: ConfigEntry,
    ask: Ask,
) -> None:
    """Boards that wait are accepted or refused; one that does not wait is an error."""
    waiting = [FakeBoard(hass, mqtt_mock, mac) for mac in MACS[:3]]
    for board in waiting:
        await board.join()
    accepted = await ask("accept", MACS[0], MACS[1], MACS[4])
    assert errors(accepted) == [None, None, "not_waiting"]
    assert errors(await ask("refuse", MACS[2], MACS[3])) == [None, "not_waiting"]
    registry = approval.runtime_data.registry
    assert set(registry.boards) == set(MACS[:2])
    assert set(registry.admission.refused) == {MACS[2]}


@pytest.mark.parametrize("action", ["accept", "refuse", "set_area", "forget"])
async def test_for_administrators(
    hass: HomeAssistant,
    *,
    boards: list[FakeBoard],
    network: ConfigEntry,
    ask: Ask,
    hass_admin_user: MockUser,
    action: str,
) -> None:
    """Who is no administrator may not accept, refuse, forget, or set areas."""
    await demote(hass, hass_admin_user, GROUP_ID_USER)
    answer = await ask(action, MACS[0])
    assert (answer["success"], answer["error"]["code"]) == (False, "unauthorized")
    assert set(network.runtime_data.registry.boards) == set(MACS)


async def test_who_may_only_look(
    hass: HomeAssistant, boards: list[FakeBoard], ask: Ask, hass_admin_user: MockUser
) -> None:
    """Who may only read boards may not switch or identify them."""
    await demote(hass, hass_admin_user, GROUP_ID_READ_ONLY)
    for action in "led_on", "led_off", "identify":
        assert errors(await ask(action, MACS[0])) == ["not_permitted"]
    assert boards[0].received("led/command") == []


async def test_who_may_not_even_look(
    boards: list[FakeBoard], ask: Ask, hass_admin_user: MockUser
) -> None:
    """For who may not read a board it is no board, and its name is not said."""
    hass_admin_user.groups = []
    hass_admin_user.mock_policy({})
    answer = await ask("led_on", MACS[0])
    assert errors(answer) == ["no_board"]
    assert boards[0].name not in str(answer)
    assert boards[0].received("led/command") == []


async def test_who_may_control(
    hass: HomeAssistant, boards: list[FakeBoard], ask: Ask, hass_admin_user: MockUser
) -> None:
    """Who may control boards need not be an administrator to switch them."""
    await demote(hass, hass_admin_user, GROUP_ID_USER)
    assert errors(await ask("led_off", MACS[0])) == [None]


async def test_two_networks(
    hass: HomeAssistant,
    network: ConfigEntry,
    set_up: SetUp,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """A board is one of the network in its key, or an error."""
    other = await set_up("other/")
    client = await hass_ws_client()
    for entry in network, other:
        await client.send_json_auto_id(
            {
                "type": f"{DOMAIN}/many_boards",
                "action": "forget",
                "boards": [f"{entry.entry_id}/{MACS[0]}"],
            }
        )
        assert errors(await client.receive_json()) == ["no_board"]


async def test_invalid(network: ConfigEntry, ask: Ask) -> None:
    """There is at least one board, and nothing is done that is not known."""
    assert not (await ask("led_on"))["success"]
    assert not (await ask("explode", MACS[0]))["success"]
