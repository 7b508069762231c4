"""Tests of the attempts to deliver settings."""

import pytest

from custom_components.battery_thermal.protocol.attempts import (
    NOT_OBEYED_AFTER,
    NOT_SENT_AFTER,
    REPEAT_AFTER,
    Attempts,
)


@pytest.mark.parametrize(
    ("taken", "refused", "queued", "uplinks"),
    [
        (0, 0, False, 0),
        (1, 0, True, NOT_SENT_AFTER),
        (1, 0, False, NOT_OBEYED_AFTER),
        (2, 0, False, REPEAT_AFTER[0]),
        (3, 0, True, REPEAT_AFTER[1]),
        (4, 0, True, REPEAT_AFTER[2]),
        (0, 1, False, REPEAT_AFTER[0]),
        (1, 2, True, REPEAT_AFTER[1]),
        (1, 3, True, REPEAT_AFTER[2]),
        (1, 99, True, REPEAT_AFTER[2]),
    ],
)
def test_uplinks_before_another(
    taken: int, refused: int, queued: bool, uplinks: int
) -> None:
    """Another attempt is due after so many uplinks without effect, and not before."""
    assert Attempts(taken, refused, uplinks).is_another_due(queued=queued)
    if uplinks:
        before = Attempts(taken, refused, uplinks - 1)
        assert not before.is_another_due(queued=queued)


def test_last_attempt() -> None:
    """Five attempts are made; the last one has failed after the longest wait."""
    attempts = Attempts(5, 0, REPEAT_AFTER[-1] - 1)
    assert not attempts.is_in_vain
    attempts.uplinks += 1
    assert attempts.is_in_vain
    assert not attempts.is_another_due(queued=False)
    attempts.uplinks += 1
    assert not attempts.is_in_vain


def test_refusals_are_no_attempts() -> None:
    """A refusal does not count as an attempt, and an accepted downlink ends the refusals."""
    attempts = Attempts()
    for _ in range(20):
        attempts.refuse()
    assert (attempts.taken, attempts.refused) == (0, 20)
    attempts.take()
    assert (attempts.taken, attempts.refused) == (1, 0)
    attempts.take()
    attempts.succeed()
    assert (attempts.taken, attempts.refused) == (1, 0)
    attempts.restart()
    assert (attempts.taken, attempts.refused) == (0, 0)
