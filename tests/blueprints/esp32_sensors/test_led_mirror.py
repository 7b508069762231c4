"""Tests of the blueprint that shows a state with an LED."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from tests.blueprints.common import pass_time, rename_entities, settle, use_blueprint
from tests.esp32_sensors.conftest import FakeBoard

PATH = "automation/esp32_sensors/led_mirror.yaml"
SOURCE = "input_boolean.door"


async def use(hass: HomeAssistant, board: FakeBoard, **inputs: Any) -> None:
    """Use the blueprint without waiting for the confirmations of the board."""
    board.waits = False
    await use_blueprint(hass, PATH, source=SOURCE, board=board.device.id, **inputs)


@pytest.fixture(autouse=True)
async def door(hass: HomeAssistant) -> None:
    """Create an entity whose state is shown."""
    await async_setup_component(hass, "input_boolean", {"input_boolean": {"door": {}}})


async def move(hass: HomeAssistant, action: str) -> None:
    """Open or close the door."""
    await hass.services.async_call(
        "input_boolean", action, {"entity_id": SOURCE}, blocking=True
    )
    await settle()


def asked(board: FakeBoard) -> list[str]:
    """Return the commands that were sent to the board."""
    return [command.rpartition(";")[2] for command in board.received("led/command")]


async def test_follows(hass: HomeAssistant, online: FakeBoard) -> None:
    """The LED is switched on and off, and only if it has another state."""
    await use(hass, online)
    await move(hass, "turn_on")
    assert asked(online) == ["1"]
    await online.led(1)
    await rename_entities(hass, online.device.id)
    await move(hass, "turn_off")
    await online.led(0)
    assert asked(online) == ["1", "0"]
    await online.led(0)
    hass.bus.async_fire("automation_reloaded")
    await settle()
    assert asked(online) == ["1", "0"]


async def test_inverted(hass: HomeAssistant, online: FakeBoard) -> None:
    """The LED shows the opposite, from the start on."""
    await use(hass, online, inverted=True)
    hass.bus.async_fire("automation_reloaded")
    await settle()
    assert asked(online) == ["1"]
    await online.led(1)
    await move(hass, "turn_on")
    assert asked(online) == ["1", "0"]
    await online.led(0)


async def test_board_comes_back(hass: HomeAssistant, online: FakeBoard) -> None:
    """A change during the board's absence is shown when the board is back."""
    await use(hass, online)
    await online.leave()
    await move(hass, "turn_on")
    assert asked(online) == []
    await online.join()
    await online.start()
    await online.led(0)
    assert asked(online) == ["1"]
    await online.led(1)


async def test_board_does_not_confirm(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, online: FakeBoard
) -> None:
    """A command is sent three times at most; the next state is shown nevertheless."""
    await use(hass, online)
    await move(hass, "turn_on")
    for _ in range(3):
        state = hass.states.get("automation.under_test")
        assert state
        assert state.attributes["current"] == 1
        await online.light(50)
        await pass_time(freezer, 6)
    state = hass.states.get("automation.under_test")
    assert state
    assert state.attributes["current"] == 0
    assert asked(online).count("1") >= 3

    await online.led(1)
    await move(hass, "turn_off")
    assert asked(online)[-1] == "0"
    await online.led(0)
