"""A board's button does anything."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import entity_registry as er
from tests.blueprints.common import pass_time, use_blueprint
from tests.esp32_sensors.conftest import FakeBoard

PATH = "automation/esp32_sensors/button.yaml"
COMPLAINTS = ("WARNING", "ERROR")


@pytest.fixture
def done(hass: HomeAssistant) -> list[Event]:
    """Return what the button has set off."""
    return async_capture_events(hass, "done")


async def use(board: FakeBoard, **inputs: Any) -> None:
    """Use the blueprint: each press says what it was."""
    await use_blueprint(
        board.hass,
        PATH,
        button=board.entity_id("event", "button"),
        **{
            f"{press}_press": [{"event": "done", "event_data": {"press": press}}]
            for press in ("single", "double", "long")
        },
        **inputs,
    )


@pytest.mark.parametrize(
    ("rhythm", "presses"),
    [
        # Seconds pressed, released, pressed, ...
        ([0.1, 1], ["single"]),
        ([0.1, 0.2, 0.1, 1], ["double"]),
        ([0.1, 0.2, 0.1, 0.2, 0.1, 1], ["double"]),
        ([0.1, 0.7, 0.1, 1], ["single", "single"]),
        ([0.9, 1], ["long"]),
        ([5, 0.7, 0.1, 1], ["long", "single"]),
        ([0.1, 0.2, 3, 1], ["double"]),
    ],
)
async def test_presses(
    freezer: FrozenDateTimeFactory,
    online: FakeBoard,
    done: list[Event],
    rhythm: list[float],
    presses: list[str],
) -> None:
    """Single, double and long presses, by when the button was pushed and released."""
    await use(online)
    pushed = 0
    for seconds in rhythm:
        pushed = 1 - pushed
        await online.button(pushed)
        await pass_time(freezer, seconds)
    assert [event.data["press"] for event in done] == presses


async def test_at_once(
    freezer: FrozenDateTimeFactory,
    online: FakeBoard,
    done: list[Event],
) -> None:
    """Without a double press a single one need not wait."""
    await use(online, pause=0)
    for _ in range(2):
        await online.button(1)
        await pass_time(freezer, 0.1)
        await online.button(0)
    assert [event.data["press"] for event in done] == ["single", "single"]


async def test_board_leaves_and_comes_back(
    freezer: FrozenDateTimeFactory,
    online: FakeBoard,
    done: list[Event],
) -> None:
    """Neither is a press; a button that was pushed when the board left is none."""
    await use(online)
    await online.button(1)
    await online.leave()
    await pass_time(freezer, 2)
    await online.join()
    await online.start()
    await online.led(0)
    await pass_time(freezer, 2)
    assert done == []
    await online.button(1)
    await pass_time(freezer, 0.1)
    await online.button(0)
    await pass_time(freezer, 1)
    assert [event.data["press"] for event in done] == ["single"]


async def test_board_is_deleted(
    online: FakeBoard, done: list[Event], caplog: pytest.LogCaptureFixture
) -> None:
    """A button that is no more was not pressed, and that is no error."""
    await use(online)
    caplog.clear()
    er.async_get(online.hass).async_remove(online.entity_id("event", "button"))
    await online.hass.async_block_till_done()
    assert done == []
    assert not [each for each in caplog.records if each.levelname in COMPLAINTS]
