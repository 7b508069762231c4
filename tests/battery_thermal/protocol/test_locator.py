"""Tests of the location of lines; those of whole images are in `test_assembly`."""

from datetime import UTC, datetime, timedelta

from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.protocol.layout import Layout, Numbering
from custom_components.battery_thermal.protocol.locator import Locator
from custom_components.battery_thermal.protocol.node_message import Located, NodeMessage
from custom_components.battery_thermal.protocol.uplink import Line, Reset

START = datetime(2026, 3, 4, tzinfo=UTC)


def line(*, last: bool = False, values: int = 32) -> Line:
    """Return a line of a slow image."""
    extreme = 200 if last else None
    return Line((200,) * values, extreme, extreme, fan=False, ambient=21)


class Node:
    """A node whose messages are 30 s apart."""

    def __init__(self, locator: Locator) -> None:
        """Initialize with the locator of its messages."""
        self.locator = locator
        self.at = START

    def send(self, f_cnt: int, content: Line | Reset) -> list[Located]:
        """Send a message, and return the lines that it locates."""
        self.at += timedelta(seconds=30)
        return self.locator.locate(NodeMessage("first", f_cnt, 1, self.at, content))


def test_last_lines_that_are_never_sent() -> None:
    """Without a last line or a reset no line is located: the count may be wrong.

    At slow data rates the last line of 24 is too long to be sent, and not counted.
    """
    node = Node(Locator(Layout.SLOW_24, Numbering.RUNNING))
    for f_cnt in range(23):
        assert node.send(f_cnt, line()) == []
    assert node.locator.position is None

    located = node.send(23, line(last=True))

    assert [one.position.line for one in located] == list(range(24))
    assert [one.message.f_cnt for one in located] == list(range(24))


def test_reset_shows_where_an_image_begins() -> None:
    """After a reset each line is located at once."""
    node = Node(Locator(Layout.SLOW_24, Numbering.RUNNING))
    assert node.send(7, Reset()) == []
    (located,) = node.send(8, line())
    assert located.position == (Mode.SLOW, 0)


def test_line_that_no_hypothesis_explains() -> None:
    """Such a line is not located, and the lines after it keep their own positions."""
    node = Node(Locator(Layout.SLOW_24, Numbering.COUNTER))
    assert node.send(500, line()) == []

    (located,) = node.send(5, line())

    assert (located.message.f_cnt, located.position) == (5, (Mode.SLOW, 5))


def test_restart_keeps_expected_modes() -> None:
    """A mode that was requested before a restart is expected after it."""
    locator = Locator(Layout.SLOW_32, Numbering.COUNTER)
    locator.expect_mode(Mode.FAST)
    again = Locator(Layout.SLOW_32, Numbering.COUNTER)
    again.restore(locator.as_dict())
    assert again.as_dict() == locator.as_dict()
    assert again.as_dict()["told"] == [Mode.FAST]
