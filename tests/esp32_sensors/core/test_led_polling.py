"""Tests of when boards are asked for their LED."""

import pytest

from custom_components.esp32_sensors.core.boards import Board, Session, State
from custom_components.esp32_sensors.core.led_polling import (
    leds_to_ask_for,
    start_polling,
)
from custom_components.esp32_sensors.core.readings import LED


@pytest.fixture
def board() -> Board:
    """Return a board that came online at the second 100 and has not reported its LED."""
    session = Session("capteur01", "1743946777.603371", State.ONLINE)
    start_polling(session, 100.0)
    return Board("61:EC:ED:3B:25:B1", session, 0)


def test_attempts(board: Board) -> None:
    """Three attempts: after 5 s, 10 s later and 20 s later."""
    asked = [
        second for second in range(100, 300) if leds_to_ask_for([board], float(second))
    ]
    assert asked == [105, 115, 135]


def test_known_led(board: Board) -> None:
    """A reported LED is not asked for, unless a command was not confirmed."""
    board.readings[LED.index].value = True
    assert leds_to_ask_for([board], 200.0) == []
    board.led_unconfirmed = True
    assert leds_to_ask_for([board], 200.0) == [board]


def test_offline(board: Board) -> None:
    """A board that is offline is not asked."""
    board.session.state = State.OFFLINE
    assert leds_to_ask_for([board], 200.0) == []
