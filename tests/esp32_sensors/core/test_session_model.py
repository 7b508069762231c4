"""Stateful test of the session rules with events in any order.

A few boards behave as boards in the field do, over a network that loses, duplicates and
delays messages, with a server that is restarted, or killed before everything is on its
disk. An attacker repeats earlier messages. In any order: no stale message changes
anything, no name has two boards, ids only increase, and after every board has reported
its state the server has the same state.
"""

from collections.abc import Callable
from contextlib import suppress
import json
from typing import Any, override

from hypothesis import settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
import pytest

from custom_components.esp32_sensors.const import MOST_BOARDS
from custom_components.esp32_sensors.core import protocol, records
from custom_components.esp32_sensors.core.board_names import NameRefused
from custom_components.esp32_sensors.core.boards import Board
from custom_components.esp32_sensors.core.clock import Instant
from custom_components.esp32_sensors.core.protocol import Discarded, Join
from custom_components.esp32_sensors.core.readings import BUTTON, KINDS, LED, LIGHT
from custom_components.esp32_sensors.core.session_server import (
    REPEAT_ASSIGNMENT,
    SessionServer,
)

MACS = [f"61:EC:ED:3B:25:B{n}" for n in range(3)]
OWN_TOPICS = MACS[-1]
"""The board with directed topics; the others use the shared ones."""
SILENCE_LIMIT = 30.0

boards = st.sampled_from(MACS)
fates = st.sampled_from(["is lost", "arrives", "arrives twice"])


class FieldBoard:
    """The true state of a board."""

    def __init__(self) -> None:
        """Initialize as switched off."""
        self.credentials = ""
        self.assigned_at = 0.0
        """When the assignment was first published."""
        self.hopeless = False
        """Whether it may have missed a newer assignment."""
        self.started = False
        self.running = False
        self.led = 0
        self.button = 0
        self.light = 50


class Sessions(RuleBasedStateMachine):
    """Boards, a network in between, and the session server."""

    def __init__(self) -> None:
        """Initialize without boards."""
        super().__init__()
        self.utc = 1743946777.0
        self.monotonic = 1000.0
        self.server = SessionServer(MOST_BOARDS)
        self.registry = self.server.registry
        self.field = {mac: FieldBoard() for mac in MACS}
        self.past: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.written = self.on_disk()
        self.values: dict[str, Any] = {}
        self.leds: dict[str, Any] = {}

    # The server

    @property
    def now(self) -> Instant:
        """Return the current time."""
        return Instant(self.utc, self.monotonic)

    def on_disk(self) -> dict[str, Any]:
        """Return the stored sessions after a round trip through JSON."""
        written: dict[str, Any] = json.loads(
            json.dumps(records.sessions_as_dict(self.registry))
        )
        return written

    def everything(self) -> dict[str, Any]:
        """Return all data of the server except times."""
        values = records.values_as_dict(self.registry)
        online = {mac: board.online for mac, board in self.registry.boards.items()}
        return {"sessions": self.on_disk(), "values": values, "online": online}

    def receive(self, topic: str, payload: str, own: str | None = None) -> None:
        """Deliver a message on a shared or a directed topic."""
        server, data = self.server, payload.encode()
        if topic == protocol.JOIN:
            said = protocol.parse_join(data)
            if isinstance(said, Join):
                self.assign(server.join(said, own, self.now))
            else:
                server.start(said, own, self.now)
        elif topic == protocol.LEAVE:
            server.leave(protocol.parse_leave(data), own, self.now)
        else:
            (kind,) = [kind for kind in KINDS if kind.topic == topic]
            report = protocol.parse_report(kind.largest, data)
            server.report(kind, report, own, self.now)

    def assign(self, board: Board) -> None:
        """Store the assignment, then deliver it if the board listens."""
        self.written = self.on_disk()
        session = board.session
        if session.sent_at is None:
            session.sent_at = self.monotonic
            assert session.id not in self.ids
            self.ids.append(session.id)
        if self.listening:
            one = self.field[board.mac]
            one.credentials = f"{session.name};{session.id}"
            one.assigned_at = session.sent_at
            one.hopeless = False

    listening = True

    # Events

    def publish(
        self, mac: str, topic: str, payload: str, fate: str = "arrives"
    ) -> None:
        """Publish a message of a board over an unreliable network."""
        self.past.append((topic, payload))
        own = mac if mac == OWN_TOPICS else None
        for _ in range({"is lost": 0, "arrives": 1, "arrives twice": 2}[fate]):
            with suppress(Discarded):
                self.receive(topic, payload, own)

    def some(self, data: st.DataObject, which: Callable[[FieldBoard], bool]) -> str:
        """Choose one of the boards that match."""
        macs = [mac for mac, one in self.field.items() if which(one)]
        return data.draw(st.sampled_from(macs))

    def any(self, which: Callable[[FieldBoard], bool]) -> bool:
        """Return whether a board matches."""
        return any(which(one) for one in self.field.values())

    @initialize(macs=st.sets(boards))
    def come_up(self, macs: set[str]) -> None:
        """Start with some boards that are online."""
        for mac in sorted(macs):
            self.asks(mac, "arrives", listening=True)
            one = self.field[mac]
            one.started = one.running = True
            self.publish(mac, protocol.JOIN, one.credentials)

    @rule(
        mac=boards,
        asks=st.lists(st.tuples(fates, st.booleans()), min_size=1, max_size=3),
    )
    def switches_on(self, mac: str, asks: list[tuple[str, bool]]) -> None:
        """Switch a board on: it joins, and may miss the answers."""
        self.field[mac] = FieldBoard()
        for fate, listening in asks:
            self.asks(mac, fate, listening)

    @precondition(lambda self: self.any(lambda one: not one.started))
    @rule(data=st.data(), fate=fates, listening=st.booleans())
    def asks_again(self, data: st.DataObject, fate: str, listening: bool) -> None:
        """Let a board that has not started its session join again."""
        mac = self.some(data, lambda one: not one.started)
        one = self.field[mac]
        if self.monotonic - one.assigned_at >= REPEAT_ASSIGNMENT:
            one.hopeless = True
        self.asks(mac, fate, listening)

    def asks(self, mac: str, fate: str, listening: bool) -> None:
        """Let a board join; the answer may be lost."""
        self.listening = listening
        self.publish(mac, protocol.JOIN, mac, fate)

    @precondition(lambda self: self.any(lambda one: one.credentials != ""))
    @rule(data=st.data(), fate=fates)
    def starts(self, data: st.DataObject, fate: str) -> None:
        """Let a board start or continue its session."""
        mac = self.some(data, lambda one: one.credentials != "")
        one = self.field[mac]
        one.started = one.running = True
        self.publish(mac, protocol.JOIN, one.credentials, fate)

    @precondition(lambda self: self.any(lambda one: one.running))
    @rule(
        data=st.data(),
        topic=st.sampled_from([LED.topic, BUTTON.topic, LIGHT.topic]),
        fate=fates,
        value=st.integers(0, 1),
    )
    def reports(self, data: st.DataObject, topic: str, fate: str, value: int) -> None:
        """Let a board report a reading."""
        mac = self.some(data, lambda one: one.running)
        one = self.field[mac]
        if topic == LED.topic:
            one.led = value
        elif topic == BUTTON.topic:
            one.button = value
        else:
            one.light = value
        self.publish(mac, topic, f"{one.credentials};{value}", fate)

    @precondition(lambda self: self.any(lambda one: one.running))
    @rule(data=st.data(), fate=fates)
    def leaves(self, data: st.DataObject, fate: str) -> None:
        """Let a board leave, or lose its connection so that the will is sent."""
        mac = self.some(data, lambda one: one.running)
        one = self.field[mac]
        one.running = False
        self.publish(mac, protocol.LEAVE, one.credentials, fate)

    @precondition(lambda self: self.past)
    @rule(data=st.data())
    def repeats(self, data: st.DataObject) -> None:
        """Repeat an old message, which must change nothing."""
        topic, payload = data.draw(st.sampled_from(self.past))
        current = {
            f"{board.session.name};{board.session.id}"
            for board in self.registry.boards.values()
        }
        if ";" not in payload or ";".join(payload.split(";")[:2]) in current:
            return
        self.is_discarded(topic, payload)

    @precondition(lambda self: OWN_TOPICS in self.registry.boards)
    @rule(data=st.data())
    def attacks_on_shared_topics(self, data: st.DataObject) -> None:
        """Send messages of the board with directed topics on the shared ones."""
        session = self.registry.boards[OWN_TOPICS].session
        credentials = f"{session.name};{session.id}"
        topic, payload = data.draw(
            st.sampled_from(
                [
                    (protocol.JOIN, OWN_TOPICS),
                    (protocol.JOIN, credentials),
                    (protocol.LEAVE, credentials),
                    (LED.topic, f"{credentials};1"),
                ]
            )
        )
        self.is_discarded(topic, payload)

    def is_discarded(self, topic: str, payload: str) -> None:
        """Deliver a message that must be discarded and change nothing."""
        before = self.everything()
        with pytest.raises(Discarded):
            self.receive(topic, payload)
        assert self.everything() == before

    @rule(mac=boards, name=st.sampled_from(["LeBron", "54", "capteur02", "a;b"]))
    def renames(self, mac: str, name: str) -> None:
        """Give a board another name."""
        if (board := self.registry.boards.get(mac)) is not None:
            with suppress(NameRefused):
                self.registry.rename(board, name)
            self.written = self.on_disk()

    @rule(mac=boards)
    def forgets(self, mac: str) -> None:
        """Delete a board."""
        if (board := self.registry.boards.get(mac)) is not None:
            self.server.forget(board)
            self.field[mac].hopeless = True
            self.written = self.on_disk()

    @rule()
    def saves(self) -> None:
        """Store the values."""
        self.values = json.loads(json.dumps(records.values_as_dict(self.registry)))
        for board in self.registry.boards.values():
            if not board.led_uncertain:
                board.led_target = None
        self.leds = json.loads(json.dumps(records.leds_as_dict(self.registry)))

    @precondition(lambda self: self.any(lambda one: one.running))
    @rule(data=st.data(), on=st.booleans(), fate=fates)
    def switches(self, data: st.DataObject, on: bool, fate: str) -> None:
        """Switch an LED: stored first, then sent; the report may be lost."""
        mac = self.some(data, lambda one: one.running)
        one, board = self.field[mac], self.registry.boards.get(mac)
        if board is None or not board.online or not self.has_current(mac):
            return
        board.led_target = on
        self.leds = json.loads(json.dumps(records.leds_as_dict(self.registry)))
        if one.led != on:
            one.led = int(on)
            self.publish(mac, LED.topic, f"{one.credentials};{one.led}", fate)
        if board.led is not on:
            # The time for the confirmation has passed.
            board.led_unconfirmed, board.led_target = True, None

    def has_current(self, mac: str) -> bool:
        """Return whether a board has the session that the server has for it."""
        session = self.registry.boards[mac].session
        return self.field[mac].credentials == f"{session.name};{session.id}"

    @rule()
    def is_killed(self) -> None:
        """Restart the server with the data on its disk."""
        for one in self.field.values():
            one.hopeless |= not one.started
        self.server = SessionServer(MOST_BOARDS)
        self.registry = self.server.registry
        records.restore(self.registry, self.written, self.values, self.leds)
        assert not any(board.online for board in self.registry.boards.values())
        for mac, board in self.registry.boards.items():
            one, reported = self.field[mac], self.leds.get(mac)
            if reported and reported["session_id"] == board.session.id and one.running:
                # A command before the kill still counts when the board sends again.
                self.publish(mac, LIGHT.topic, f"{one.credentials};{one.light}")
                assert board.led_uncertain
                assert board.led_expected is reported["on"]

    @rule()
    def loses_connection(self) -> None:
        """Disconnect the server from its broker."""
        self.server.set_all_offline()

    @rule(seconds=st.sampled_from([1.0, 5.0, 31.0]), clock=st.sampled_from([1, -1e9]))
    def waits(self, seconds: float, clock: float) -> None:
        """Let time pass; the clock may be set back meanwhile."""
        self.monotonic += seconds
        self.utc += seconds * clock if clock > 0 else clock
        self.server.pass_time(SILENCE_LIMIT, self.now)

    @rule()
    def becomes_quiet(self) -> None:
        """Let running boards report, and let the others exceed the silence limit."""
        self.monotonic += SILENCE_LIMIT + 1
        self.server.pass_time(SILENCE_LIMIT, self.now)
        for mac, one in self.field.items():
            if one.running:
                self.publish(mac, LED.topic, f"{one.credentials};{one.led}")
                self.publish(mac, BUTTON.topic, f"{one.credentials};{one.button}")
                self.publish(mac, LIGHT.topic, f"{one.credentials};{one.light}")
        for mac, board in self.registry.boards.items():
            one = self.field[mac]
            credentials = f"{board.session.name};{board.session.id}"
            there = one.running and one.credentials == credentials
            assert board.online is there
            assert there or one.hopeless or not one.running
            if there:
                reported = tuple(board.value(kind) for kind in (LED, BUTTON, LIGHT))
                assert reported == (one.led == 1, one.button == 1, one.light)

    # Invariants

    @invariant()
    def names_are_unique(self) -> None:
        """No two boards have or will have the same name."""
        names = [
            name
            for board in self.registry.boards.values()
            for name in (board.session.name, board.next_name)
            if name is not None
        ]
        assert len(names) == len(set(names))

    @invariant()
    def ids_grow(self) -> None:
        """Each assigned id is greater than the ones before."""
        assert self.ids == sorted(self.ids)

    @invariant()
    def disk_is_complete(self) -> None:
        """All sent assignments are on the disk."""
        reported = {board["session_id"] for board in self.written["boards"]}
        assert reported >= {
            board.session.id
            for board in self.registry.boards.values()
            if board.session.sent_at is not None
        }

    @override
    def teardown(self) -> None:
        """End with a check of all boards."""
        self.becomes_quiet()


@pytest.mark.rule(
    "S-02", "S-04", "S-05", "S-11", "S-12", "S-14", "S-22", "S-23", "S-52"
)
class TestSessions(Sessions.TestCase):  # type: ignore[misc,valid-type] # made at run time
    """Run the stateful test."""

    settings = settings(max_examples=150, stateful_step_count=50, deadline=None)
