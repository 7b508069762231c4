"""A board's life, and what a hand can do to it."""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
import logging

from simulator.mqtt.client import Broker, Connection
from simulator.mqtt.packets import Publish, Will

from .behaviour import FIRMWARE, QOS, BoardKind, Session, Timing, daylight

_LOGGER = logging.getLogger(__name__)


class Board:
    """One board. ``run`` is its life; the rest is what a hand could do to it."""

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
    ) -> None:
        """Build a board that has no power yet.

        ``prefix`` goes before every topic, with a slash between. ``directed`` puts the
        MAC behind each. ``light`` reads the photoresistor, in percent. Two boards with
        one MAC need a ``client_id`` each, or the broker lets only one be connected.
        """
        self.mac = mac
        self.broker = broker
        self.kind = kind
        self.timing = timing
        self.led = False
        self.button = False
        """Held down or not, whether told to the server or not."""
        self.light = 0
        """The last value read, in percent."""
        self.session: Session | None = None
        self.previous: Session | None = None
        """The session before the one it has."""
        self.assignments: list[Session] = []
        """All that were meant for it."""
        self.commands: list[bool] = []
        """All LED commands that were meant for it and for its session."""
        self.foreign = 0
        """Messages it read that were for others, or for another session of it."""
        self.not_as_agreed: Counter[tuple[str, int, bool]] = Counter()
        """Topic, QoS and retain flag of what it read in another QoS than the document's,
        or retained. It asks for the QoS of the document: what was published in a higher
        one comes in that."""
        self._read_light = light or daylight(mac)
        self._before = f"{prefix.rstrip('/')}/" if prefix else ""
        self._after = f"/{mac}" if directed else ""
        self._client_id = client_id or f"ESP32_{mac.replace(':', '')}"
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
        """Return the name it was given."""
        return None if self.session is None else self.session.name

    @property
    def session_id(self) -> str | None:
        """Return the id of its session."""
        return None if self.session is None else self.session.session_id

    @property
    def connected(self) -> bool:
        """Tell whether it is connected to the broker."""
        return self._connection is not None and self._connection.is_open

    @property
    def started(self) -> bool:
        """Tell whether its session has been started, and not left since."""
        return self._started.is_set() and self.connected

    async def run(self) -> None:
        """Live until cancelled: then the board vanishes, as if unplugged."""
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

    async def until_started(self) -> None:
        """Wait until its session has been started."""
        await self._started.wait()

    async def push(self) -> None:
        """Press the button, and hold it until the board has noticed."""
        await self._move_button(True)

    async def release(self) -> None:
        """Let go of the button, and wait until the board has noticed."""
        await self._move_button(False)

    def report_light(self, percent: int) -> bool:
        """Publish a value of the photoresistor, out of turn; False if it cannot."""
        if not self.started:
            return False
        self.light = percent
        self._say("photoresistor/status", percent)
        return True

    async def leave(self) -> None:
        """Say goodbye to the server and the broker; stay away until ``restart``."""
        self._powered.clear()
        if (connection := self._connection) is not None and self.session is not None:
            with suppress(ConnectionError):
                await self._say("state/leave")
                connection.disconnect()
                await connection.closed
        self._stop()

    def cut(self) -> None:
        """Unplug it: no goodbye, so its will is sent; away until ``restart``."""
        self._powered.clear()
        self._unplug()

    def drop(self) -> None:
        """Break its connection; it comes back by itself, each kind in its way."""
        if self._connection is not None:
            self._connection.abort()

    def restart(self) -> None:
        """Power cycle, or power after ``cut`` or ``leave``: all forgotten, a new join."""
        self._unplug()
        self._forget_session()
        self.led = self.button = self._told_button = False
        self._powered.set()

    async def publish_stale(self, topic: str, value: object = None) -> None:
        """Speak as its previous session: what got stuck on the way arrives now.

        Without ``value`` it is a ``state/join`` or ``state/leave``. RuntimeError if
        there is no previous session, or no connection.
        """
        connection = self._connection
        if self.previous is None or connection is None:
            raise RuntimeError(f"{self.mac} has no previous session or no connection")
        payload = self.previous.payload(value)
        await connection.send(self._topic(topic), payload, self._qos(topic))

    # Life

    async def _live(self) -> None:
        """Join and serve, for ever."""
        while True:
            try:
                await self._serve(self.session or await self._join())
            except (OSError, TimeoutError) as error:
                _LOGGER.info("%s: %s", self.name or self.mac, error or "no answer")
                if self.kind is BoardKind.IDEAL:
                    self._forget_session()
            finally:
                self._started.clear()
                self.drop()
            await asyncio.sleep(self.timing.reconnect)

    async def _join(self) -> Session:
        """Ask for a session until there is one, then disconnect."""
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
                # The loop goes round once more; an answer read meanwhile counts.
                await self._wait(connection, self.timing.button)
        finally:
            self._joining = False
        connection.disconnect()
        if field:
            await asyncio.sleep(self.timing.reconnect)
        return self.session

    async def _serve(self, session: Session) -> None:
        """Be of use, until the connection breaks: ConnectionError then."""
        topic = "state/leave"
        will = Will(self._topic(topic), session.payload(), self._qos(topic))
        connection = await self._open(will)
        # A board of the field hears assignments for ever, an ideal one has its name.
        topics = ["led/command"]
        if self.kind is BoardKind.FIELD:
            topics.append("state/nameAssign")
        await self._subscribe(connection, *topics)
        if not self._begun:
            self._begun = True
            # Delivered before anything else is said: QoS 2 is overtaken by the others.
            await self._say("state/join")
            self._say("led/status", self.led)
        self._started.set()
        _LOGGER.info("%s is %s, session %s", self.mac, self.name, self.session_id)
        self._report_button()
        while True:
            self.report_light(self._read_light())
            await self._wait(connection, self.timing.light)

    async def _open(self, will: Will | None) -> Connection:
        self._connection = await Connection.open(
            self.broker,
            self._client_id,
            self._receive,
            keepalive=self.timing.keepalive,
            will=will,
        )
        return self._connection

    async def _subscribe(self, connection: Connection, *topics: str) -> None:
        await connection.subscribe(
            [(self._topic(topic), QOS[topic]) for topic in topics]
        )

    async def _wait(
        self, connection: Connection, seconds: float, *others: asyncio.Future[None]
    ) -> None:
        """Wait, or until one of ``others``; ConnectionError if the connection ends."""
        await asyncio.wait(
            (connection.closed, *others),
            timeout=seconds,
            return_when=asyncio.FIRST_COMPLETED,
        )
        if not connection.is_open:
            raise ConnectionError("connection closed")

    # Messages

    def _receive(self, publish: Publish) -> None:
        """Read everything, take what is its own."""
        topic = publish.topic.removeprefix(self._before).removesuffix(self._after)
        if publish.retain or publish.qos != QOS[topic]:
            self.not_as_agreed[topic, publish.qos, publish.retain] += 1
        match topic, publish.payload.decode(errors="replace").split(";"):
            case "state/nameAssign", [self.mac, name, session_id]:
                self._take_assignment(Session(name, session_id))
            case "led/command", [self.name, self.session_id, ("0" | "1") as value]:
                self._take_command(value == "1")
            case _:
                self.foreign += 1

    def _take_assignment(self, session: Session) -> None:
        """Keep the last one read while joining; later ones change nothing."""
        self.assignments.append(session)
        if self._joining:
            self.session = session
            self._begun = False
            if self._answer is not None and not self._answer.done():
                self._answer.set_result(None)

    def _take_command(self, on: bool) -> None:
        self.commands.append(on)
        if on is not self.led:
            self.led = on
            _LOGGER.info("%s: LED %s", self.name, "on" if on else "off")
            self._say("led/status", on)

    async def _move_button(self, down: bool) -> None:
        self.button = down
        if self.kind is BoardKind.FIELD:
            # Until it has looked; what is undone before that, it never sees.
            await asyncio.sleep(self.timing.button)
        self._report_button()

    def _report_button(self) -> None:
        if self.button is not self._told_button and self.started:
            self._told_button = self.button
            _LOGGER.info("%s: %s", self.name, "pushed" if self.button else "released")
            self._say("button/status", self.button)

    def _say(self, topic: str, value: object = None) -> asyncio.Future[None]:
        """Publish as its current session."""
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
        """End its life at once."""
        self.drop()
        self._stop()

    def _stop(self) -> None:
        self._started.clear()
        if self._life is not None:
            self._life.cancel()

    def _forget_session(self) -> None:
        if self.session is not None:
            self.previous, self.session = self.session, None
