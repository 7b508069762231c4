"""Tests of one hypothesis that explains the received messages."""

from datetime import UTC, datetime

import pytest

from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.protocol.hypothesis import Hypothesis
from custom_components.battery_thermal.protocol.layout import (
    Layout,
    Numbering,
    Position,
)
from custom_components.battery_thermal.protocol.node_message import NodeMessage
from custom_components.battery_thermal.protocol.uplink import Line, Reset

ALL = list(range(24))


@pytest.mark.parametrize(
    ("numbering", "last", "steps", "mode", "switches", "lines"),
    [
        # The message before is unknown.
        (Numbering.RUNNING, None, 1, Mode.SLOW, (), ALL),
        (Numbering.RUNNING, 3, 2, Mode.SLOW, (), [5]),
        (Numbering.RUNNING, 23, 1, Mode.SLOW, (), [0]),
        # A lower counter shows a join, after which nothing is known.
        (Numbering.RUNNING, 3, 0, Mode.SLOW, (), []),
        (Numbering.COUNTER, 3, 1, Mode.SLOW, (), ALL),
        (Numbering.PORT, 3, -1, Mode.SLOW, (), ALL),
        # The last line may not have been sent, and was not counted then.
        (Numbering.PORT, 22, 1, Mode.SLOW, (), [0, 23]),
        # Another mode begins with line 0, if it can have been requested.
        (Numbering.RUNNING, 3, 1, Mode.FAST, (), []),
        (Numbering.RUNNING, 3, 1, Mode.FAST, (Mode.FAST,), [0]),
        (Numbering.RUNNING, 3, 2, Mode.FAST, (Mode.FAST,), [1]),
    ],
)
def test_lines_after(
    *,
    numbering: Numbering,
    last: int | None,
    steps: int,
    mode: Mode,
    switches: tuple[Mode, ...],
    lines: list[int],
) -> None:
    """The numbering decides which lines can follow."""
    position = None if last is None else Position(Mode.SLOW, last)
    hypothesis = Hypothesis(Layout.SLOW_24, numbering, last=position)

    assert sorted(hypothesis.lines_after(steps, mode, switches)) == lines


@pytest.mark.parametrize(
    ("values", "last", "line", "fits"),
    [
        (32, False, 0, True),
        (32, False, 22, True),
        (32, True, 23, True),
        (32, False, 23, False),
        (32, True, 22, False),
        (24, False, 0, False),
        (32, False, -1, False),
        (32, True, 24, False),
    ],
)
def test_fits(values: int, last: bool, line: int, fits: bool) -> None:
    """A line fits a position by its length, and by whether it is the last."""
    extreme = 0 if last else None
    content = Line((0,) * values, extreme, extreme, fan=False, ambient=0)
    hypothesis = Hypothesis(Layout.SLOW_24, Numbering.COUNTER)

    assert hypothesis.fits(content, Position(Mode.SLOW, line)) is fits


@pytest.mark.parametrize(
    ("numbering", "known", "f_cnt", "f_port", "port"),
    [
        (Numbering.COUNTER, None, 3, 7, 7),
        (Numbering.COUNTER, None, 4, 7, None),
        (Numbering.RUNNING, None, 99, 7, 7),
        (Numbering.RUNNING, 8, 99, 7, None),
        (Numbering.PORT, None, 99, 7, 4),
        (Numbering.PORT, 4, 99, 7, 4),
        (Numbering.PORT, 5, 99, 7, None),
        # There is no port 0.
        (Numbering.PORT, None, 99, 3, None),
    ],
)
def test_port_for_line_3(
    numbering: Numbering, known: int | None, f_cnt: int, f_port: int, port: int | None
) -> None:
    """Frame counter and FPort have to go with the number of the line."""
    at = datetime(2026, 3, 4, tzinfo=UTC)
    hypothesis = Hypothesis(Layout.SLOW_24, numbering, port=known)

    assert hypothesis.port_for(3, NodeMessage("", f_cnt, f_port, at, Reset())) == port
