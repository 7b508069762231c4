"""Boards that were replaced."""

import pytest

from custom_components.esp32_sensors.core import retired as module
from custom_components.esp32_sensors.core.admission import Applicant
from custom_components.esp32_sensors.core.retired import Retired, RetiredBoards

A, B, C = (f"61:EC:ED:3B:25:B{n}" for n in range(3))


def retired(mac: str, by: str) -> Retired:
    """Return a retired board."""
    return Retired(mac.lower(), False, f"name {mac[-1]}", f"17439467{mac[-1]}", by)


def test_chain() -> None:
    """A board that replaced another one is replaced: both have one successor."""
    boards = RetiredBoards()
    boards.retire(retired(A, B))
    boards.retire(retired(B, C))
    assert [one.replaced_by for one in boards] == [C, C]
    boards.forget_replaced_by(A)
    assert len([*boards]) == 2
    boards.forget_replaced_by(C)
    assert not [*boards]
    assert boards.remove(A) is None


@pytest.mark.rule("S-75")
def test_returned() -> None:
    """A join and a message in the last session are those of a retired board."""
    boards = RetiredBoards()
    boards.retire(retired(A, B))
    assert not boards.joined(B, Applicant(B, False, 1.0))
    assert not boards.session_received("name 0", "other", 1.0)
    assert not boards.heard
    assert boards.session_received("name 0", "174394670", 1.0)
    boards.pass_time(600.9)
    assert [one.address for one in boards.heard] == [A.lower()]
    assert boards.joined(A, Applicant(A, True, 100.0))
    assert boards.get(A) == retired(A, B)._replace(address=A, directed=True)
    boards.pass_time(699.9)
    assert boards.heard
    boards.pass_time(700.0)
    assert not boards.heard


def test_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest makes room for a new one."""
    monkeypatch.setattr(module, "MOST", 2)
    boards = RetiredBoards()
    for mac in A, B, C:
        boards.retire(retired(mac, "61:EC:ED:3B:25:BF"))
    assert [one.address.upper() for one in boards] == [B, C]
    assert not boards.session_received("name 0", "174394670", 1.0)
