"""A simulated board: its connection, its session, and its physical inputs."""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
import logging
import random

from simulator.mqtt.client import Broker, Connection
from simulator.mqtt.packets import Publish, Will

from .behaviour import AGREED_QOS, FIRMWARE, QOS, BoardKind, Session, Timing, daylight
from .button import FieldButton

_LOGGER = logging.getLogger(__name__)


class Board:
    """One board. ``run`` operates it; the other methods are physical actions and queries."""

    def __init__(
        self,
        mac: str,
        broker: Broker,
        *,
        kind: BoardKind = BoardKind.FIELD,
        prefix: str = "",
        directed: bool = False,
        light: Callable[[], int] | None = None,
        timing: Timing = FIRMWARE,
        client_id: str | None = None,
        firmware: tuple[str, str] = ("Simulated board", "1.0.0"),
    ) -> None:
        """Build a board that has no power yet.

        ``prefix`` goes before every topic, with a slash between. ``directed`` puts the
        MAC behind each, which the published firmware cannot. ``light`` reads the
        photoresistor, in percent. Two boards of the document with one MAC need a
        ``client_id`` each, or the broker lets only one be connected.

        ``firmware`` is the name and version that a document board reports; the published
        firmware reports none.

        A field board uses MQTT 3.1.1 without a login, whatever ``broker`` says, and has
        no client id unless one is given.
        """
        field = kind is BoardKind.FIELD
        if field:
            broker = replace(broker, username=None, password=None, protocol=4)
        self.mac = mac
        self.broker = broker
        self.kind = kind
        self.timing = timing
        self.led = False
        self.button = False
        """Whether the button is down, reported or not."""
        self.light = 0
        """The last value read, in percent."""
        self.reported_light = 0
        """The last value published, in percent."""
        self.gave_up = False
        """Whether a field board has stopped after failed connections."""
        self.crashes = 0
        """Number of restarts after an empty message."""
        self.session: Session | None = None
        self.previous: Session | None = None
        """The session before the current one."""
        self.assignments: list[Session] = []
        """All assignments for this board."""
        self.commands: list[bool] = []
        """All LED commands for this board and its session."""
        self.foreign = 0
        """Number of messages for other boards, or for another session of this board."""
        self.not_as_agreed: Counter[tuple[str, int, bool]] = Counter()
        """Topic, QoS and retain flag of received messages that were retained, or had another QoS
        than in the document. The board subscribes with the QoS of the document, so a message
        published with a higher one arrives with that of the document."""
        self.firmware = firmware
        self._read_light = light or daylight(mac)
        self._before = f"{prefix.rstrip('/')}/" if prefix else ""
        self._after = f"/{mac}" if directed else ""
        if client_id is None:
            client_id = "" if field else f"ESP32_{mac.replace(':', '')}"
        self._client_id = client_id
        self._field_button = FieldButton()
        self._looking: asyncio.Task[None] | None = None
        self._failed_attempts = 0
        self._connection: Connection | None = None
        self._started = asyncio.Event()
        self._powered = asyncio.Event()
        self._powered.set()
        self._life: asyncio.Task[None] | None = None
        self._answer: asyncio.Future[None] | None = None
        self._joining = False
        self._begun = False
        self._told_button = False

    @property
    def name(self) -> str | None:
        """Return the assigned name."""
        return None if self.session is None else self.session.name

    @property
    def session_id(self) -> str | None:
        """Return the session id."""
        return None if self.session is None else self.session.session_id

    @property
    def connected(self) -> bool:
        """Return whether the board is connected to the broker."""
        return self._connection is not None and self._connection.is_open

    @property
    def started(self) -> bool:
        """Return whether the session has been started and not been left."""
        return self._started.is_set() and self.connected

    async def run(self) -> None:
        """Run until cancelled; the connection then breaks, as without power."""
        try:
            while True:
                await self._powered.wait()
                self._life = asyncio.create_task(self._live())
                await asyncio.wait((self._life,))
                if not self._life.cancelled():
                    self._life.result()
        finally:
            self._unplug()
            if self._life is not None:
                await asyncio.wait((self._life,))
            if self._looking is not None:
                self._looking.cancel()

    async def until_started(self) -> None:
        """Wait until its session has been started."""
        await self._started.wait()

    async def push(self) -> None:
        """Press the button; return when the board has noticed it, or it was released."""
        await self._move_button(True)

    async def release(self) -> None:
        """Release the button; return when the board has noticed it."""
        await self._move_button(False)

    def report_light(self, percent: int) -> bool:
        """Publish a value of the photoresistor now; return False without a session."""
        if not self.started:
            return False
        self.light = percent
        # The published firmware's buffer is one byte short.
        field = self.kind is BoardKind.FIELD
        self.reported_light = int(str(percent)[:2]) if field else percent
        self._say("photoresistor/status", self.reported_light)
        return True

    async def leave(self) -> None:
        """Leave the session and disconnect; stay offline until ``restart``."""
        self._powered.clear()
        if (connection := self._connection) is not None and self.session is not None:
            with suppress(ConnectionError):
                await self._say("state/leave")
                connection.disconnect()
                await connection.closed
        self._stop()

    def cut(self) -> None:
        """Cut the power, so that the broker sends the will; stay offline until ``restart``."""
        self._powered.clear()
        self._unplug()

    def drop(self) -> None:
        """Break the connection; the board reconnects as its kind does."""
        if self._connection is not None:
            self._connection.abort()

    def restart(self) -> None:
        """Restart with empty memory and a new join, also after ``cut`` or ``leave``."""
        self._unplug()
        self._forget_session()
        self.led = self.button = self._told_button = False
        self._field_button = FieldButton()
        self.gave_up = False
        self._failed_attempts = 0
        self._powered.set()

    async def publish_stale(self, topic: str, value: object = None) -> None:
        """Publish with the previous session, as a delayed message does.

        Without ``value`` it is a ``state/join`` or ``state/leave``. Raises RuntimeError
        without a previous session or a connection.
        """
        connection = self._connection
        if self.previous is None or connection is None:
            raise RuntimeError(f"{self.mac} has no previous session or no connection")
        payload = self.previous.payload(value)
        await connection.send(self._topic(topic), payload, self._qos(topic))

    # Life

    async def _live(self) -> None:
        """Join and serve until cancelled; a field board may give up."""
        while not self.gave_up:
            try:
                await self._serve(self.session or await self._join())
            except (OSError, TimeoutError) as error:
                _LOGGER.info("%s: %s", self.name or self.mac, error or "no answer")
                if self.kind is BoardKind.DOCUMENT:
                    self._forget_session()
            finally:
                self._started.clear()
                self.drop()
            await asyncio.sleep(self.timing.reconnect)
        _LOGGER.info("%s gives up", self.name or self.mac)
        self._powered.clear()

    async def _join(self) -> Session:
        """Request a session until one is assigned, then disconnect."""
        connection = await self._open(will=None)
        await self._subscribe(connection, "state/nameAssign")
        self._answer = asyncio.get_running_loop().create_future()
        field = self.kind is BoardKind.FIELD
        self._joining = True
        try:
            while self.session is None:
                topic = "state/join"
                connection.send(self._topic(topic), self.mac.encode(), self._qos(topic))
                patience = self.timing.join if field else self.timing.patience
                await self._wait(connection, patience, self._answer)
                if self.session is None and not field:
                    raise TimeoutError
            if field:
                # An answer that was read meanwhile counts too.
                await self._wait(connection, self.timing.button)
        finally:
            self._joining = False
        connection.disconnect()
        if field:
            await asyncio.sleep(self.timing.reconnect)
        return self.session

    async def _serve(self, session: Session) -> None:
        """Serve the session until the connection breaks, then raise ConnectionError."""
        topic = "state/leave"
        field = self.kind is BoardKind.FIELD
        will_topic = topic if field and not self._after else self._topic(topic)
        will = Will(will_topic, session.payload(), self._qos(topic))
        connection = await self._open(will)
        # A field board stays subscribed to assignments, a document board does not.
        topics = ["led/command"]
        if field:
            topics.append("state/nameAssign")
        await self._subscribe(connection, *topics)
        if not self._begun:
            self._begun = True
            # Wait for the delivery: QoS 2 takes longer than later messages with a lower QoS.
            await self._say("state/join")
            self._say("led/status", self.led)
            if not field:
                self._say("state/info", ";".join(self.firmware))
        self._started.set()
        _LOGGER.info("%s is %s, session %s", self.mac, self.name, self.session_id)
        self._report_button()
        while True:
            self.report_light(self._read_light())
            await self._wait(connection, self.timing.light)

    async def _open(self, will: Will | None) -> Connection:
        try:
            self._connection = await Connection.open(
                self.broker,
                self._client_id,
                self._receive,
                keepalive=self.timing.keepalive,
                will=will,
            )
        except OSError:
            self._failed_attempts += 1
            self.gave_up = (
                self.kind is BoardKind.FIELD
                and self._failed_attempts >= self.timing.attempts
            )
            raise
        self._failed_attempts = 0
        return self._connection

    async def _subscribe(self, connection: Connection, *topics: str) -> None:
        await connection.subscribe(
            [(self._topic(topic), QOS[topic]) for topic in topics]
        )

    async def _wait(
        self, connection: Connection, seconds: float, *others: asyncio.Future[None]
    ) -> None:
        """Wait, or until one of ``others``. Raises ConnectionError if the connection ends."""
        await asyncio.wait(
            (connection.closed, *others),
            timeout=seconds,
            return_when=asyncio.FIRST_COMPLETED,
        )
        if not connection.is_open:
            raise ConnectionError("connection closed")

    # Messages

    def _receive(self, publish: Publish) -> None:
        """Read all messages, and handle those for this board."""
        topic = publish.topic.removeprefix(self._before).removesuffix(self._after)
        if publish.retain or publish.qos not in AGREED_QOS[topic]:
            self.not_as_agreed[topic, publish.qos, publish.retain] += 1
        if not publish.payload and self.kind is BoardKind.FIELD:
            _LOGGER.warning("%s crashes: empty message on %s", self.mac, topic)
            self.crashes += 1
            self.restart()
            return
        match topic, publish.payload.decode(errors="replace").split(";"):
            case "state/nameAssign", [self.mac, name, session_id]:
                self._take_assignment(Session(name, session_id))
            case "led/command", [self.name, self.session_id, ("0" | "1") as value]:
                self._take_command(value == "1")
            case _:
                self.foreign += 1

    def _take_assignment(self, session: Session) -> None:
        """Store the last assignment read while joining; ignore later ones."""
        self.assignments.append(session)
        if self._joining:
            self.session = session
            self._begun = False
            if self._answer is not None and not self._answer.done():
                self._answer.set_result(None)

    def _take_command(self, on: bool) -> None:
        self.commands.append(on)
        changed = on is not self.led
        self.led = on
        if changed:
            _LOGGER.info("%s: LED %s", self.name, "on" if on else "off")
        if changed or self.kind is BoardKind.FIELD:
            self._say("led/status", on)

    async def _move_button(self, down: bool) -> None:
        self.button = down
        if self.kind is BoardKind.DOCUMENT:
            self._report_button()
            return
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_at_button())
        looking = self._looking
        while not looking.done() and self.button is down:
            if self._field_button.down is down and (down or self._field_button.settled):
                return
            await asyncio.sleep(self.timing.button / 4)

    async def _look_at_button(self) -> None:
        """Sample the button until its state is stable; further samples change nothing."""
        await asyncio.sleep(random.uniform(0, self.timing.button))
        while self.button or not self._field_button.settled:
            self._field_button.look(self.button)
            self._report_button()
            await asyncio.sleep(self.timing.button)

    def _report_button(self) -> None:
        field = self.kind is BoardKind.FIELD
        down = self._field_button.down if field else self.button
        if down is not self._told_button and self.started:
            self._told_button = down
            _LOGGER.info("%s: %s", self.name, "pushed" if down else "released")
            self._say("button/status", down)

    def _say(self, topic: str, value: object = None) -> asyncio.Future[None]:
        """Publish with the current session."""
        assert self._connection is not None and self.session is not None
        payload = self.session.payload(value)
        return self._connection.send(self._topic(topic), payload, self._qos(topic))

    def _topic(self, topic: str) -> str:
        return f"{self._before}{topic}{self._after}"

    def _qos(self, topic: str) -> int:
        if self.kind is BoardKind.FIELD and topic in ("state/join", "state/leave"):
            return 0
        return QOS[topic]

    # Power

    def _unplug(self) -> None:
        """Cancel the board's task."""
        self.drop()
        self._stop()

    def _stop(self) -> None:
        self._started.clear()
        if self._life is not None:
            self._life.cancel()

    def _forget_session(self) -> None:
        if self.session is not None:
            self.previous, self.session = self.session, None
