"""Tests of the admission of new boards."""

import pytest

from custom_components.esp32_sensors.core.admission import (
    REPLACEABLE_AFTER,
    WAITING_AT_MOST,
    Admission,
    Applicant,
    Mode,
)
from custom_components.esp32_sensors.core.protocol import Discarded

MAC = "61:EC:ED:3B:25:B1"


def ask(admission: Admission, mac: str = MAC, monotonic: float = 0.0) -> str | None:
    """Join; return the reason when the board is not admitted."""
    try:
        admission.ask(mac, Applicant(mac, False, monotonic))
    except Discarded as discarded:
        return discarded.reason
    return None


def admission_in(mode: Mode) -> Admission:
    """Return an admission in a mode."""
    admission = Admission()
    admission.mode = mode
    return admission


@pytest.mark.parametrize(
    ("mode", "reason", "waits"),
    [
        (Mode.OPEN, None, False),
        (Mode.APPROVAL, "not_admitted", True),
        (Mode.CLOSED, "not_admitted", False),
    ],
)
def test_modes(mode: Mode, reason: str | None, waits: bool) -> None:
    """New boards are admitted, wait, or are neither."""
    admission = admission_in(mode)
    assert ask(admission) == reason
    assert list(admission.waiting) == ([MAC] if waits else [])
    assert admission.knows(MAC) is waits


@pytest.mark.parametrize("mode", Mode)
def test_open_until(mode: Mode) -> None:
    """Joining may be permitted in any mode, up to a time that is excluded."""
    admission = admission_in(mode)
    admission.open_until = 10.0
    assert ask(admission, monotonic=9.9) is None
    assert (ask(admission, monotonic=10.0) is None) is (mode is Mode.OPEN)


def test_refused() -> None:
    """A refused board stays out in any mode, until it is accepted."""
    admission = admission_in(Mode.APPROVAL)
    assert not admission.refuse(MAC)
    ask(admission)
    assert admission.refuse(MAC)
    admission.mode = Mode.OPEN
    assert ask(admission) == "refused"
    assert admission.waiting == {}
    assert admission.accept(MAC).address == MAC
    assert ask(admission) is None


def test_accept_unknown() -> None:
    """Only boards that wait or were refused can be accepted."""
    with pytest.raises(KeyError):
        Admission().accept(MAC)


def test_largest_number_of_waiting_boards() -> None:
    """20 boards wait; another one replaces the oldest that has not joined for 60 s."""
    assert (WAITING_AT_MOST, REPLACEABLE_AFTER) == (20, 60)
    admission = admission_in(Mode.APPROVAL)
    for number in range(WAITING_AT_MOST):
        ask(admission, f"{number}", monotonic=number / 10)
    assert len(admission.waiting) == WAITING_AT_MOST
    ask(admission, "new", monotonic=REPLACEABLE_AFTER - 0.1)
    assert "new" not in admission.waiting
    ask(admission, "new", monotonic=REPLACEABLE_AFTER)
    assert len(admission.waiting) == WAITING_AT_MOST
    assert "0" not in admission.waiting
    # A board that waits may join again also when the number is reached.
    ask(admission, "1", monotonic=REPLACEABLE_AFTER)
    assert list(admission.waiting)[-2:] == ["new", "1"]
