"""A simulated board: its connection, its session, and its physical inputs."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
import logging
from typing import override

from simulator.mqtt.client import Broker
from simulator.mqtt.packets import Will

from .behaviour import FIRMWARE, BoardKind, Session, Timing, daylight
from .board_state import BoardState
from .button import FieldButton

_LOGGER = logging.getLogger(__name__)


class Board(BoardState):
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
        """
        super().__init__(
            *(mac, broker, kind, timing),
            prefix=prefix,
            directed=directed,
            client_id=client_id,
        )
        self.firmware = firmware
        self._read_light = light or daylight(mac)
        self._powered = asyncio.Event()
        self._powered.set()
        self._life: asyncio.Task[None] | None = None

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

    @override
    def restart(self) -> None:
        """Restart with empty memory and a new join, also after ``cut`` or ``leave``."""
        self._unplug()
        self._forget_session()
        self.led = self.button = self._published_button = False
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
