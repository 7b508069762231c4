"""Tests of the image that is being received."""

from datetime import UTC, datetime, timedelta
import json

import pytest

from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.protocol.growing_image import GrowingImage
from custom_components.battery_thermal.protocol.layout import Position
from custom_components.battery_thermal.protocol.node_message import Located, NodeMessage
from custom_components.battery_thermal.protocol.uplink import Line

START = datetime(2026, 3, 4, tzinfo=UTC)
INTERVAL = timedelta(seconds=30)


def located(
    number: int,
    f_cnt: int,
    *,
    steps: float | None = None,
    session: str = "first",
    values: int = 32,
    late: bool = False,
) -> Located:
    """Return a line, sent at the usual time unless `steps` intervals are given."""
    last = number == 768 // values - 1
    content = Line(
        (200 + number,) * values,
        200 if last else None,
        223 if last else None,
        fan=False,
        ambient=21,
    )
    at = START + (number if steps is None else steps) * INTERVAL
    message = NodeMessage(session, f_cnt, 1, at, content)
    return Located(message, content, Position(Mode.SLOW, number), late=late)


def begin(number: int, f_cnt: int, session: str = "first") -> GrowingImage:
    """Return an image with one line."""
    first = located(number, f_cnt, session=session)
    return GrowingImage.begin(first).with_line(first)


@pytest.mark.parametrize(
    ("line", "included"),
    [
        (located(5, 105), True),
        (located(5, 105, session=""), True),
        (located(5, 105, session="second"), False),
        (located(5, 129), False),
        (located(5, 105, values=24), False),
        # With a counter that runs on, the time does not matter.
        (located(5, 105, steps=100), True),
    ],
)
def test_counter_runs_on(line: Located, included: bool) -> None:
    """The frame counter of line 0 identifies an image."""
    assert begin(3, 103).includes(line, INTERVAL) is included


@pytest.mark.parametrize(
    ("number", "steps", "included"),
    [(5, 5, True), (5, 6.9, True), (5, 7.1, False), (5, 29, False), (2, 2, True)],
)
def test_counter_restarts(number: int, steps: float, included: bool) -> None:
    """Where the counter restarts with each image, the time identifies an image."""
    line = located(number, number, steps=steps)

    assert begin(3, 3).includes(line, INTERVAL) is included


def test_lines() -> None:
    """Each line fills its column; a late one does not count as the newest."""
    growing = begin(3, 103)
    assert growing.has_line(3)
    assert not growing.has_line(2)
    growing = growing.with_line(located(2, 102, late=True))
    assert growing.image.lines_received == 2
    assert growing.newest == 3
    assert (growing.image.values[:, 2] == 202).all()
    assert growing.image.started_at == START + 2 * INTERVAL
    assert growing.image.updated_at == START + 3 * INTERVAL
    growing = growing.with_line(located(23, 123))
    assert (growing.image.node_minimum, growing.image.node_maximum) == (200, 223)


def test_end_by_silence() -> None:
    """An image ends one interval after its last line should have arrived, plus 10 s for transmission."""
    over_at = begin(20, 120).over_at(INTERVAL)

    assert over_at == START + (20 + 5) * INTERVAL + timedelta(seconds=10)


def test_session_that_becomes_known() -> None:
    """Lines without a session belong to the image, whose session is then the known one."""
    growing = begin(3, 103, session="").with_line(located(4, 104))
    assert not growing.includes(located(5, 105, session="second"), INTERVAL)


def test_restart() -> None:
    """What was stored is restored."""
    growing = begin(3, 103)
    data = json.loads(json.dumps(growing.as_dict()))
    assert GrowingImage.from_dict(data).as_dict() == growing.as_dict()
