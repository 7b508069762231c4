"""LEDs whose status got lost, and what the server does to know them again."""

import asyncio
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.esp32_sensors.boards import Board
from custom_components.esp32_sensors.const import DOMAIN
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.storage import Store
from homeassistant.util.file import WriteError

from .conftest import MAC, FakeBoard, later, restart, settle


class Lamp:
    """The LED of a board: obeys, and says so when it changes."""

    def __init__(self, board: FakeBoard, on: bool = False) -> None:
        """Begin with what was said so far."""
        self.board = board
        self.on = on
        self.obeyed = len(self.commands)

    @property
    def commands(self) -> list[str]:
        """All commands so far: values only."""
        return [
            payload.rpartition(";")[2] for payload in self.board.heard("led/command")
        ]

    async def obey(self, silently: bool = False) -> list[str]:
        """Do what was commanded since; return it."""
        new = self.commands[self.obeyed :]
        self.obeyed += len(new)
        for value in new:
            if self.on != (value == "1"):
                self.on = value == "1"
                if not silently:
                    await self.board.led(value)
        return new


async def switch(hass: HomeAssistant, board: FakeBoard, action: str) -> None:
    """Switch the LED as a person does."""
    await hass.services.async_call(
        "switch",
        action,
        {"entity_id": board.entity_id("switch", "led")},
        blocking=True,
    )


async def switched_on(hass: HomeAssistant, online: FakeBoard) -> Lamp:
    """Return the LED of a board after a person has switched it on."""
    online.waits = False
    lamp = Lamp(online)
    command = asyncio.create_task(switch(hass, online, "turn_on"))
    await settle()
    await lamp.obey()
    await command
    return lamp


@pytest.fixture
async def started(board: FakeBoard) -> FakeBoard:
    """Return a board whose first led/status got lost."""
    await board.join()
    await board.start()
    await board.light(50)
    board.waits = False
    return board


async def pass_seconds(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float
) -> None:
    """Let time pass, and what it sets off begin."""
    freezer.tick(seconds)
    async_fire_time_changed(hass)
    await settle()


@pytest.mark.rule("S-35")
@pytest.mark.parametrize("on", [False, True])
async def test_status_lost(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, started: FakeBoard, on: bool
) -> None:
    """A LED nobody heard of is switched on and off: then the board has said how it is."""
    lamp = Lamp(started, on)
    assert started.states["led"] == "unknown"
    await pass_seconds(hass, freezer, 4)
    assert lamp.commands == []
    await pass_seconds(hass, freezer, 2)
    assert await lamp.obey() == ["1", "0"]
    assert started.states["led"] == "off"
    assert not lamp.on
    await pass_seconds(hass, freezer, 20)
    assert await lamp.obey() == []


@pytest.mark.rule("S-35")
async def test_gives_up(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, started: FakeBoard
) -> None:
    """A board that never says how its LED is, is asked three times, and again when it comes back."""
    lamp = Lamp(started)
    for asked in range(1, 6):
        await pass_seconds(hass, freezer, 19)
        assert lamp.commands == ["1", "0"] * min(asked, 3)
        await pass_seconds(hass, freezer, 6)
        await started.light(50)
    assert started.states["led"] == "unknown"
    await started.leave()
    await started.light(50)
    await pass_seconds(hass, freezer, 6)
    assert lamp.commands == ["1", "0"] * 4
    await started.leave()


@pytest.mark.rule("S-34", "S-35")
@pytest.mark.parametrize("arrived", [False, True])
async def test_unconfirmed(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    online: FakeBoard,
    arrived: bool,
) -> None:
    """A command that failed for the person has failed: the LED is as it was before."""
    online.waits = False
    lamp = Lamp(online)
    command = asyncio.create_task(switch(hass, online, "turn_on"))
    await settle()
    await pass_seconds(hass, freezer, 6)
    with pytest.raises(HomeAssistantError):
        await command
    if arrived:
        assert await lamp.obey(silently=True) == ["1"]
    else:
        lamp.obeyed = 1
    assert online.states["led"] == "off"
    await pass_seconds(hass, freezer, 6)
    assert await lamp.obey() == ["1", "0"]
    assert not lamp.on
    assert online.states["led"] == "off"


@pytest.mark.rule("S-35")
async def test_switched_while_uncertain(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, started: FakeBoard
) -> None:
    """A person need not wait for that: what is not known is told the opposite first."""
    lamp = Lamp(started, on=True)
    await pass_seconds(hass, freezer, 4)
    command = asyncio.create_task(switch(hass, started, "turn_on"))
    await settle()
    # Nothing is asked while a command is under way.
    await pass_seconds(hass, freezer, 2)
    assert await lamp.obey() == ["0", "1"]
    await command
    assert started.states["led"] == "on"


@pytest.mark.rule("S-34")
async def test_on_twice(hass: HomeAssistant, online: FakeBoard) -> None:
    """Two who tell a LED at once to be as it is are both right."""
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
    """What a LED was told outlives values that are of an older session."""
    (network,) = hass.config_entries.async_entries(DOMAIN)
    await network.runtime_data.async_stop()
    await online.join()
    await online.start()
    await online.led(0)
    lamp = await switched_on(hass, online)
    with patch.object(network.runtime_data, "async_stop"):
        await restart(hass, network)
    await online.light(50)
    await pass_seconds(hass, freezer, 6)
    assert await lamp.obey() == ["0", "1"]
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
    """A command that was under way or just confirmed when the server died has its effect."""
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
        assert await lamp.obey() == ["1"]
        await command
    # What is on the disk now is all that is left after a kill -9.
    left = {key: dict(value) for key, value in hass_storage.items()}
    if not confirmed:
        await lamp.obey()
        await command
    await hass.config_entries.async_unload(network.entry_id)
    hass_storage.update(left)
    await hass.config_entries.async_setup(network.entry_id)

    await online.light(50)
    assert online.states["led"] == "unknown"
    await pass_seconds(hass, freezer, 6)
    assert await lamp.obey() == ["0", "1"]
    assert lamp.on
    assert online.states["led"] == "on"
    # Once the values are written, the LED is none to ask for.
    await later(hass, freezer, 61)
    assert hass_storage[leds]["data"] == {}


@pytest.mark.rule("S-35")
async def test_switched_again_while_writing(
    hass: HomeAssistant, network: ConfigEntry, online: FakeBoard
) -> None:
    """What is told while the values are being written is not taken as written."""
    online.waits = False
    lamp = Lamp(online)
    files = network.runtime_data._files
    command = asyncio.create_task(switch(hass, online, "turn_on"))
    await settle()
    await lamp.obey()
    await command
    write = files._values.async_save

    async def slowly(values: dict[str, Any]) -> None:
        await write(values)
        other = asyncio.create_task(switch(hass, online, "turn_off"))
        await settle()
        await lamp.obey()
        await other

    with patch.object(files._values, "async_save", slowly):
        await files.async_save()
    assert files._saved_leds == {MAC: {"session_id": online.session_id, "on": False}}
    await files.async_save()
    assert files._saved_leds == {}


@pytest.mark.rule("S-30", "S-35")
async def test_switched_by_itself(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    network: ConfigEntry,
    online: FakeBoard,
) -> None:
    """A LED that its board has changed since is not what it was told to be before."""
    lamp = await switched_on(hass, online)
    await online.led(0)
    await network.runtime_data.async_stop()
    await restart(hass, network)
    await online.light(50)
    await pass_seconds(hass, freezer, 6)
    assert online.states["led"] == "off"
    assert await lamp.obey() == []


@pytest.mark.rule("S-33", "S-35")
async def test_gone_while_asked(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    network: ConfigEntry,
    online: FakeBoard,
) -> None:
    """A board that breaks off when told the opposite hears no more, and is not left so."""
    lamp = await switched_on(hass, online)
    left = asyncio.Event()
    running = network.runtime_data
    send = running.leds._send

    async def break_off(board: Board, on: bool) -> None:
        await send(board, on)
        await lamp.obey()
        await online.leave()
        left.set()

    # As after a crash: what it was told is known, and nothing else.
    board = running.registry.boards[MAC]
    board.led, board.led_told, board.led_doubt = None, True, True
    with patch.object(running.leds, "_send", break_off):
        await pass_seconds(hass, freezer, 6)
        await left.wait()
        await settle()
    assert lamp.commands[1:] == ["0"]
    assert not lamp.on

    await online.light(50)
    await pass_seconds(hass, freezer, 6)
    assert await lamp.obey() == ["0", "1"]
    assert lamp.on
    assert online.states["led"] == "on"


@pytest.mark.rule("S-33")
async def test_gone_before_it_is_told(
    hass: HomeAssistant, network: ConfigEntry, online: FakeBoard
) -> None:
    """Between the disk and the broker a board may leave: it is told nothing."""
    online.waits = False
    leds = network.runtime_data.leds

    async def slow_disk() -> None:
        await online.leave()

    with (
        patch.object(leds, "_save", slow_disk),
        pytest.raises(HomeAssistantError) as raised,
    ):
        await leds.async_switch(network.runtime_data.registry.boards[MAC], True)
    assert raised.value.translation_key == "board_left"
    assert Lamp(online).commands == []


@pytest.mark.rule("S-35")
async def test_disk_full(
    hass: HomeAssistant, network: ConfigEntry, online: FakeBoard
) -> None:
    """A full disk keeps nobody from switching; what it did not take is written later."""
    online.waits = False
    lamp = Lamp(online)
    files = network.runtime_data._files
    expected = {MAC: {"session_id": online.session_id, "on": True}}
    with patch.object(Store, "_async_write_data", side_effect=WriteError):
        command = asyncio.create_task(switch(hass, online, "turn_on"))
        await settle()
        await lamp.obey()
        await command
        assert files._saved_leds == {}
        await files.async_save()
    assert network.runtime_data.registry.values_changed
    with patch.object(files._values, "async_save", side_effect=WriteError):
        await files.async_save()
    assert files._saved_leds == expected
    await files.async_save()
    assert files._saved_leds == {}


@pytest.mark.rule("S-35")
async def test_new_session_forgets(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    network: ConfigEntry,
    online: FakeBoard,
) -> None:
    """What an old session was told says nothing of a new one, also after a restart."""
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
