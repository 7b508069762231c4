"""Tests of the identification of boards: the LED blinks, and is then as it was."""

import asyncio
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.esp32_sensors.const import DOMAIN
from custom_components.esp32_sensors.core.boards import Board
from custom_components.esp32_sensors.core.identification import AT_ONCE, AWAY
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
from tests.esp32_sensors.conftest import MAC, FakeBoard, settle

from .test_led_commands import Lamp, pass_seconds, switch, switched_on


async def press(hass: HomeAssistant, board: FakeBoard) -> None:
    """Press the button that identifies a board."""
    await hass.services.async_call(
        "button",
        "press",
        {"entity_id": board.entity_id("button", "identify")},
        blocking=True,
    )
    await settle()


async def blink(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    lamp: Lamp,
    seconds: float,
    *,
    silently: bool = False,
) -> list[str]:
    """Let a board execute commands for some seconds; return what it was commanded."""
    executed: list[str] = []
    for _ in range(round(seconds / 0.1)):
        executed += await lamp.execute(silently)
        await settle()
        await pass_seconds(hass, freezer, 0.1)
    return executed


@pytest.fixture
async def record(network: ConfigEntry, online: FakeBoard) -> Board:
    """Return the record of the board, which does not wait from now on."""
    online.waits = False
    board: Board = network.runtime_data.registry.boards[MAC]
    return board


@pytest.mark.rule("S-36", "S-37")
@pytest.mark.parametrize("lit", [False, True])
async def test_blinks(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    online: FakeBoard,
    record: Board,
    lit: bool,
) -> None:
    """The LED blinks for five seconds, is then as before, and nothing is commanded any more."""
    lamp = await switched_on(hass, online) if lit else Lamp(online)
    assert not record.identifying
    await press(hass, online)
    assert record.identifying
    commands = await blink(hass, freezer, lamp, 5.2)
    assert 8 <= len(commands) <= 12
    assert commands[:3] == (["0", "1", "0"] if lit else ["1", "0", "1"])
    assert not record.identifying
    assert lamp.on is lit
    assert online.states["led"] == ("on" if lit else "off")
    assert record.led_before is None
    assert await blink(hass, freezer, lamp, 20) == []


@pytest.mark.rule("S-36")
async def test_again_while_it_blinks(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    online: FakeBoard,
    record: Board,
) -> None:
    """Pressed again, the button lets the LED blink for five seconds from then on."""
    lamp = Lamp(online)
    await press(hass, online)
    await blink(hass, freezer, lamp, 4)
    await press(hass, online)
    await blink(hass, freezer, lamp, 4)
    assert record.identifying
    await blink(hass, freezer, lamp, 1.5)
    assert not record.identifying
    assert not lamp.on


@pytest.mark.rule("S-37")
@pytest.mark.parametrize("answers_all", [False, True])
async def test_status_lost(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    online: FakeBoard,
    record: Board,
    answers_all: bool,
) -> None:
    """The LED is as before also when all statuses while it blinked were lost."""
    lamp = Lamp(online, answers_all=answers_all)
    await press(hass, online)
    assert await blink(hass, freezer, lamp, 5, silently=True) == ["1", "0", "1"]
    assert lamp.on
    await blink(hass, freezer, lamp, 5)
    assert not lamp.on
    assert online.states["led"] == "off"
    assert record.led_before is None
    assert not record.led_uncertain


@pytest.mark.rule("S-37")
async def test_never_confirmed(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    online: FakeBoard,
    record: Board,
) -> None:
    """The state is commanded three times; then the board is asked when it comes back."""
    lamp = Lamp(online, answers_all=True)
    await press(hass, online)
    await blink(hass, freezer, lamp, 25, silently=True)
    assert record.led_before is None
    assert record.led_uncertain
    assert record.led_expected is False
    lamp.on = True
    await online.leave()
    await online.light(50)
    await blink(hass, freezer, lamp, 6)
    assert not lamp.on
    assert online.states["led"] == "off"


@pytest.mark.rule("S-37")
async def test_blinks_when_the_led_is_unknown(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, board: FakeBoard
) -> None:
    """An LED that was never reported blinks, and is off then, as it is expected to be."""
    await board.join()
    await board.start()
    board.waits = False
    lamp = Lamp(board)
    await press(hass, board)
    assert (await blink(hass, freezer, lamp, 6))[:2] == ["1", "0"]
    assert not lamp.on
    assert board.states["led"] == "off"


@pytest.mark.rule("S-37")
@pytest.mark.parametrize("ends_with", ["leave", "connection"])
async def test_leaves_and_comes_back(
    hass: HomeAssistant,
    *,
    freezer: FrozenDateTimeFactory,
    network: ConfigEntry,
    online: FakeBoard,
    record: Board,
    ends_with: str,
) -> None:
    """A board that left while it blinked gets its state when it continues its session."""
    lamp = Lamp(online)
    await press(hass, online)
    assert await blink(hass, freezer, lamp, 0.1) == ["1"]
    if ends_with == "leave":
        await online.leave()
    else:
        network.runtime_data.server.set_all_offline()
    await blink(hass, freezer, lamp, 2 * AWAY)
    assert not record.identifying
    assert lamp.on
    # It says what its LED is: blinking, which is not what it is to be.
    await online.led(1)
    await blink(hass, freezer, lamp, 1)
    assert not lamp.on
    assert online.states["led"] == "off"


@pytest.mark.rule("S-37")
@pytest.mark.parametrize(("seconds", "lit"), [(AWAY - 5, True), (AWAY + 5, False)])
async def test_crashes(
    hass: HomeAssistant,
    *,
    freezer: FrozenDateTimeFactory,
    online: FakeBoard,
    record: Board,
    seconds: float,
    lit: bool,
) -> None:
    """A board that crashed gets its state back in a new session, unless it was away for long."""
    lamp = await switched_on(hass, online)
    await press(hass, online)
    await blink(hass, freezer, lamp, 1)
    await online.leave()
    lamp.on = False
    await pass_seconds(hass, freezer, seconds)
    await online.join()
    await online.start()
    await online.led(0)
    lamp.executed = len(lamp.commands) - lit
    await blink(hass, freezer, lamp, 1)
    assert lamp.on is lit
    assert online.states["led"] == ("on" if lit else "off")
    assert record.led_before is None


@pytest.mark.rule("S-37")
async def test_new_session_at_once(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    online: FakeBoard,
    record: Board,
) -> None:
    """A board that joins again while it blinks gets its state in the new session."""
    lamp = await switched_on(hass, online)
    await press(hass, online)
    await blink(hass, freezer, lamp, 1)
    lamp.on = False
    await online.join()
    assert not record.identifying
    await online.start()
    await online.led(0)
    await blink(hass, freezer, lamp, 1)
    assert lamp.on
    assert online.states["led"] == "on"


@pytest.mark.rule("S-38")
@pytest.mark.parametrize("action", ["turn_on", "turn_off"])
@pytest.mark.parametrize("answers_all", [False, True])
@pytest.mark.parametrize("after", [0.1, 0.7])
async def test_somebody_switches(
    hass: HomeAssistant,
    *,
    freezer: FrozenDateTimeFactory,
    online: FakeBoard,
    record: Board,
    action: str,
    answers_all: bool,
    after: float,
) -> None:
    """What somebody switches while the LED blinks stays, and ends the blinking."""
    lamp = Lamp(online, answers_all=answers_all)
    await press(hass, online)
    await blink(hass, freezer, lamp, after)
    switching = asyncio.create_task(switch(hass, online, action))
    await settle()
    assert not record.identifying
    await blink(hass, freezer, lamp, 4)
    await switching
    assert lamp.on is (action == "turn_on")
    assert await blink(hass, freezer, lamp, 10) == []
    assert lamp.on is (action == "turn_on")


@pytest.mark.rule("S-38")
async def test_two_switch(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    online: FakeBoard,
    record: Board,
) -> None:
    """Two people who switch a blinking LED end the blinking once."""
    lamp = Lamp(online, answers_all=True)
    await press(hass, online)
    switching = [asyncio.create_task(switch(hass, online, "turn_on")) for _ in range(2)]
    await blink(hass, freezer, lamp, 1)
    await asyncio.gather(*switching)
    assert lamp.on
    assert record.led_before is None


@pytest.mark.rule("S-38")
async def test_switching_fails(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    online: FakeBoard,
    record: Board,
) -> None:
    """When the command of who switches fails, the LED is to be as before it blinked."""
    lamp = Lamp(online, answers_all=True)
    await press(hass, online)
    await blink(hass, freezer, lamp, 0.1)
    switching = asyncio.create_task(switch(hass, online, "turn_on"))
    await settle()
    await online.leave()
    with pytest.raises(HomeAssistantError, match="left before"):
        await switching
    assert record.led_expected is False
    # The command was lost.
    lamp.executed = len(lamp.commands)
    await online.light(50)
    await blink(hass, freezer, lamp, 6)
    assert not lamp.on


@pytest.mark.rule("S-38")
async def test_switched_elsewhere(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    online: FakeBoard,
    record: Board,
) -> None:
    """An LED that something else switches while it blinks keeps that state."""
    lamp = Lamp(online)
    await press(hass, online)
    assert await blink(hass, freezer, lamp, 0.7) == ["1", "0"]
    await online.led(1)
    lamp.on = True
    assert await blink(hass, freezer, lamp, 20) == []
    assert not record.identifying
    assert online.states["led"] == "on"


@pytest.mark.rule("S-37")
@pytest.mark.parametrize("restoring", [False, True])
async def test_somebody_switches_after_it_left(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    online: FakeBoard,
    record: Board,
    restoring: bool,
) -> None:
    """Nobody can switch an offline board; its state waits. Once it is back, who switches wins."""
    lamp = Lamp(online, answers_all=True)
    await press(hass, online)
    await blink(hass, freezer, lamp, 0.1)
    await online.leave()
    with pytest.raises(HomeAssistantError, match="offline"):
        await hass.services.async_call(
            DOMAIN,
            "set_led",
            {"device_id": online.device.id, "led": True},
            blocking=True,
        )
    assert record.led_before is False
    await online.light(50)
    if restoring:
        await settle()
        await lamp.execute(silently=True)
    switching = asyncio.create_task(switch(hass, online, "turn_on"))
    await blink(hass, freezer, lamp, 5)
    await switching
    assert lamp.on


async def test_identified_again_while_restored(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    online: FakeBoard,
    record: Board,
) -> None:
    """A board that has not got its state back yet can be identified again."""
    lamp = Lamp(online, answers_all=True)
    await press(hass, online)
    await blink(hass, freezer, lamp, 5.2, silently=True)
    assert record.led_before is False
    assert not record.identifying
    await press(hass, online)
    assert record.identifying
    await blink(hass, freezer, lamp, 6)
    assert not lamp.on
    assert online.states["led"] == "off"


async def test_given_up_while_restored(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    network: ConfigEntry,
    online: FakeBoard,
    record: Board,
) -> None:
    """If whoever asks gives up at once, the board can be identified the next time."""
    lamp = Lamp(online, answers_all=True)
    await press(hass, online)
    await blink(hass, freezer, lamp, 5.2, silently=True)
    identification = network.runtime_data.identification
    asked = asyncio.create_task(identification.async_identify(record))
    await asyncio.sleep(0)
    asked.cancel()
    await settle()
    assert (record.led_uncertain, record.led_expected) == (True, False)
    await press(hass, online)
    assert record.identifying


@pytest.mark.rule("S-36")
async def test_a_few_at_once(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    mqtt_mock: MqttMockHAClient,
    network: ConfigEntry,
) -> None:
    """A few boards blink at a time, their commands are paced, and further ones are refused."""
    boards = [
        FakeBoard(hass, mqtt_mock, f"61:EC:ED:3B:25:C{number}", directed=number == 4)
        for number in range(AT_ONCE + 1)
    ]
    for board in boards:
        await board.join()
        await board.start()
        await board.led(0)
        board.waits = False
    presses = [asyncio.create_task(press(hass, board)) for board in boards[:AT_ONCE]]
    await settle()
    assert len(boards[0].received("led/command")) == 1
    with pytest.raises(ServiceValidationError) as raised:
        await press(hass, boards[-1])
    assert raised.value.translation_key == "too_many_blink"
    assert raised.value.translation_placeholders == {"limit": str(AT_ONCE)}
    lit = dict.fromkeys((board.name for board in boards[:AT_ONCE]), False)
    by_name = {board.name: board for board in boards}
    executed = 0
    for _ in range(60):
        commands = boards[0].received("led/command")
        for command in commands[executed:]:
            name, _, value = command.split(";")
            lit[name] = value == "1"
            await by_name[name].led(value)
        executed = len(commands)
        await pass_seconds(hass, freezer, 0.1)
    await asyncio.gather(*presses)
    assert not any(lit.values())
    assert executed > 4 * AT_ONCE
    lamp = Lamp(boards[-1])
    await press(hass, boards[-1])
    assert lamp.commands == ["1"]
    await blink(hass, freezer, lamp, 6)


async def test_offline(
    hass: HomeAssistant, online: FakeBoard, record: Board, network: ConfigEntry
) -> None:
    """A board that is offline cannot be identified."""
    await online.leave()
    with pytest.raises(HomeAssistantError, match="is offline"):
        await network.runtime_data.identification.async_identify(record)
    assert online.received("led/command") == []


async def test_leaves_before_the_command(
    hass: HomeAssistant, online: FakeBoard, record: Board, network: ConfigEntry
) -> None:
    """An error is raised when the board leaves before the first command."""
    identification = network.runtime_data.identification
    with (
        patch.object(identification, "_save", online.leave),
        pytest.raises(HomeAssistantError, match="left before"),
    ):
        await identification.async_identify(record)
    assert online.received("led/command") == []
    assert not record.identifying
    assert record.led_before is None


@pytest.mark.parametrize("leaves", [False, True])
async def test_ends_before_its_turn(
    hass: HomeAssistant,
    *,
    freezer: FrozenDateTimeFactory,
    mqtt_mock: MqttMockHAClient,
    online: FakeBoard,
    record: Board,
    leaves: bool,
) -> None:
    """A board that leaves, or is switched, before its paced first command does not blink."""
    other = FakeBoard(hass, mqtt_mock, "61:EC:ED:3B:25:C1")
    await other.join()
    await other.start()
    await other.led(0)
    other.waits = False
    await press(hass, other)
    pressing = asyncio.create_task(press(hass, online))
    await settle()
    assert record.identifying
    if leaves:
        await online.leave()
        await pass_seconds(hass, freezer, 0.2)
        with pytest.raises(HomeAssistantError, match="left before"):
            await pressing
    else:
        switching = asyncio.create_task(switch(hass, online, "turn_on"))
        await settle()
        await pressing
        await online.led(1)
        await switching
    assert not record.identifying
    payloads = online.received("led/command")
    sent = [it for it in payloads if it.startswith(online.credentials)]
    assert sent == ([] if leaves else [f"{online.credentials};1"])
    await other.leave()


async def test_broker_is_away(
    hass: HomeAssistant, online: FakeBoard, record: Board, network: ConfigEntry
) -> None:
    """An error is raised when the first command cannot be sent."""
    identification = network.runtime_data.identification
    gone = HomeAssistantError("not connected")
    with (
        patch.object(identification, "_send", side_effect=gone),
        pytest.raises(HomeAssistantError, match="not connected"),
    ):
        await press(hass, online)
    assert not record.identifying
    assert record.led_before is None


async def test_broker_is_lost(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    online: FakeBoard,
    record: Board,
    network: ConfigEntry,
) -> None:
    """A command that cannot be sent while the LED blinks ends the blinking, and the LED is restored."""
    lamp = Lamp(online)
    await press(hass, online)
    identification = network.runtime_data.identification
    with patch.object(identification, "_send", side_effect=HomeAssistantError):
        await blink(hass, freezer, lamp, 1)
    assert not record.identifying
    await blink(hass, freezer, lamp, 1)
    assert not lamp.on
    assert online.states["led"] == "off"


@pytest.mark.rule("S-37")
async def test_unloaded(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    online: FakeBoard,
    record: Board,
    network: ConfigEntry,
) -> None:
    """A network that is unloaded commands the state before, and again when it is back."""
    lamp = Lamp(online)
    await press(hass, online)
    assert await blink(hass, freezer, lamp, 0.3) == ["1"]
    await hass.config_entries.async_unload(network.entry_id)
    assert await lamp.execute() == ["0"]
    assert not lamp.on
    await hass.config_entries.async_setup(network.entry_id)
    await online.light(50)
    lamp.answers_all = True
    assert await blink(hass, freezer, lamp, 2) == ["0"]
    assert online.states["led"] == "off"


@pytest.mark.rule("S-05", "S-37")
async def test_killed(
    hass: HomeAssistant,
    *,
    freezer: FrozenDateTimeFactory,
    hass_storage: dict[str, Any],
    online: FakeBoard,
    record: Board,
    network: ConfigEntry,
) -> None:
    """After a kill -9 while the LED blinked it is restored, also if the board has reported it since."""
    lamp = Lamp(online)
    leds = f"{DOMAIN}.{network.entry_id}.leds"
    await press(hass, online)
    assert hass_storage[leds]["data"] == {
        MAC: {"session_id": online.session_id, "on": False, "blinks": True}
    }
    left = {key: dict(value) for key, value in hass_storage.items()}
    assert await lamp.execute() == ["1"]
    await hass.config_entries.async_unload(network.entry_id)
    lamp.executed = len(lamp.commands)
    hass_storage.update(left)
    await hass.config_entries.async_setup(network.entry_id)
    await online.led(1)
    assert await blink(hass, freezer, lamp, 2) == ["0"]
    assert not lamp.on
    assert "blinks" not in hass_storage[leds]["data"].get(MAC, {})


async def test_deleted(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    online: FakeBoard,
    record: Board,
    network: ConfigEntry,
) -> None:
    """A board that is deleted while it blinks is sent nothing any more."""
    lamp = Lamp(online)
    await press(hass, online)
    await blink(hass, freezer, lamp, 0.1)
    device = online.device
    await network.runtime_data.management.async_forget(record, device)
    assert await blink(hass, freezer, lamp, 7) == []
    assert network.runtime_data.identification.boards == set()
    assert dr.async_get(hass).async_get(device.id) is None
