"""Tests of the blueprint that switches something by the light at a board."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.setup import async_setup_component
from tests.blueprints.common import pass_time, rename_entities, settle, use_blueprint
from tests.esp32_sensors.conftest import FakeBoard

PATH = "automation/esp32_sensors/light_level.yaml"
LAMP = "input_boolean.lamp"


@pytest.fixture(autouse=True)
async def lamp(hass: HomeAssistant) -> None:
    """Create an entity to switch."""
    await async_setup_component(hass, "homeassistant", {})
    await async_setup_component(hass, "input_boolean", {"input_boolean": {"lamp": {}}})


async def use(
    hass: HomeAssistant,
    board: FakeBoard,
    begins: str = "automation_reloaded",
    **inputs: Any,
) -> None:
    """Use the blueprint without waiting for it, as when it was saved."""
    board.waits = False
    await use_blueprint(
        hass,
        PATH,
        board=board.device.id,
        target={"entity_id": LAMP},
        **inputs,
    )
    hass.bus.async_fire(begins)
    await settle()


def is_on(hass: HomeAssistant) -> bool:
    """Return whether the lamp is on."""
    return hass.states.is_state(LAMP, "on")


async def test_dark_and_bright(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, online: FakeBoard
) -> None:
    """On after a minute of darkness; off after a minute well above that level."""
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
    """An offline board is neither dark nor bright; its first value after that counts."""
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
    """A lamp that was switched off in the dark stays off until the next darkness."""
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


@pytest.mark.parametrize("begins", ["homeassistant_started", "automation_reloaded"])
async def test_start(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, online: FakeBoard, begins: str
) -> None:
    """Darkness that began before the start or before saving switches the lamp."""
    await online.light(10)
    await use(hass, online, begins, time={"seconds": 10})
    await pass_time(freezer, 11)
    assert is_on(hass)


async def test_switched_on_again(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, online: FakeBoard
) -> None:
    """An automation that was switched off and on goes on within a minute."""
    await use(hass, online, time={"seconds": 10})
    await online.light(10)
    for action in ("turn_off", "turn_on"):
        await hass.services.async_call(
            "automation", action, {"entity_id": "automation.under_test"}, blocking=True
        )
    for _ in range(8):
        await online.light(10)
        await pass_time(freezer, 10)
    assert is_on(hass)


async def test_renamed_entities(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, online: FakeBoard
) -> None:
    """The light may be renamed while the automation waits for it."""
    await use(hass, online, time={"seconds": 10})
    await online.light(60)
    await pass_time(freezer, 11)
    await rename_entities(hass, online.device.id)
    await online.light(10)
    await pass_time(freezer, 11)
    assert is_on(hass)


async def test_dips(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, online: FakeBoard
) -> None:
    """An action is not repeated while the light varies."""
    await use(hass, online, time={"seconds": 10})
    await online.light(10)
    await pass_time(freezer, 11)
    await hass.services.async_call(
        "input_boolean", "turn_off", {"entity_id": LAMP}, blocking=True
    )
    for _ in range(5):
        await online.light(60)
        await pass_time(freezer, 5)
        await online.light(10)
        await pass_time(freezer, 11)
    assert not is_on(hass)


async def test_single_run(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, online: FakeBoard
) -> None:
    """Running the automation by hand, or saving another one, starts no second run."""
    await use(hass, online, time={"seconds": 10})
    await online.light(50)
    await hass.services.async_call(
        "automation", "trigger", {"entity_id": "automation.under_test"}
    )
    hass.bus.async_fire("automation_reloaded")
    await online.light(51)
    await pass_time(freezer, 1)
    state = hass.states.get("automation.under_test")
    assert state
    assert state.attributes["current"] == 1


@pytest.mark.parametrize(
    "failing",
    [
        {"action": "not.there"},
        {"action": "test.fail"},
        {"variables": {"it": "{{ 1 / 0 }}"}},
        {"stop": "Enough", "error": True},
        {"stop": "Enough"},
        {"delay": {"hours": 10}},
    ],
    ids=str,
)
async def test_actions_that_fail(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    online: FakeBoard,
    failing: dict[str, Any],
) -> None:
    """After an action that failed, the next one is run."""

    async def fail(call: ServiceCall) -> None:
        raise ValueError

    hass.services.async_register("test", "fail", fail)
    done = async_capture_events(hass, "done")
    await use(
        hass,
        online,
        time={"seconds": 10},
        when_dark=[failing],
        when_bright=[{"event": "done"}],
    )
    await online.light(10)
    await pass_time(freezer, 11)
    assert is_on(hass)
    await hass.services.async_call(
        "input_boolean", "turn_off", {"entity_id": LAMP}, blocking=True
    )
    await online.light(11)
    await pass_time(freezer, 11)
    assert not is_on(hass)
    await online.light(60)
    await pass_time(freezer, 11)
    assert len(done) == 1


async def test_actions(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, online: FakeBoard
) -> None:
    """Other actions can be run, without an entity to switch."""
    done = async_capture_events(hass, "done")
    await use_blueprint(
        hass,
        PATH,
        board=online.device.id,
        time={"seconds": 0},
        when_dark=[{"event": "done", "event_data": {"it": "dark"}}],
        when_bright=[{"event": "done", "event_data": {"it": "bright"}}],
    )
    hass.bus.async_fire("automation_reloaded")
    await settle()
    online.waits = False
    for light in (20, 10, 35, 29, 50, 90, 35, 41):
        await online.light(light)
        await pass_time(freezer, 1)
    assert [event.data["it"] for event in done] == ["bright", "dark", "bright"]
    assert not is_on(hass)
