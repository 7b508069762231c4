"""The rules of sessions."""

import pytest

from custom_components.esp32_sensors.boards import LIGHT, SESSION, Board, State
from custom_components.esp32_sensors.protocol import Credentials, Discarded, Join
from custom_components.esp32_sensors.sessions import Instant, Registry

MAC = "61:EC:ED:3B:25:B1"
NOW = Instant(1743946777.603371, 100.0)


def join(registry: Registry, mac: str = MAC, now: Instant = NOW) -> Board:
    """Have a board ask for a session on the shared topic."""
    return registry.join(Join(mac), None, now)


def credentials(board: Board) -> Credentials:
    """Return what a board sends along."""
    return Credentials(board.session.name, board.session.id)


@pytest.mark.rule("S-21")
def test_left_before_it_started() -> None:
    """A session that was left before it was started is not given out again."""
    registry = Registry()
    board = join(registry)
    first = credentials(board)
    registry.leave(first, None, NOW)
    assert board.session.state is State.OFFLINE
    assert board.last_seen is None
    join(registry)
    with pytest.raises(Discarded, match="other_session"):
        registry.start(first, None, NOW)


def test_left_twice() -> None:
    """A will that follows the goodbye changes nothing."""
    registry = Registry()
    board = join(registry)
    registry.start(credentials(board), None, NOW)
    told: list[int] = []
    board.listen(SESSION, told.append)
    registry.leave(credentials(board), None, Instant(NOW.utc + 1, 101))
    registry.leave(credentials(board), None, Instant(NOW.utc + 2, 102))
    assert told == [SESSION]
    assert board.last_seen == NOW.utc + 1


@pytest.mark.rule("S-12")
def test_assignment_that_waits() -> None:
    """The time for asking again counts from when the answer was sent."""
    registry = Registry()
    board = join(registry)
    first = board.session
    assert join(registry, now=Instant(NOW.utc, 1000)).session is first
    first.sent_at = 1000
    assert join(registry, now=Instant(NOW.utc, 1029)).session is first
    assert join(registry, now=Instant(NOW.utc, 1030)).session is not first


def test_listeners() -> None:
    """Who listens hears what it asked for, until it stops."""
    registry = Registry()
    board = join(registry)
    told: list[int] = []
    stop = board.listen(LIGHT, told.append)
    board.tell(SESSION)
    board.tell(SESSION | LIGHT)
    stop()
    board.tell(LIGHT)
    assert told == [SESSION | LIGHT]


@pytest.mark.rule("S-02")
def test_name_in_use() -> None:
    """A default name that is taken is passed over."""
    registry = Registry()
    first = join(registry)
    registry.rename(first, "capteur03")
    registry.rename(join(registry, "AA:00:00:00:00:02"), "x")
    assert join(registry, "AA:00:00:00:00:03").session.name == "capteur04"


def test_only_those_online_go_offline() -> None:
    """A lost connection says nothing about a session that was only assigned."""
    registry = Registry()
    board = join(registry)
    registry.set_all_offline()
    registry.pass_time(30, Instant(NOW.utc, 1000))
    assert board.session.state is State.ASSIGNED
    assert join(registry).session is board.session
