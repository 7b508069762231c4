"""Tests of the blueprint that runs actions when a board's button is pressed."""

from itertools import accumulate
import random
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import entity_registry as er
from simulator.boards import FieldButton
from tests.blueprints.common import pass_time, rename_entities, use_blueprint
from tests.clocks import jumps, set_clock
from tests.esp32_sensors.conftest import FakeBoard

PATH = "automation/esp32_sensors/button.yaml"
COMPLAINTS = ("WARNING", "ERROR")

QUICK = {"pause": 500, "hold": 800}
"""Times for boards that report a push at once, in milliseconds."""


@pytest.fixture
def done(hass: HomeAssistant) -> list[Event]:
    """Return the kinds of presses that were detected."""
    return async_capture_events(hass, "done")


async def use(board: FakeBoard, **inputs: Any) -> None:
    """Use the blueprint with an action that records the kind of each press."""
    await use_blueprint(
        board.hass,
        PATH,
        board=board.device.id,
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
    """Single, double and long presses are distinguished by the times of pushes and releases."""
    await use(online, **QUICK)
    pushed = 0
    for seconds in rhythm:
        pushed = 1 - pushed
        await online.button(pushed)
        await pass_time(freezer, seconds)
    assert [event.data["press"] for event in done] == presses


@pytest.mark.parametrize(
    ("rhythm", "presses"),
    [
        # Milliseconds pressed, released, pressed, ... as a person does it.
        ([500], ["single"]),
        ([900], ["single"]),
        ([3000], ["long"]),
        ([500, 1500, 500], ["double"]),
        ([500, 2000, 500], ["double"]),
        ([500, 4000, 500], ["single", "single"]),
        ([500, 1500, 500, 1500, 500], ["double"]),
        ([3000, 4000, 500], ["long", "single"]),
        ([300], []),
        # Such a board reports two quick pushes as one.
        ([400, 200, 400], ["single"]),
    ],
)
async def test_published_board(
    freezer: FrozenDateTimeFactory,
    online: FakeBoard,
    done: list[Event],
    rhythm: list[int],
    presses: list[str],
) -> None:
    """With its default times the blueprint detects the presses of a published board."""
    await use(online)
    phase = random.Random(str(rhythm)).randint(1, 99)
    button, edges = FieldButton(), list(accumulate(rhythm))
    for at in range(phase, edges[-1] + 4000, 100):
        before = button.down
        button.look(at < edges[-1] and sum(edge <= at for edge in edges) % 2 == 0)
        if button.down is not before:
            await online.button(int(button.down))
        await pass_time(freezer, 0.1)
    assert [event.data["press"] for event in done] == presses


@pytest.mark.parametrize(
    ("rhythm", "presses"),
    [
        ([0.6, 2], ["single"]),
        ([2.5, 2], ["long"]),
        ([0.6, 1, 0.6, 2], ["double"]),
    ],
)
async def test_document_board_with_default_times(
    freezer: FrozenDateTimeFactory,
    online: FakeBoard,
    done: list[Event],
    rhythm: list[float],
    presses: list[str],
) -> None:
    """The default times also work with a board that reports at once."""
    await use(online)
    for index, seconds in enumerate(rhythm):
        await online.button((index + 1) % 2)
        await pass_time(freezer, seconds)
    assert [event.data["press"] for event in done] == presses


@jumps
@pytest.mark.parametrize("at", [0, 1, 3])
async def test_clock_is_set(
    freezer: FrozenDateTimeFactory,
    online: FakeBoard,
    done: list[Event],
    jump: int,
    at: int,
) -> None:
    """Presses are detected when the clock is set, also during a press."""
    await use(online, **QUICK)
    rhythm = [0.1, 0.2, 0.1, 1, 0.1, 1, 0.9, 1, 0.1, 1]
    for index, seconds in enumerate(rhythm):
        await online.button((index + 1) % 2)
        if index == at:
            set_clock(online.hass, freezer, jump)
        await pass_time(freezer, seconds)
    assert [event.data["press"] for event in done] == [
        "double",
        "single",
        "long",
        "single",
    ]


async def test_push_and_release_at_once(
    freezer: FrozenDateTimeFactory, online: FakeBoard, done: list[Event]
) -> None:
    """Delayed messages that arrive at the same time are not a long press."""
    await use(online, **QUICK)
    online.waits = False
    for _ in range(2):
        for value in (1, 0):
            await online.button(value)
        await pass_time(freezer, 2)
    assert [event.data["press"] for event in done] == ["single", "single"]


async def test_release_is_lost(
    freezer: FrozenDateTimeFactory, online: FakeBoard, done: list[Event]
) -> None:
    """A press without a release is a long one; the next press is detected."""
    await use(online, **QUICK)
    await online.button(1)
    await pass_time(freezer, 20)
    await online.button(1)
    await pass_time(freezer, 0.1)
    await online.button(0)
    await pass_time(freezer, 1)
    assert [event.data["press"] for event in done][0] == "long"
    await online.button(1)
    await pass_time(freezer, 0.1)
    await online.button(0)
    await pass_time(freezer, 1)
    assert [event.data["press"] for event in done][-1] == "single"


async def test_action_that_takes_long(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, online: FakeBoard
) -> None:
    """Presses are detected while actions of an earlier press are running."""
    begun = async_capture_events(hass, "begun")
    ended = async_capture_events(hass, "ended")
    await use_blueprint(
        hass,
        PATH,
        board=online.device.id,
        single_press=[{"event": "begun"}, {"delay": 60}, {"event": "ended"}],
        pause=0,
    )
    for _ in range(3):
        await online.button(1)
        await pass_time(freezer, 0.1)
        await online.button(0)
        await pass_time(freezer, 1)
    assert (len(begun), len(ended)) == (3, 0)
    await pass_time(freezer, 60)
    assert len(ended) == 3


async def test_at_once(
    freezer: FrozenDateTimeFactory,
    online: FakeBoard,
    done: list[Event],
) -> None:
    """Without an action for double presses, a single press is detected at once."""
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
    """Leaving and returning are not presses, also when the button was pushed before."""
    await use(online, **QUICK)
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


async def test_renamed_entities(
    freezer: FrozenDateTimeFactory, online: FakeBoard, done: list[Event]
) -> None:
    """The button may be renamed before the first press, and between two."""
    await use(online, **QUICK)
    for _ in range(2):
        await rename_entities(online.hass, online.device.id)
        await pass_time(freezer, 1)
        await online.button(1)
        await pass_time(freezer, 0.1)
        await online.button(0)
        await pass_time(freezer, 1)
    assert [event.data["press"] for event in done] == ["single", "single"]


async def test_board_is_deleted(
    online: FakeBoard, done: list[Event], caplog: pytest.LogCaptureFixture
) -> None:
    """Deleting a board is not a press, and causes no error."""
    await use(online)
    caplog.clear()
    er.async_get(online.hass).async_remove(online.entity_id("event", "button"))
    await online.hass.async_block_till_done()
    assert done == []
    assert not [each for each in caplog.records if each.levelname in COMPLAINTS]
