"""Tests of the records of boards and their listeners."""

import pytest

from custom_components.esp32_sensors.core.boards import SESSION, Board, Session, State
from custom_components.esp32_sensors.core.readings import (
    BUTTON,
    KINDS,
    LED,
    LIGHT,
    ReadingKind,
)

MAC = "61:EC:ED:3B:25:B1"


@pytest.fixture
def board() -> Board:
    """Return a board that is online."""
    return Board(MAC, Session("capteur01", "1743946777.603371", State.ONLINE), 0)


def test_listener_gets_its_aspects_only(board: Board) -> None:
    """A listener is called for its aspects until it unsubscribes."""
    changes: list[int] = []
    unsubscribe = board.listen(LIGHT.aspect, changes.append)
    board.notify_listeners(SESSION)
    board.notify_listeners(SESSION | LIGHT.aspect)
    board.notify_listeners(BUTTON.aspect)
    board.notify_listeners(LIGHT.aspect)
    unsubscribe()
    board.notify_listeners(LIGHT.aspect)
    assert changes == [SESSION | LIGHT.aspect, LIGHT.aspect]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_each_kind_notifies_its_listeners(board: Board, kind: ReadingKind) -> None:
    """Each kind notifies its own listeners, whether it is periodic or not."""
    changes: dict[str, list[int]] = {other.key: [] for other in KINDS}
    for other in KINDS:
        board.listen(other.aspect, changes[other.key].append)
    board.notify_listeners(kind.aspect)
    assert changes == {
        other.key: [other.aspect] if other is kind else [] for other in KINDS
    }


def test_listener_may_unsubscribe_while_it_is_called(board: Board) -> None:
    """The other listeners are still called then."""
    calls: list[str] = []

    def first(_changed: int) -> None:
        calls.append("first")
        board.unlisten(first)

    board.listen(LIGHT.aspect, first)
    board.listen(LIGHT.aspect, lambda _changed: calls.append("second"))
    board.notify_listeners(LIGHT.aspect)
    board.notify_listeners(LIGHT.aspect)
    assert calls == ["first", "second", "second"]


@pytest.mark.parametrize(
    ("value", "target", "unconfirmed", "led", "uncertain", "expected"),
    [
        (None, None, False, None, True, False),
        (True, None, False, True, False, True),
        (False, None, False, False, False, False),
        (False, None, True, False, True, False),
        (False, True, True, False, True, True),
        (None, True, False, None, True, True),
    ],
)
def test_led(
    board: Board,
    *,
    value: bool | None,
    target: bool | None,
    unconfirmed: bool,
    led: bool | None,
    uncertain: bool,
    expected: bool,
) -> None:
    """The expected state of an LED is the commanded one, else the reported one, else off."""
    board.readings[LED.index].value = value
    board.led_target, board.led_unconfirmed = target, unconfirmed
    assert (board.led, board.led_uncertain) == (led, uncertain)
    assert board.led_expected is expected


def test_topic_suffix(board: Board) -> None:
    """Directed topics end in the MAC as the board writes it."""
    assert board.topic_suffix == ""
    board.directed, board.address = True, MAC.lower()
    assert board.topic_suffix == f"/{MAC.lower()}"
