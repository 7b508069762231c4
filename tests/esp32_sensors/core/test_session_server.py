"""Tests of the rules of the session protocol."""

import pytest

from custom_components.esp32_sensors.const import MOST_BOARDS
from custom_components.esp32_sensors.core.boards import SESSION, Board, State
from custom_components.esp32_sensors.core.clock import Instant
from custom_components.esp32_sensors.core.protocol import Credentials, Discarded, Join
from custom_components.esp32_sensors.core.readings import (
    BUTTON,
    LED,
    LIGHT,
    ReadingKind,
)
from custom_components.esp32_sensors.core.session_server import SessionServer

MAC = "61:EC:ED:3B:25:B1"
NOW = Instant(1743946777.603371, 100.0)


def join(server: SessionServer, mac: str = MAC, now: Instant = NOW) -> Board:
    """Let a board join on the shared topic."""
    return server.join(Join(mac), None, now)


def credentials(board: Board) -> Credentials:
    """Return the credentials of a board."""
    return Credentials(board.session.name, board.session.id)


@pytest.mark.rule("S-21")
def test_leave_before_the_start() -> None:
    """A session that ended before its start is not assigned again."""
    server = SessionServer(MOST_BOARDS)
    board = join(server)
    first = credentials(board)
    server.leave(first, None, NOW)
    assert board.session.state is State.OFFLINE
    assert board.last_seen is None
    join(server)
    with pytest.raises(Discarded, match="other_session"):
        server.start(first, None, NOW)


def test_leave_twice() -> None:
    """A will after a leave message changes nothing."""
    server = SessionServer(MOST_BOARDS)
    board = join(server)
    server.start(credentials(board), None, NOW)
    changes: list[int] = []
    board.listen(SESSION, changes.append)
    server.leave(credentials(board), None, Instant(NOW.utc + 1, 101))
    server.leave(credentials(board), None, Instant(NOW.utc + 2, 102))
    assert changes == [SESSION]
    assert board.last_seen == NOW.utc + 1


@pytest.mark.rule("S-12")
def test_assignment_that_waits() -> None:
    """The time for a repeated assignment starts when it was first sent."""
    server = SessionServer(MOST_BOARDS)
    board = join(server)
    first = board.session
    assert join(server, now=Instant(NOW.utc, 1000)).session is first
    first.sent_at = 1000
    assert join(server, now=Instant(NOW.utc, 1029)).session is first
    assert join(server, now=Instant(NOW.utc, 1030)).session is not first


def test_listeners() -> None:
    """A listener is called for its aspects until it unsubscribes."""
    server = SessionServer(MOST_BOARDS)
    board = join(server)
    changes: list[int] = []
    stop = board.listen(LIGHT.aspect, changes.append)
    board.notify_listeners(SESSION)
    board.notify_listeners(SESSION | LIGHT.aspect)
    stop()
    board.notify_listeners(LIGHT.aspect)
    assert changes == [SESSION | LIGHT.aspect]


@pytest.mark.rule("S-02")
def test_name_in_use() -> None:
    """A default name that is taken is skipped."""
    server = SessionServer(MOST_BOARDS)
    first = join(server)
    server.registry.rename(first, "capteur03")
    server.registry.rename(join(server, "AA:00:00:00:00:02"), "x")
    assert join(server, "AA:00:00:00:00:03").session.name == "capteur04"


def test_only_those_online_go_offline() -> None:
    """A lost connection does not change a session that was only assigned."""
    server = SessionServer(MOST_BOARDS)
    board = join(server)
    server.set_all_offline()
    server.pass_time(30, Instant(NOW.utc, 1000))
    assert board.session.state is State.ASSIGNED
    assert join(server).session is board.session


def test_silence_limit_is_excluded() -> None:
    """A board is online for as long as the limit, and offline after it; 0 is no limit."""
    server = SessionServer(MOST_BOARDS)
    board = join(server)
    server.start(credentials(board), None, NOW)
    server.pass_time(30, Instant(NOW.utc, NOW.monotonic + 30))
    assert board.online
    server.pass_time(0, Instant(NOW.utc, NOW.monotonic + 1000))
    assert board.online
    server.pass_time(30, Instant(NOW.utc, NOW.monotonic + 30.1))
    assert not board.online


@pytest.mark.rule("S-32")
def test_report_before_the_start() -> None:
    """A report in the assigned session proves that it was started."""
    server = SessionServer(MOST_BOARDS)
    board = join(server)
    changes: list[int] = []
    board.listen(SESSION | LIGHT.aspect, changes.append)
    server.report(LIGHT, (*credentials(board), 58), None, NOW)
    assert (board.online, board.value(LIGHT)) == (True, 58)
    assert board.session.started_at == NOW.utc
    assert changes == [SESSION | LIGHT.aspect]


@pytest.mark.rule("S-31")
def test_initial_value_before_the_first_push() -> None:
    """Listeners see a released button before the push that brings a board back."""
    server = SessionServer(MOST_BOARDS)
    board = join(server)
    seen: list[tuple[int, int | None]] = []
    board.listen(
        SESSION | BUTTON.aspect,
        lambda changed: seen.append((changed, board.value(BUTTON))),
    )
    server.report(BUTTON, (*credentials(board), 1), None, NOW)
    assert seen == [(SESSION, False), (BUTTON.aspect, True)]


@pytest.mark.parametrize(
    ("kind", "unrepeated"), [(LED, True), (BUTTON, True), (LIGHT, False)]
)
def test_what_is_to_be_stored(kind: ReadingKind, unrepeated: bool) -> None:
    """Readings that boards do not repeat are stored sooner."""
    server = SessionServer(MOST_BOARDS)
    board = join(server)
    server.start(credentials(board), None, NOW)
    registry = server.registry
    assert registry.unrepeated_changed
    registry.values_changed = registry.unrepeated_changed = False
    server.report(kind, (*credentials(board), 1), None, NOW)
    assert (registry.values_changed, registry.unrepeated_changed) == (True, unrepeated)


def test_report_of_the_led_confirms_commands() -> None:
    """Only a report of the LED ends the uncertainty after an unconfirmed command."""
    server = SessionServer(MOST_BOARDS)
    board = join(server)
    board.led_unconfirmed, board.unconfirmed_since = True, 1.0
    server.report(LIGHT, (*credentials(board), 1), None, NOW)
    assert (board.led_unconfirmed, board.unconfirmed_since) == (True, 1.0)
    server.report(LED, (*credentials(board), 1), None, NOW)
    assert (board.led_unconfirmed, board.unconfirmed_since) == (False, None)


@pytest.mark.rule("S-63", "S-64")
def test_message_of_an_unknown_name() -> None:
    """Messages with a name that no board has are evidence of an unknown session."""
    server = SessionServer(MOST_BOARDS)
    who = Credentials("capteur07", "1743946777.603371")
    for seconds in (0, 5, 10):
        with pytest.raises(Discarded):
            server.start(who, None, Instant(NOW.utc + seconds, NOW.monotonic + seconds))
    assert server.problems.unknown_sessions.active == ["capteur07"]


def test_forget_contested_board() -> None:
    """Nothing is left of the problems of a board that was removed."""
    server = SessionServer(MOST_BOARDS)
    board = join(server)
    server.problems.conflicts.contested[MAC] = 1000.0
    server.problems.joined_on_shared_topic(MAC, 100.0)
    server.forget(board)
    assert server.problems.conflicts.contested == {}
    assert not server.allow_shared(MAC)
    assert join(server) is not board


def test_reports_of_a_periodic_kind_notify_its_listeners() -> None:
    """Listeners of light are called for each report, until they unsubscribe."""
    server = SessionServer(MOST_BOARDS)
    board = join(server)
    server.start(credentials(board), None, NOW)
    changes: list[int] = []
    unsubscribe = board.listen(LIGHT.aspect, changes.append)
    board.listen(LED.aspect | BUTTON.aspect, changes.append)
    for _ in range(2):
        server.report(LIGHT, (*credentials(board), 58), None, NOW)
    server.report(LED, (*credentials(board), 1), None, NOW)
    unsubscribe()
    server.report(LIGHT, (*credentials(board), 58), None, NOW)
    assert changes == [LIGHT.aspect, LIGHT.aspect, LED.aspect]
