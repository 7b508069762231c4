"""Tests of the rules of blinking, with boards that answer promptly, late, or not."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from custom_components.esp32_sensors.core.identification import (
    ANSWER,
    DURATION,
    HOLD,
    Blinking,
)

TICK = 0.05


def prompt(_now: float) -> float:
    """Return the time at which a board that always listens reads a message."""
    return 0.02


def deaf_from(phase: float) -> Callable[[float], float]:
    """Return the delay of a published board, which does not read for 1 s of 2 s."""

    def delay(now: float) -> float:
        in_cycle = (now + phase) % 2
        return max(0.0, 1 - in_cycle) + 0.05

    return delay


def silent(_now: float) -> None:
    """Answer nothing."""


def run(
    blinking: Blinking, delay: Callable[[float], float | None]
) -> list[tuple[float, bool]]:
    """Return the changes of the LED until the blinking is over."""
    changes: list[tuple[float, bool]] = []
    answers: list[tuple[float, bool]] = []
    step = 0
    while (wait := blinking.wait(now := step * TICK)) is not None:
        for at, on in [it for it in answers if it[0] <= now]:
            assert blinking.report(on, now)
            answers.remove((at, on))
        if wait == 0:
            on = blinking.next_command(now)
            if (after := delay(now)) is not None:
                changes.append((now + after, on))
                answers.append((now + after, on))
        step += 1
    assert step * TICK == pytest.approx(DURATION)
    return changes


@pytest.mark.rule("S-36")
@pytest.mark.parametrize("before", [False, True])
def test_prompt_board(before: bool) -> None:
    """The LED of a board that answers at once changes about ten times, beginning at once."""
    changes = run(Blinking(before, 0, certain=True), prompt)
    assert 8 <= len(changes) <= 10
    assert changes[0] == (0.02, not before)
    assert [on for _, on in changes[:4]] == [not before, before] * 2


@pytest.mark.rule("S-36")
@pytest.mark.parametrize("phase", [0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75])
def test_published_board(phase: float) -> None:
    """The LED of a published board changes at least four times, and each state can be seen."""
    changes = run(Blinking(False, 0, certain=True), deaf_from(phase))
    assert len(changes) >= 4
    times = [at for at, _ in changes]
    assert min(b - a for a, b in pairwise(times)) >= HOLD
    assert [on for _, on in changes] == [
        number % 2 == 0 for number in range(len(changes))
    ]


def test_lost_answers() -> None:
    """Without answers the LED still blinks, more slowly, and is not known to be restored."""
    blinking = Blinking(False, 0, certain=True)
    now, sent = 0.0, []
    while (wait := blinking.wait(now)) is not None:
        if wait == 0:
            sent.append((now, blinking.next_command(now)))
        else:
            now += wait
    assert sent == [(0, True), (ANSWER, False), (2 * ANSWER, True)]
    assert now == DURATION
    assert not blinking.is_answered
    assert not blinking.is_restored


@pytest.mark.rule("S-37")
def test_restored() -> None:
    """The LED is as before when that state was reported after it was commanded."""
    blinking = Blinking(True, 0, certain=True)
    assert blinking.is_restored
    assert blinking.next_command(0) is False
    assert blinking.report(False, 0.1)
    assert not blinking.is_restored
    assert blinking.next_command(0.6) is True
    assert not blinking.is_restored
    assert blinking.report(True, 0.7)
    assert blinking.is_restored
    # Repeated: it changes nothing.
    assert blinking.report(True, 1.0)
    assert blinking.wait(1.0) == pytest.approx(0.7 + HOLD - 1.0)


@pytest.mark.rule("S-38")
def test_somebody_else() -> None:
    """A state that was not commanded is somebody else's if every command was answered."""
    blinking = Blinking(False, 0, certain=True)
    blinking.next_command(0)
    # The state before the command: the board has not read it yet.
    assert blinking.report(False, 0.1)
    assert blinking.report(True, 0.2)
    assert not blinking.report(False, 0.3)


@pytest.mark.parametrize("certain", [False, True])
def test_late_answers(certain: bool) -> None:
    """After a lost answer, or with an earlier command under way, no report is somebody else's."""
    blinking = Blinking(False, 0, certain=certain)
    assert blinking.report(True, 0) is not certain
    blinking.next_command(0)
    blinking.next_command(ANSWER)
    assert blinking.report(True, ANSWER + 0.1)
    assert blinking.report(False, ANSWER + 0.2)
    assert blinking.report(True, ANSWER + 0.3)


def test_extended() -> None:
    """Another request lets the LED blink for the full time from then on."""
    blinking = Blinking(False, 0, certain=True)
    blinking.next_command(0)
    blinking.extend(4)
    assert blinking.wait(DURATION) == 0
    assert blinking.wait(4 + DURATION) is None
