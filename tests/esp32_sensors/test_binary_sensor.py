"""Tests of the binary sensors of boards."""

from .conftest import FakeBoard


async def test_button(online: FakeBoard) -> None:
    """The button is on while it is pushed, and unavailable while the board is offline."""
    key = "binary_sensor", "button"
    assert online.state(*key) == "off"
    await online.button(1)
    assert online.state(*key) == "on"
    await online.button(0)
    assert online.state(*key) == "off"
    await online.leave()
    assert online.state(*key) == "unavailable"


async def test_connectivity(board: FakeBoard) -> None:
    """The connectivity is known also when a board is offline."""
    key = "binary_sensor", "connectivity"
    await board.join()
    assert board.state(*key) == "off"
    await board.start()
    assert board.state(*key) == "on"
    await board.leave()
    assert board.state(*key) == "off"
