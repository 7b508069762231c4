"""The rules of sessions, whatever happens in whatever order.

A few boards behave as boards in the field do, over a network that loses, doubles and
delays, with a server that is restarted, or killed while its disk lags behind. An
attacker repeats all that was ever said. Whatever the order: no stale message changes
anything, no name has two boards, ids only grow; and once it is quiet and every board
has said how it is, the server knows how it is.
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

from custom_components.esp32_sensors import protocol, records
from custom_components.esp32_sensors.boards import Board
from custom_components.esp32_sensors.protocol import Discarded, Join
from custom_components.esp32_sensors.sessions import (
    REPEAT_ASSIGNMENT,
    Instant,
    NameRefused,
    Registry,
)

MACS = [f"61:EC:ED:3B:25:B{n}" for n in range(3)]
OWN_TOPICS = MACS[-1]
"""The board that has topics of its own; the others share theirs."""
SILENCE_LIMIT = 30.0

boards = st.sampled_from(MACS)
fates = st.sampled_from(["is lost", "arrives", "arrives twice"])


class FieldBoard:
    """A board as it is in the field; truth itself."""

    def __init__(self) -> None:
        """Begin without power."""
        self.credentials = ""
        self.assigned_at = 0.0
        """When they were first published."""
        self.hopeless = False
        """Whether it may have missed an answer that replaced them."""
        self.started = False
        self.running = False
        self.led = 0
        self.button = 0
        self.light = 50


class Sessions(RuleBasedStateMachine):
    """Boards, a network in between, and the server's registry."""

    def __init__(self) -> None:
        """Begin with nothing known."""
        super().__init__()
        self.utc = 1743946777.0
        self.monotonic = 1000.0
        self.registry = Registry()
        self.field = {mac: FieldBoard() for mac in MACS}
        self.past: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.written = self.on_paper()
        self.values: dict[str, Any] = {}
        self.leds: dict[str, Any] = {}

    # The server

    @property
    def now(self) -> Instant:
        """The moment."""
        return Instant(self.utc, self.monotonic)

    def on_paper(self) -> dict[str, Any]:
        """Write down what must not be lost, as JSON does."""
        written: dict[str, Any] = json.loads(
            json.dumps(records.sessions_as_dict(self.registry))
        )
        return written

    def everything(self) -> dict[str, Any]:
        """Return all that the server knows, but for the times."""
        values = records.values_as_dict(self.registry)
        online = {mac: board.online for mac, board in self.registry.boards.items()}
        return {"sessions": self.on_paper(), "values": values, "online": online}

    def hear(self, topic: str, payload: str, own: str | None = None) -> None:
        """Let a message arrive, on a shared topic or on a board's own."""
        registry, data = self.registry, payload.encode()
        if topic == protocol.JOIN:
            said = protocol.parse_join(data)
            if isinstance(said, Join):
                self.assign(registry.join(said, own, self.now))
            else:
                registry.start(said, own, self.now)
        elif topic == protocol.LEAVE:
            registry.leave(protocol.parse_leave(data), own, self.now)
        elif topic == protocol.LIGHT_STATUS:
            registry.light(protocol.parse_light(data), own, self.now)
        else:
            take = {
                protocol.LED_STATUS: registry.led,
                protocol.BUTTON_STATUS: registry.button,
            }[topic]
            take(protocol.parse_switched(data), own, self.now)

    def assign(self, board: Board) -> None:
        """Write the assignment down, then publish it: the board may read it."""
        self.written = self.on_paper()
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

    # What happens

    def say(self, mac: str, topic: str, payload: str, fate: str = "arrives") -> None:
        """Have a board say something over a network that is not perfect."""
        self.past.append((topic, payload))
        own = mac if mac == OWN_TOPICS else None
        for _ in range({"is lost": 0, "arrives": 1, "arrives twice": 2}[fate]):
            with suppress(Discarded):
                self.hear(topic, payload, own)

    def some(self, data: st.DataObject, which: Callable[[FieldBoard], bool]) -> str:
        """Choose one of the boards that are so."""
        macs = [mac for mac, one in self.field.items() if which(one)]
        return data.draw(st.sampled_from(macs))

    def any(self, which: Callable[[FieldBoard], bool]) -> bool:
        """Tell whether there is a board that is so."""
        return any(which(one) for one in self.field.values())

    @initialize(macs=st.sets(boards))
    def come_up(self, macs: set[str]) -> None:
        """Begin with some boards that are there already."""
        for mac in sorted(macs):
            self.asks(mac, "arrives", listening=True)
            one = self.field[mac]
            one.started = one.running = True
            self.say(mac, protocol.JOIN, one.credentials)

    @rule(
        mac=boards,
        asks=st.lists(st.tuples(fates, st.booleans()), min_size=1, max_size=3),
    )
    def switches_on(self, mac: str, asks: list[tuple[str, bool]]) -> None:
        """Switch a board on: it asks for a session, and may miss the answers."""
        self.field[mac] = FieldBoard()
        for fate, listening in asks:
            self.asks(mac, fate, listening)

    @precondition(lambda self: self.any(lambda one: not one.started))
    @rule(data=st.data(), fate=fates, listening=st.booleans())
    def asks_again(self, data: st.DataObject, fate: str, listening: bool) -> None:
        """Have a board ask again that has not started yet."""
        mac = self.some(data, lambda one: not one.started)
        one = self.field[mac]
        if self.monotonic - one.assigned_at >= REPEAT_ASSIGNMENT:
            one.hopeless = True
        self.asks(mac, fate, listening)

    def asks(self, mac: str, fate: str, listening: bool) -> None:
        """Ask; the answer is read, or not."""
        self.listening = listening
        self.say(mac, protocol.JOIN, mac, fate)

    @precondition(lambda self: self.any(lambda one: one.credentials != ""))
    @rule(data=st.data(), fate=fates)
    def starts(self, data: st.DataObject, fate: str) -> None:
        """Have a board start the session it was assigned, or come back to it."""
        mac = self.some(data, lambda one: one.credentials != "")
        one = self.field[mac]
        one.started = one.running = True
        self.say(mac, protocol.JOIN, one.credentials, fate)

    @precondition(lambda self: self.any(lambda one: one.running))
    @rule(
        data=st.data(),
        topic=st.sampled_from(
            [protocol.LED_STATUS, protocol.BUTTON_STATUS, protocol.LIGHT_STATUS]
        ),
        fate=fates,
        value=st.integers(0, 1),
    )
    def reports(self, data: st.DataObject, topic: str, fate: str, value: int) -> None:
        """Have a board say how it is."""
        mac = self.some(data, lambda one: one.running)
        one = self.field[mac]
        if topic == protocol.LED_STATUS:
            one.led = value
        elif topic == protocol.BUTTON_STATUS:
            one.button = value
        else:
            one.light = value
        self.say(mac, topic, f"{one.credentials};{value}", fate)

    @precondition(lambda self: self.any(lambda one: one.running))
    @rule(data=st.data(), fate=fates)
    def leaves(self, data: st.DataObject, fate: str) -> None:
        """Have a board go, or its connection break: then its will says so."""
        mac = self.some(data, lambda one: one.running)
        one = self.field[mac]
        one.running = False
        self.say(mac, protocol.LEAVE, one.credentials, fate)

    @precondition(lambda self: self.past)
    @rule(data=st.data())
    def repeats(self, data: st.DataObject) -> None:
        """Repeat what was said long ago: stale, it changes nothing."""
        topic, payload = data.draw(st.sampled_from(self.past))
        current = {
            f"{board.session.name};{board.session.id}"
            for board in self.registry.boards.values()
        }
        if ";" not in payload or ";".join(payload.split(";")[:2]) in current:
            return
        self.hears_in_vain(topic, payload)

    @precondition(lambda self: OWN_TOPICS in self.registry.boards)
    @rule(data=st.data())
    def attacks_on_shared_topics(self, data: st.DataObject) -> None:
        """Say on shared topics what the board of its own topics says, or as it joins."""
        session = self.registry.boards[OWN_TOPICS].session
        credentials = f"{session.name};{session.id}"
        topic, payload = data.draw(
            st.sampled_from(
                [
                    (protocol.JOIN, OWN_TOPICS),
                    (protocol.JOIN, credentials),
                    (protocol.LEAVE, credentials),
                    (protocol.LED_STATUS, f"{credentials};1"),
                ]
            )
        )
        self.hears_in_vain(topic, payload)

    def hears_in_vain(self, topic: str, payload: str) -> None:
        """Hear what is discarded, and changes nothing."""
        before = self.everything()
        with pytest.raises(Discarded):
            self.hear(topic, payload)
        assert self.everything() == before

    @rule(mac=boards, name=st.sampled_from(["LeBron", "54", "capteur02", "a;b"]))
    def renames(self, mac: str, name: str) -> None:
        """Give a board another name."""
        if (board := self.registry.boards.get(mac)) is not None:
            with suppress(NameRefused):
                self.registry.rename(board, name)
            self.written = self.on_paper()

    @rule(mac=boards)
    def forgets(self, mac: str) -> None:
        """Delete a board."""
        if (board := self.registry.boards.get(mac)) is not None:
            self.registry.forget(board)
            self.field[mac].hopeless = True
            self.written = self.on_paper()

    @rule()
    def saves(self) -> None:
        """Write down what the boards have said."""
        self.values = json.loads(json.dumps(records.values_as_dict(self.registry)))
        for board in self.registry.boards.values():
            if not board.led_uncertain:
                board.led_told = None
        self.leds = json.loads(json.dumps(records.leds_as_dict(self.registry)))

    @precondition(lambda self: self.any(lambda one: one.running))
    @rule(data=st.data(), on=st.booleans(), fate=fates)
    def switches(self, data: st.DataObject, on: bool, fate: str) -> None:
        """Switch a LED: on the disk first, then in the room; its word may get lost."""
        mac = self.some(data, lambda one: one.running)
        one, board = self.field[mac], self.registry.boards.get(mac)
        if board is None or not board.online or not self.has_current(mac):
            return
        board.led_told = on
        self.leds = json.loads(json.dumps(records.leds_as_dict(self.registry)))
        if one.led != on:
            one.led = int(on)
            self.say(mac, protocol.LED_STATUS, f"{one.credentials};{one.led}", fate)
        if board.led is not on:
            # Time is up.
            board.led_doubt, board.led_told = True, None

    def has_current(self, mac: str) -> bool:
        """Tell whether a board has the session that the server takes as its own."""
        session = self.registry.boards[mac].session
        return self.field[mac].credentials == f"{session.name};{session.id}"

    @rule()
    def is_killed(self) -> None:
        """Start the server again, with what is on its disk."""
        for one in self.field.values():
            one.hopeless |= not one.started
        self.registry = Registry()
        records.restore(self.registry, self.written, self.values, self.leds)
        assert not any(board.online for board in self.registry.boards.values())
        for mac, board in self.registry.boards.items():
            one, told = self.field[mac], self.leds.get(mac)
            if told and told["session_id"] == board.session.id and one.running:
                # What it was told is not forgotten when it is heard.
                self.say(mac, protocol.LIGHT_STATUS, f"{one.credentials};{one.light}")
                assert board.led_uncertain
                assert board.led_should_be is told["on"]

    @rule()
    def loses_connection(self) -> None:
        """Cut the server off from its broker."""
        self.registry.set_all_offline()

    @rule(seconds=st.sampled_from([1.0, 5.0, 31.0]), clock=st.sampled_from([1, -1e9]))
    def waits(self, seconds: float, clock: float) -> None:
        """Let time pass; the clock may be set back meanwhile."""
        self.monotonic += seconds
        self.utc += seconds * clock if clock > 0 else clock
        self.registry.pass_time(SILENCE_LIMIT, self.now)

    @rule()
    def becomes_quiet(self) -> None:
        """Let everyone who is there say so, and the others be silent for long."""
        self.monotonic += SILENCE_LIMIT + 1
        self.registry.pass_time(SILENCE_LIMIT, self.now)
        for mac, one in self.field.items():
            if one.running:
                self.say(mac, protocol.LED_STATUS, f"{one.credentials};{one.led}")
                self.say(mac, protocol.BUTTON_STATUS, f"{one.credentials};{one.button}")
                self.say(mac, protocol.LIGHT_STATUS, f"{one.credentials};{one.light}")
        for mac, board in self.registry.boards.items():
            one = self.field[mac]
            credentials = f"{board.session.name};{board.session.id}"
            there = one.running and one.credentials == credentials
            assert board.online is there
            assert there or one.hopeless or not one.running
            if there:
                told = (board.led, board.button, board.light)
                assert told == (one.led == 1, one.button == 1, one.light)

    # What always holds

    @invariant()
    def names_are_unique(self) -> None:
        """No two boards have, or are to have, the same name."""
        names = [
            name
            for board in self.registry.boards.values()
            for name in (board.session.name, board.next_name)
            if name is not None
        ]
        assert len(names) == len(set(names))

    @invariant()
    def ids_grow(self) -> None:
        """Every id that was told is larger than those before."""
        assert self.ids == sorted(self.ids)

    @invariant()
    def paper_is_enough(self) -> None:
        """Everything that was told is on the disk."""
        told = {board["session_id"] for board in self.written["boards"]}
        assert told >= {
            board.session.id
            for board in self.registry.boards.values()
            if board.session.sent_at is not None
        }

    @override
    def teardown(self) -> None:
        """End in quiet."""
        self.becomes_quiet()


@pytest.mark.rule(
    "S-02", "S-04", "S-05", "S-11", "S-12", "S-14", "S-22", "S-23", "S-52"
)
class TestSessions(Sessions.TestCase):
    """Runs it."""

    settings = settings(max_examples=150, stateful_step_count=50, deadline=None)
