"""Tests of the set of hypotheses."""

from datetime import UTC, datetime

from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.protocol.explanations import Explanations
from custom_components.battery_thermal.protocol.layout import (
    Layout,
    Numbering,
    Position,
)
from custom_components.battery_thermal.protocol.node_message import NodeMessage
from custom_components.battery_thermal.protocol.uplink import Line

AT = datetime(2026, 3, 4, tzinfo=UTC)
LINE = Line((0,) * 32, None, None, fan=False, ambient=0)


def reduce(explanations: Explanations, f_cnt: int, f_port: int, steps: int) -> bool:
    """Receive a line of a slow image of 24."""
    message = NodeMessage("", f_cnt, f_port, AT, LINE)
    return explanations.reduce(message, LINE, steps, ())


def test_everything_is_possible_at_first() -> None:
    """For a node without configuration, every hypothesis is possible."""
    explanations = Explanations(Layout.AUTO, Numbering.AUTO)
    assert explanations.layout is Layout.AUTO
    assert explanations.numbering is Numbering.AUTO
    assert explanations.position is None
    assert explanations.mode is None
    assert not explanations.port_is_known
    assert not explanations.counter_runs_on
    assert not explanations.may_lose_count


def test_each_line_reduces_them() -> None:
    """FPorts that increase with the lines leave one numbering."""
    explanations = Explanations(Layout.AUTO, Numbering.AUTO)
    assert reduce(explanations, 100, 7, 100)
    assert explanations.layout is Layout.SLOW_24
    assert explanations.mode is Mode.SLOW
    assert explanations.counter_runs_on
    assert explanations.may_lose_count
    assert reduce(explanations, 101, 8, 1)
    assert explanations.numbering is Numbering.PORT
    assert not explanations.may_lose_count
    for f_cnt in range(102, 108):
        assert reduce(explanations, f_cnt, f_cnt - 93, 1)
    assert len(explanations.held) == 8


def test_contradiction() -> None:
    """A line that fits no hypothesis changes none; then all are possible again."""
    explanations = Explanations(Layout.SLOW_24, Numbering.COUNTER)
    assert reduce(explanations, 5, 1, 1)
    before = explanations.as_list()
    assert not reduce(explanations, 500, 1, 1)
    assert explanations.as_list() == before
    message = NodeMessage("", 500, 1, AT, LINE)
    assert not explanations.start_over(message, LINE, 1)
    assert explanations.position is None


def test_positions_are_forgotten() -> None:
    """The numbering is kept; a detected layout is not."""
    explanations = Explanations(Layout.AUTO, Numbering.COUNTER)
    assert reduce(explanations, 5, 7, 1)
    assert explanations.position == Position(Mode.SLOW, 5)
    assert explanations.allow(LINE, Position(Mode.SLOW, 6))
    assert not explanations.allow(LINE, Position(Mode.SLOW, 23))
    explanations.forget_positions()
    assert explanations.position is None
    assert explanations.layout is Layout.AUTO
    assert explanations.port_is_known
    explanations.expect_first_line()
    assert reduce(explanations, 0, 7, 1)
    assert explanations.position == Position(Mode.SLOW, 0)


def test_restart() -> None:
    """What was stored is restored, without the lines that were held back."""
    explanations = Explanations(Layout.SLOW_24, Numbering.AUTO)
    reduce(explanations, 100, 7, 100)
    again = Explanations(Layout.SLOW_24, Numbering.AUTO)
    again.restore(explanations.as_list())
    assert again.as_list() == explanations.as_list()
    assert again.held == []
