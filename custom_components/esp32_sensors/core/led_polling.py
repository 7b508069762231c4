"""When to ask boards for the state of their LED.

A board reports its LED once. When that report was lost, the only way to ask is a command.
"""

from collections.abc import Iterable
from typing import Final

from .boards import Board, Session

#: Seconds after a board came online until its LED is asked for if it is uncertain. Each
#: further attempt follows after twice as long, up to ``ATTEMPTS`` in all.
DELAY: Final = 5.0
ATTEMPTS: Final = 3


def start_polling(session: Session, monotonic: float) -> None:
    """Begin to count attempts: the board of this session has come online."""
    session.ask_led_at = monotonic + DELAY
    session.led_asked = 0


def leds_to_ask_for(boards: Iterable[Board], monotonic: float) -> list[Board]:
    """Return the boards to ask for their LED now, and count the attempt."""
    due = [
        board
        for board in boards
        if board.online
        and board.led_uncertain
        and board.session.led_asked < ATTEMPTS
        and monotonic >= board.session.ask_led_at
    ]
    for board in due:
        board.session.led_asked += 1
        board.session.ask_led_at = monotonic + DELAY * 2**board.session.led_asked
    return due
