"""Tests of the button of a field board."""

from collections import Counter
from itertools import accumulate

import pytest

from simulator.boards import FieldButton


@pytest.mark.parametrize(
    ("rhythm", "reported"),
    [
        # Milliseconds pressed, released, pressed, ...: how long pushes are reported,
        # and for how many of 100 times between two looks.
        ([100], {(): 100}),
        ([399], {(): 100}),
        ([500], {(1300,): 100}),
        ([3000], {(3800,): 100}),
        ([150, 150, 150], {(): 50, (1300,): 50}),
        ([500, 1000, 500], {(2800,): 100}),
        ([500, 1500, 500], {(1300, 1300): 100}),
    ],
)
def test_button_of_a_field_board(
    rhythm: list[int], reported: dict[tuple[int, ...], int]
) -> None:
    """Reported pushes agree with those measured on a published board."""
    found: Counter[tuple[int, ...]] = Counter()
    for phase in range(100):
        button = FieldButton()
        moments = [
            look
            for look in range(phase, sum(rhythm) + 3000, 100)
            if _look(button, rhythm, look)
        ]
        assert button.settled
        pairs = zip(moments[::2], moments[1::2], strict=True)
        found[tuple(up - down for down, up in pairs)] += 1
    assert found == reported


def _look(button: FieldButton, rhythm: list[int], at: int) -> bool:
    """Move a button in a rhythm; return whether the board noticed a move."""
    edges = list(accumulate(rhythm))
    before = button.down
    button.look(sum(edge <= at for edge in edges) % 2 == 0 and at < edges[-1])
    return button.down is not before
