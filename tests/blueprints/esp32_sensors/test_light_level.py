"""The light at a board switches something."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from tests.blueprints.common import pass_time, use_blueprint
from tests.esp32_sensors.conftest import FakeBoard

PATH = "automation/esp32_sensors/light_level.yaml"
LAMP = "input_boolean.lamp"


@pytest.fixture(autouse=True)
async def lamp(hass: HomeAssistant) -> None:
    """Set up something to switch."""
    await async_setup_component(hass, "homeassistant", {})
    await async_setup_component(hass, "input_boolean", {"input_boolean": {"lamp": {}}})


async def use(hass: HomeAssistant, board: FakeBoard, **inputs: Any) -> None:
    """Use the blueprint; it waits, and nobody for it."""
    board.waits = False
    await use_blueprint(
        hass,
        PATH,
        light=board.entity_id("sensor", "light"),
        target={"entity_id": LAMP},
        **inputs,
    )


def is_on(hass: HomeAssistant) -> bool:
    """Return whether the lamp is on."""
    return hass.states.is_state(LAMP, "on")


async def test_dark_and_bright(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, online: FakeBoard
) -> None:
    """On when it was dark for a minute, off only well above that for a minute."""
    await use(hass, online)
    await online.light(20)
    await pass_time(freezer, 20)
    await online.light(50)
    await pass_time(freezer, 20)
    await online.light(20)
    await pass_time(freezer, 20)
    await online.light(25)
    await pass_time(freezer, 20)
    await online.light(21)
    assert not is_on(hass)
    await pass_time(freezer, 21)
    assert is_on(hass)

    # Neither dark nor bright.
    await online.light(39)
    for _ in range(5):
        await pass_time(freezer, 25)
        await online.light(38)
        await pass_time(freezer, 1)
        await online.light(39)
    assert is_on(hass)
    await online.light(41)
    for _ in range(3):
        await pass_time(freezer, 21)
        await online.light(60)
    assert not is_on(hass)


async def test_board_away(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, online: FakeBoard
) -> None:
    """A board that is away is neither dark nor bright; what it comes back with counts."""
    await use(hass, online, time={"seconds": 10})
    await online.light(10)
    await online.leave()
    await pass_time(freezer, 11)
    assert not is_on(hass)
    await online.join()
    await online.start()
    await online.light(10)
    await pass_time(freezer, 11)
    assert is_on(hass)


async def test_by_hand(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, online: FakeBoard
) -> None:
    """A lamp that somebody switched off in the dark stays off until the next dark."""
    await use(hass, online, time={"seconds": 10})
    await online.light(10)
    await pass_time(freezer, 11)
    await hass.services.async_call(
        "input_boolean", "turn_off", {"entity_id": LAMP}, blocking=True
    )
    for light in (35, 10, 35, 20):
        await online.light(light)
        await pass_time(freezer, 11)
    assert not is_on(hass)
    await online.light(60)
    await pass_time(freezer, 11)
    await online.light(20)
    await pass_time(freezer, 11)
    assert is_on(hass)


async def test_start(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, online: FakeBoard
) -> None:
    """What became dark while nobody looked is done at the start."""
    await online.light(10)
    await use(hass, online, time={"seconds": 10})
    hass.bus.async_fire("homeassistant_started")
    await online.light(11)
    await pass_time(freezer, 11)
    assert is_on(hass)


async def test_actions(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, online: FakeBoard
) -> None:
    """Anything else can be done too, and nothing need be switched."""
    done = async_capture_events(hass, "done")
    await use_blueprint(
        hass,
        PATH,
        light=online.entity_id("sensor", "light"),
        time={"seconds": 0},
        when_dark=[{"event": "done", "event_data": {"it": "dark"}}],
        when_bright=[{"event": "done", "event_data": {"it": "bright"}}],
    )
    online.waits = False
    for light in (20, 10, 35, 29, 50, 90, 35, 41):
        await online.light(light)
        await pass_time(freezer, 1)
    assert [event.data["it"] for event in done] == ["dark", "bright"]
    assert not is_on(hass)
