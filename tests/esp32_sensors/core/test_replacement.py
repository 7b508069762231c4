"""Replacement of boards: single rules, and events in any order."""

from contextlib import suppress
import json
from typing import Any, override

from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
import pytest

from custom_components.esp32_sensors.const import MOST_BOARDS
from custom_components.esp32_sensors.core import records
from custom_components.esp32_sensors.core.board_names import same_name_key
from custom_components.esp32_sensors.core.boards import SESSION, Board
from custom_components.esp32_sensors.core.clock import Instant
from custom_components.esp32_sensors.core.protocol import (
    Credentials,
    Discarded,
    Join,
    Reason,
)
from custom_components.esp32_sensors.core.readings import LED, LIGHT, READINGS_KEPT
from custom_components.esp32_sensors.core.replacement import (
    ReplacementRefused,
    candidates,
    replace,
)
from custom_components.esp32_sensors.core.session_server import SessionServer

MACS = [f"61:EC:ED:3B:25:B{n}" for n in range(5)]
OLD, NEW = MACS[:2]


class World:
    """A server, its clock, and the last session that each board was given."""

    def __init__(self) -> None:
        """Initialize without boards."""
        self.server = SessionServer(MOST_BOARDS)
        self.registry = self.server.registry
        self.time = 0.0
        self.given: dict[str, Credentials] = {}

    @property
    def now(self) -> Instant:
        """Return the time, and let some pass."""
        self.time += 1.0
        return Instant(1_743_946_777.0 + self.time, 1000.0 + self.time)

    def join(self, mac: str, own: str | None = None) -> Board:
        """Let a board join; it has its answer."""
        board = self.server.join(Join(mac), own, self.now)
        self.given[mac] = Credentials(board.session.name, board.session.id)
        return board

    def start(self, mac: str) -> Board:
        """Let a board start its session."""
        self.server.start(self.given[mac], None, self.now)
        return self.registry.boards[mac]

    def light(self, mac: str, value: int) -> None:
        """Let a board report light in its session."""
        self.server.report(LIGHT, (*self.given[mac], value), None, self.now)


def light(board: Board) -> list[int]:
    """Return the light that is known of a board, oldest first."""
    return [value for _, value in board.readings[LIGHT.index]]


@pytest.mark.rule("S-73", "S-74")
def test_by_a_board_that_has_joined() -> None:
    """It goes on in its session, and has the name from its next session on."""
    world = World()
    board = world.join(OLD)
    world.start(OLD)
    world.light(OLD, 1)
    other = world.join(NEW)
    world.start(NEW)
    world.light(NEW, 2)
    world.server.report(LED, (*world.given[NEW], 1), None, world.now)
    joined, seen = board.joined_at, other.last_seen
    changes: list[int] = []
    board.listen(SESSION, changes.append)
    assert candidates(world.registry, board) == [NEW]
    assert replace(world.server, board, NEW, world.now) is other
    assert world.registry.boards == {NEW: board}
    assert changes == [SESSION]
    assert (board.mac, board.joined_at, board.last_seen) == (NEW, joined, seen)
    assert (light(board), board.value(LIGHT), board.led) == ([1, 2], 2, True)
    assert (board.session.name, board.next_name) == ("capteur02", "capteur01")
    assert board.online
    assert not other.online
    world.light(NEW, 3)
    assert light(board) == [1, 2, 3]
    assert world.join(NEW).session.name == "capteur01"
    # The name of its first session is free again.
    assert world.registry.is_free("capteur02", "")


@pytest.mark.rule("S-73", "S-74")
def test_by_a_board_that_waits() -> None:
    """It gets a session with the name at once, in its own way of writing and joining."""
    world = World()
    board = world.join(OLD)
    world.registry.admission.mode = world.registry.admission.mode.APPROVAL
    with pytest.raises(Discarded):
        world.join(NEW.lower(), NEW.lower())
    world.registry.rename(board, "Hall")
    before = board.session
    assert candidates(world.registry, board) == [NEW]
    assert replace(world.server, board, NEW, world.now) is None
    assert not world.registry.admission.waiting
    assert (board.address, board.directed) == (NEW.lower(), True)
    assert (board.session.name, board.past_sessions) == ("Hall", ())
    assert board.session.id > before.id


def test_refused() -> None:
    """Not by itself, by nobody, or by a board that has joined before."""
    world = World()
    board, other = world.join(OLD), world.join(NEW)
    for one, mac, reason in (
        (board, OLD, "replaced_by_itself"),
        (board, MACS[2], "not_waiting"),
        (other, OLD, "replaced_by_older"),
    ):
        with pytest.raises(ReplacementRefused) as refused:
            replace(world.server, one, mac, world.now)
        assert refused.value.reason == reason
    assert not [*world.registry.retired]


@pytest.mark.rule("S-75", "S-76")
def test_the_old_board_comes_back() -> None:
    """It changes nothing and is shown, but not for a late leave; it can be let in."""
    world = World()
    board = world.join(OLD)
    world.start(OLD)
    world.join(NEW)
    world.start(NEW)
    replace(world.server, board, NEW, world.now)
    world.join(NEW)
    world.start(NEW)
    with pytest.raises(Discarded) as discarded:
        world.server.leave(world.given[OLD], None, world.now)
    assert discarded.value.reason is Reason.OTHER_SESSION
    assert not world.registry.retired.heard
    for said in (lambda: world.light(OLD, 1), lambda: world.join(OLD)):
        with pytest.raises(Discarded) as discarded:
            said()
        assert discarded.value.reason is Reason.RETIRED
        assert world.registry.retired.heard
        world.server.pass_time(0, Instant(0.0, world.time + 1600.0))
        assert not world.registry.retired.heard
    assert board.online
    assert not world.server.problems.unknown_sessions.active
    again = world.server.accept(OLD, world.now)
    assert again is not None
    assert again.session.name == "capteur03"
    assert world.server.accept(OLD, world.now) is None
    # It may have its place back.
    assert replace(world.server, board, OLD, world.now) is again
    assert board.mac == OLD


@pytest.mark.rule("S-76")
def test_the_new_board_is_removed() -> None:
    """The one that it has replaced is new when it joins."""
    world = World()
    board = world.join(OLD)
    world.join(NEW)
    replace(world.server, board, NEW, world.now)
    world.server.forget(board)
    assert world.join(OLD).session.name == "capteur03"


def test_values_were_not_stored() -> None:
    """After a crash the last values are still those of the replaced board's MAC."""
    world = World()
    board = world.join(OLD)
    world.start(OLD)
    world.light(OLD, 1)
    values = records.values_as_dict(world.registry)
    world.join(NEW)
    replace(world.server, board, NEW, world.now)
    for known in values, {}:
        registry = SessionServer(MOST_BOARDS).registry
        records.restore(registry, records.sessions_as_dict(world.registry), known, {})
        restored = registry.boards[NEW]
        assert light(restored) == ([1] if known else [])
        assert [*registry.retired] == [*world.registry.retired]
        assert restored.last_seen == (values[OLD]["last_seen"] if known else None)
    # Values that were seen later stay.
    known = values | {
        NEW: values[OLD] | {"last_seen": 1.0, "light_readings": [[2.0, 2]]}
    }
    registry = SessionServer(MOST_BOARDS).registry
    records.restore(registry, records.sessions_as_dict(world.registry), known, {})
    assert light(registry.boards[NEW]) == [2, 1]
    assert registry.boards[NEW].last_seen == 1.0


class Replacements(RuleBasedStateMachine):
    """Boards that join, report, are replaced, return, and a server that is killed."""

    def __init__(self) -> None:
        """Initialize without boards."""
        super().__init__()
        self.world = World()
        self.light = 0
        self.places: dict[str, list[tuple[int, int]]] = {}
        """What was reported in each place, with its number, by the MAC that has it."""
        self.sessions: list[tuple[str, Credentials]] = []
        self.stored: dict[str, Any] = {}
        self.values: dict[str, Any] = {}

    @property
    def boards(self) -> dict[str, Board]:
        """Return the boards of the server."""
        return self.world.registry.boards

    def store(self) -> None:
        """Write the sessions to the disk, as is done before an answer."""
        self.stored = json.loads(
            json.dumps(records.sessions_as_dict(self.world.registry))
        )

    @rule(mac=st.sampled_from(MACS))
    def join(self, mac: str) -> None:
        """Let a board ask for a session: it is answered, unless it is retired."""
        retired = self.world.registry.retired.get(mac) is not None
        with suppress(Discarded):
            self.world.join(mac)
            self.places.setdefault(mac, [])
            self.sessions.append((mac, self.world.given[mac]))
            self.store()
        assert (mac in self.boards) is not retired

    @precondition(lambda self: self.sessions)
    @rule(data=st.data(), leave=st.booleans())
    def report(self, data: st.DataObject, leave: bool) -> None:
        """Let a board report or leave in any session that it ever had."""
        mac, who = data.draw(st.sampled_from(self.sessions))
        self.light += 1
        value = self.light % 101  # Fewer than 101 are reported.
        before = {
            mac: [*board.readings[LIGHT.index]] for mac, board in self.boards.items()
        }
        try:
            if leave:
                self.world.server.leave(who, None, self.world.now)
                return
            self.world.server.report(LIGHT, (*who, value), None, self.world.now)
        except Discarded:
            after = {
                mac: [*board.readings[LIGHT.index]]
                for mac, board in self.boards.items()
            }
            assert before == after
            return
        # Nobody but the board that has this place now is listened to.
        assert self.boards[mac].session.id == who.session_id
        self.places[mac].append((self.light, value))

    @precondition(lambda self: len(self.boards) > 1)
    @rule(data=st.data())
    def replace(self, data: st.DataObject) -> None:
        """Let one board take the place of another."""
        mac = data.draw(st.sampled_from([*self.boards]))
        board = self.boards[mac]
        by = data.draw(st.sampled_from(MACS))
        name = board.name_to_come
        others = [
            (one, one.session) for one in self.boards.values() if one is not board
        ]
        try:
            other = replace(self.world.server, board, by, self.world.now)
        except ReplacementRefused:
            assert by not in candidates(self.world.registry, board)
            return
        assert other is not None
        assert (self.boards[by], board.name_to_come) == (board, name)
        for one, session in others:
            assert one is other or (self.boards[one.mac], one.session) == (one, session)
        self.places[by] = sorted(self.places.pop(mac) + self.places.pop(by))
        self.store()

    @precondition(lambda self: any(self.world.registry.retired))
    @rule(data=st.data())
    def let_in(self, data: st.DataObject) -> None:
        """Let a retired board in again."""
        retired = data.draw(st.sampled_from([*self.world.registry.retired]))
        board = self.world.server.accept(retired.address.upper(), self.world.now)
        assert board is not None
        self.places[board.mac] = []
        self.store()
        self.write_values()

    @precondition(lambda self: self.boards)
    @rule(data=st.data())
    def forget(self, data: st.DataObject) -> None:
        """Remove a board."""
        mac = data.draw(st.sampled_from([*self.boards]))
        self.world.server.forget(self.boards[mac])
        del self.places[mac]
        self.store()
        self.write_values()

    @rule()
    def write_values(self) -> None:
        """Write the values to the disk."""
        self.values = json.loads(
            json.dumps(records.values_as_dict(self.world.registry))
        )

    @precondition(lambda self: self.stored)
    @rule()
    def kill(self) -> None:
        """Kill the server: sessions are on the disk, values may be older."""
        before = {mac: board.name_to_come for mac, board in self.boards.items()}
        retired = [*self.world.registry.retired]
        server = SessionServer(MOST_BOARDS)
        records.restore(server.registry, self.stored, self.values, {})
        self.world.server, self.world.registry = server, server.registry
        assert {mac: board.name_to_come for mac, board in self.boards.items()} == before
        assert [*server.registry.retired] == retired
        for mac, board in self.boards.items():
            known = [value for _, value in board.readings[LIGHT.index]]
            reported = [one for one in self.places[mac] if one[1] in known]
            assert [value for _, value in reported] == known
            self.places[mac] = reported

    @invariant()
    def no_name_twice(self) -> None:
        """No name, current or next, and no session has two boards."""
        names = [
            same_name_key(name)
            for board in self.boards.values()
            for name in {board.session.name, board.name_to_come}
        ]
        assert len(names) == len(set(names))
        ids = [board.session.id for board in self.boards.values()]
        assert len(ids) == len(set(ids))
        for mac, board in self.boards.items():
            assert board.mac == mac
            assert self.world.registry.find(board.session.name) is board

    @invariant()
    def history_is_continuous(self) -> None:
        """Each place has what was reported in it, whoever had it."""
        assert self.boards.keys() == self.places.keys()
        for mac, board in self.boards.items():
            known = [value for _, value in board.readings[LIGHT.index]]
            reported = self.places[mac][-READINGS_KEPT:]
            assert known == [value for _, value in reported]

    @invariant()
    def retired_boards_are_gone(self) -> None:
        """Check that no retired board is in the network, and that its successor is."""
        for retired in self.world.registry.retired:
            assert retired.address.upper() not in self.boards
            assert retired.replaced_by in self.boards

    @override
    def teardown(self) -> None:
        """Let every board join: it is in the network, or retired."""
        for mac in MACS:
            self.join(mac)
        self.no_name_twice()


TestReplacements = pytest.mark.rule("S-73", "S-75", "S-76")(Replacements.TestCase)
TestReplacements.settings = settings(
    max_examples=150, stateful_step_count=40, deadline=None
)
