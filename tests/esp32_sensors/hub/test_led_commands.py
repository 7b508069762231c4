"""Tests of LED commands, and of LEDs whose report was lost."""

import asyncio
from typing import Any
from unittest.mock import AsyncMock, patch

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.esp32_sensors.const import DOMAIN
from custom_components.esp32_sensors.core.boards import Board
from custom_components.esp32_sensors.core.readings import LED
from custom_components.esp32_sensors.hub.led_commands import LedCommands
from custom_components.esp32_sensors.hub.storage import CheckedStore
from homeassistant.components import mqtt
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.storage import Store
from homeassistant.util.file import WriteError
from tests.esp32_sensors.conftest import MAC, FakeBoard, later, restart, settle


class Lamp:
    """The LED of a board, which follows commands and reports changes, or all commands."""

    def __init__(
        self, board: FakeBoard, on: bool = False, answers_all: bool = False
    ) -> None:
        """Initialize with the commands so far as executed.

        `answers_all`: whether it reports the LED after every command, as published boards
        do.
        """
        self.board = board
        self.on = on
        self.answers_all = answers_all
        self.executed = len(self.commands)

    @property
    def commands(self) -> list[str]:
        """Return the values of all commands."""
        return [
            payload.rpartition(";")[2] for payload in self.board.received("led/command")
        ]

    async def execute(self, silently: bool = False) -> list[str]:
        """Execute the new commands and return their values."""
        new = self.commands[self.executed :]
        self.executed += len(new)
        for value in new:
            changed = self.on != (value == "1")
            self.on = value == "1"
            if (changed or self.answers_all) and not silently:
                await self.board.led(value)
        return new


async def switch(hass: HomeAssistant, board: FakeBoard, action: str) -> None:
    """Switch the LED with the action of the switch."""
    await hass.services.async_call(
        "switch",
        action,
        {"entity_id": board.entity_id("switch", "led")},
        blocking=True,
    )


async def switched_on(hass: HomeAssistant, online: FakeBoard) -> Lamp:
    """Return the LED of a board after it was switched on."""
    online.waits = False
    lamp = Lamp(online)
    command = asyncio.create_task(switch(hass, online, "turn_on"))
    await settle()
    await lamp.execute()
    await command
    return lamp


@pytest.fixture
async def started(board: FakeBoard) -> FakeBoard:
    """Return a board whose first LED report was lost."""
    await board.join()
    await board.start()
    await board.light(50)
    board.waits = False
    return board


async def pass_seconds(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float
) -> None:
    """Let time pass, and start what is due."""
    freezer.tick(seconds)
    async_fire_time_changed(hass)
    await settle()


@pytest.mark.rule("S-35")
@pytest.mark.parametrize("on", [False, True])
async def test_status_lost(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, started: FakeBoard, on: bool
) -> None:
    """An LED without a report is switched off; published boards answer every command."""
    lamp = Lamp(started, on, answers_all=True)
    assert started.states["led"] == "unknown"
    await pass_seconds(hass, freezer, 4)
    assert lamp.commands == []
    await pass_seconds(hass, freezer, 2)
    assert await lamp.execute() == ["0"]
    assert started.states["led"] == "off"
    assert not lamp.on
    await pass_seconds(hass, freezer, 20)
    assert await lamp.execute() == []


@pytest.mark.rule("S-35")
async def test_opposite_first(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    network: ConfigEntry,
    started: FakeBoard,
) -> None:
    """A board that does not answer a command without a change is sent the opposite first, later without waiting."""
    lamp = Lamp(started)
    await pass_seconds(hass, freezer, 6)
    assert await lamp.execute() == ["0"]
    assert started.states["led"] == "unknown"
    await pass_seconds(hass, freezer, 1)
    assert await lamp.execute() == []
    await pass_seconds(hass, freezer, 2)
    assert await lamp.execute() == ["1", "0"]
    assert started.states["led"] == "off"

    # A command whose answer got lost leaves the LED uncertain.
    board = network.runtime_data.registry.boards[MAC]
    board.led_unconfirmed = True
    command = asyncio.create_task(switch(hass, started, "turn_on"))
    await settle()
    assert await lamp.execute() == ["0", "1"]
    await command

    # Another session may be one of other firmware.
    await started.join()
    await started.start()
    lamp.on = False
    await pass_seconds(hass, freezer, 6)
    assert await lamp.execute() == ["0"]
    await started.leave()


@pytest.mark.rule("S-35")
async def test_new_session_while_asked(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    network: ConfigEntry,
    started: FakeBoard,
) -> None:
    """A report of an earlier session does not count as an answer in a new one."""
    await pass_seconds(hass, freezer, 6)
    await pass_seconds(hass, freezer, 3)
    assert Lamp(started).commands == ["0", "1", "0"]
    await started.led(1)
    await started.join()
    board = network.runtime_data.registry.boards[MAC]
    assert not board.led_reports_changes_only


@pytest.mark.rule("S-35")
async def test_late_answer(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    network: ConfigEntry,
    started: FakeBoard,
) -> None:
    """A late answer counts: the opposite is not sent first the next time."""
    lamp = Lamp(started, answers_all=True)
    await pass_seconds(hass, freezer, 6)
    await pass_seconds(hass, freezer, 3)
    assert await lamp.execute() == ["0", "1", "0"]
    board = network.runtime_data.registry.boards[MAC]
    board.led_unconfirmed = True
    command = asyncio.create_task(switch(hass, started, "turn_on"))
    await settle()
    assert await lamp.execute() == ["1"]
    await command


@pytest.mark.rule("S-35")
async def test_gives_up(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, started: FakeBoard
) -> None:
    """A board that never reports its LED is asked three times, and again when it is back online."""
    lamp = Lamp(started)
    for asked in range(1, 6):
        await pass_seconds(hass, freezer, 16)
        await pass_seconds(hass, freezer, 3)
        assert lamp.commands == ["0", "1", "0"] * min(asked, 3)
        await pass_seconds(hass, freezer, 6)
        await started.light(50)
    assert started.states["led"] == "unknown"
    await started.leave()
    await started.light(50)
    await pass_seconds(hass, freezer, 6)
    await pass_seconds(hass, freezer, 3)
    assert lamp.commands == ["0", "1", "0"] * 4
    await started.leave()


@pytest.mark.rule("S-34", "S-35")
@pytest.mark.parametrize("arrived", [False, True])
async def test_unconfirmed(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    online: FakeBoard,
    arrived: bool,
) -> None:
    """After an unconfirmed command the LED gets its state before the command again."""
    online.waits = False
    lamp = Lamp(online)
    command = asyncio.create_task(switch(hass, online, "turn_on"))
    await settle()
    await pass_seconds(hass, freezer, 6)
    with pytest.raises(HomeAssistantError):
        await command
    if arrived:
        assert await lamp.execute(silently=True) == ["1"]
    else:
        lamp.executed = 1
    assert online.states["led"] == "off"
    lamp.answers_all = True
    await pass_seconds(hass, freezer, 6)
    assert await lamp.execute() == ["0"]
    assert not lamp.on
    assert online.states["led"] == "off"


@pytest.mark.rule("S-35")
async def test_switched_while_uncertain(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, started: FakeBoard
) -> None:
    """A person can switch an LED while it is asked for."""
    lamp = Lamp(started, on=True, answers_all=True)
    await pass_seconds(hass, freezer, 4)
    command = asyncio.create_task(switch(hass, started, "turn_on"))
    await settle()
    # Nothing is asked while a command is under way.
    await pass_seconds(hass, freezer, 1.5)
    assert await lamp.execute() == ["1"]
    await command
    assert started.states["led"] == "on"


@pytest.mark.rule("S-34")
async def test_on_twice(hass: HomeAssistant, online: FakeBoard) -> None:
    """Two concurrent commands without a change both succeed."""
    online.waits = False
    commands = [asyncio.create_task(switch(hass, online, "turn_off")) for _ in range(2)]
    await settle()
    assert all(command.done() for command in commands)
    await asyncio.gather(*commands)
    assert Lamp(online).commands == ["0", "0"]


@pytest.mark.rule("S-05", "S-35")
async def test_killed_before_values(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, online: FakeBoard
) -> None:
    """The target of an LED is restored also with values of an older session."""
    (network,) = hass.config_entries.async_entries(DOMAIN)
    await network.runtime_data.async_stop()
    await online.join()
    await online.start()
    await online.led(0)
    lamp = await switched_on(hass, online)
    with patch.object(network.runtime_data, "async_stop"):
        await restart(hass, network)
    await online.light(50)
    lamp.answers_all = True
    await pass_seconds(hass, freezer, 6)
    assert await lamp.execute() == ["1"]
    assert online.states["led"] == "on"


@pytest.mark.rule("S-05", "S-35")
@pytest.mark.parametrize("confirmed", [False, True])
async def test_killed(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    hass_storage: dict[str, Any],
    online: FakeBoard,
    confirmed: bool,
) -> None:
    """A command in progress or just confirmed takes effect after the server was killed."""
    await later(hass, freezer, 61)
    await online.light(50)
    online.waits = False
    lamp = Lamp(online)
    (network,) = hass.config_entries.async_entries(DOMAIN)
    leds = f"{DOMAIN}.{network.entry_id}.leds"
    assert leds not in hass_storage
    command = asyncio.create_task(switch(hass, online, "turn_on"))
    await settle()
    assert hass_storage[leds]["data"] == {
        MAC: {"session_id": online.session_id, "on": True}
    }
    if confirmed:
        assert await lamp.execute() == ["1"]
        await command
    # What is on the disk now is all that is left after a kill -9.
    left = {key: dict(value) for key, value in hass_storage.items()}
    if not confirmed:
        await lamp.execute()
        await command
    await hass.config_entries.async_unload(network.entry_id)
    hass_storage.update(left)
    await hass.config_entries.async_setup(network.entry_id)

    await online.light(50)
    assert online.states["led"] == "unknown"
    lamp.answers_all = True
    await pass_seconds(hass, freezer, 6)
    assert await lamp.execute() == ["1"]
    assert lamp.on
    assert online.states["led"] == "on"
    # After the values were written, the LED is not asked for.
    await later(hass, freezer, 61)
    assert hass_storage[leds]["data"] == {}


@pytest.mark.rule("S-35")
async def test_switched_again_while_writing(
    hass: HomeAssistant, network: ConfigEntry, online: FakeBoard
) -> None:
    """A command during a write of the values does not count as written."""
    online.waits = False
    lamp = Lamp(online)
    command = asyncio.create_task(switch(hass, online, "turn_on"))
    await settle()
    await lamp.execute()
    await command
    save = CheckedStore.async_save
    targets: list[dict[str, Any]] = []

    async def slowly(store: CheckedStore, data: dict[str, Any]) -> None:
        await save(store, data)
        if store.key.endswith(".leds"):
            targets.append(data)
        elif store.key.endswith(".values") and not targets:
            other = asyncio.create_task(switch(hass, online, "turn_off"))
            await settle()
            await lamp.execute()
            await other

    with patch.object(CheckedStore, "async_save", slowly):
        await network.runtime_data.async_stop()
        await network.runtime_data.async_stop()
    switched_off = {MAC: {"session_id": online.session_id, "on": False}}
    assert targets == [switched_off, {}]


@pytest.mark.rule("S-30", "S-35")
async def test_switched_by_itself(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    network: ConfigEntry,
    online: FakeBoard,
) -> None:
    """An LED that its board changed by itself keeps that state after a restart."""
    lamp = await switched_on(hass, online)
    await online.led(0)
    await network.runtime_data.async_stop()
    await restart(hass, network)
    await online.light(50)
    await pass_seconds(hass, freezer, 6)
    assert online.states["led"] == "off"
    assert await lamp.execute() == []


@pytest.mark.rule("S-33", "S-35")
async def test_disconnects_while_asked(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    network: ConfigEntry,
    online: FakeBoard,
) -> None:
    """A board that disconnects after the opposite command gets its state back later."""
    lamp = await switched_on(hass, online)
    left = asyncio.Event()
    running = network.runtime_data
    publish = mqtt.async_publish

    async def break_off(*arguments: Any, **options: Any) -> None:
        await publish(*arguments, **options)
        await lamp.execute()
        await online.leave()
        left.set()

    # As after a crash: only the commanded state is known.
    board = running.registry.boards[MAC]
    board.readings[LED.index].value = None
    board.led_target, board.led_unconfirmed = True, True
    board.led_reports_changes_only = True
    with patch.object(mqtt, "async_publish", break_off):
        await pass_seconds(hass, freezer, 6)
        await left.wait()
        await settle()
    assert lamp.commands[1:] == ["0"]
    assert not lamp.on

    await online.light(50)
    await pass_seconds(hass, freezer, 6)
    assert await lamp.execute() == ["0", "1"]
    assert lamp.on
    assert online.states["led"] == "on"


@pytest.mark.rule("S-33")
async def test_leaves_before_the_command(
    hass: HomeAssistant, network: ConfigEntry, online: FakeBoard
) -> None:
    """A board that leaves before the command is published gets no command."""
    online.waits = False
    send = AsyncMock()

    async def slow_disk() -> None:
        await online.leave()

    leds = LedCommands(send, slow_disk, hass.async_create_task)
    with pytest.raises(HomeAssistantError) as raised:
        await leds.async_switch(network.runtime_data.registry.boards[MAC], True)
    assert raised.value.translation_key == "board_left"
    send.assert_not_called()


@pytest.mark.rule("S-35")
async def test_disk_full(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    freezer: FrozenDateTimeFactory,
    network: ConfigEntry,
    online: FakeBoard,
) -> None:
    """A full disk does not prevent switching; targets are written later."""
    online.waits = False
    lamp = Lamp(online)
    leds = f"{DOMAIN}.{network.entry_id}.leds"
    with patch.object(Store, "_async_write_data", side_effect=WriteError):
        command = asyncio.create_task(switch(hass, online, "turn_on"))
        await settle()
        await lamp.execute()
        await command
        await later(hass, freezer, 61)
    assert leds not in hass_storage
    assert network.runtime_data.registry.values_changed
    save = CheckedStore.async_save

    async def refuse_values(store: CheckedStore, data: dict[str, Any]) -> None:
        if store.key.endswith(".values"):
            raise WriteError
        await save(store, data)

    with patch.object(CheckedStore, "async_save", refuse_values):
        await later(hass, freezer, 61)
    assert hass_storage[leds]["data"] == {
        MAC: {"session_id": online.session_id, "on": True}
    }
    await later(hass, freezer, 61)
    assert hass_storage[leds]["data"] == {}


@pytest.mark.rule("S-35")
async def test_new_session_drops_the_target(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    network: ConfigEntry,
    online: FakeBoard,
) -> None:
    """The target of an old session does not count in a new one, also after a restart."""
    command = asyncio.create_task(switch(hass, online, "turn_on"))
    await settle()
    await pass_seconds(hass, freezer, 6)
    with pytest.raises(HomeAssistantError):
        await command
    await online.join()
    await online.start()
    await online.led(0)
    await restart(hass, network)
    await online.light(50)
    assert online.states["led"] == "off"


@pytest.mark.rule("S-35")
async def test_reported_between_the_opposite_and_the_command(
    hass: HomeAssistant, network: ConfigEntry, online: FakeBoard
) -> None:
    """The command is sent also when its state was reported right after the opposite."""
    online.waits = False
    board = network.runtime_data.registry.boards[MAC]
    board.led_unconfirmed = board.led_reports_changes_only = True
    sent: list[bool] = []

    async def send(_board: Board, on: bool) -> None:
        sent.append(on)
        if len(sent) == 1:
            # A late report of an earlier command.
            await online.led(1)

    leds = LedCommands(send, AsyncMock(), hass.async_create_task)
    await leds.async_switch(board, True)
    assert sent == [False, True]
