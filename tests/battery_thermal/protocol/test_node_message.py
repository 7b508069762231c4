"""Tests of a decoded uplink, and of a line whose position is known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.protocol.layout import Position
from custom_components.battery_thermal.protocol.node_message import Located, NodeMessage
from custom_components.battery_thermal.protocol.uplink import (
    Line,
    Reset,
    decode_line_message,
)

from .payloads import pack

RESET = b"\x00"
RECEIVED_AT = datetime(2026, 1, 1, tzinfo=UTC)


def message(payload: bytes) -> NodeMessage:
    """Return the message with a payload."""
    content = decode_line_message(payload)
    return NodeMessage("session", 5, 1, RECEIVED_AT, content)


def test_content() -> None:
    """The content of a message is a line, or the reset after a join."""
    assert isinstance(message(pack([210] * 32)).content, Line)
    assert isinstance(message(RESET).content, Reset)


def test_equal_messages() -> None:
    """Two copies of one message are equal; another counter or time makes another one."""
    one = message(pack([210] * 32))
    assert one == message(pack([210] * 32))
    assert one != replace(one, f_cnt=6)
    assert one != replace(one, session="")
    assert one != replace(one, received_at=RECEIVED_AT + timedelta(seconds=1))
    assert one != message(pack([211] * 32))


@pytest.mark.parametrize("late", [False, True])
def test_located(late: bool) -> None:
    """A located line has its message and its position; it is late if newer ones came."""
    one = message(pack([210] * 32))
    assert isinstance(one.content, Line)
    position = Position(Mode.SLOW, 3)
    located = Located(one, one.content, position, late=late)
    assert located.line is located.message.content
    assert (located.position.mode, located.position.line) == (Mode.SLOW, 3)
    assert located.late is late
    assert not Located(one, one.content, position).late
