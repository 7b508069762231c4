"""A board's connection: its topics, QoS and session."""

from abc import ABC, abstractmethod
import asyncio
from dataclasses import replace

from simulator.mqtt.client import Broker, Connection
from simulator.mqtt.packets import Publish, Will

from .behaviour import QOS, BoardKind, Session, Timing


class BoardConnection(ABC):
    """Connects a board, and publishes with its session.

    A field board uses MQTT 3.1.1 without a login, whatever ``broker`` says, and has no
    client id unless one is given.
    """

    def __init__(
        self,
        mac: str,
        broker: Broker,
        kind: BoardKind,
        timing: Timing,
        *,
        prefix: str,
        directed: bool,
        client_id: str | None,
    ) -> None:
        """Initialize without a connection; see Board for the arguments."""
        field = kind is BoardKind.FIELD
        if field:
            broker = replace(broker, username=None, password=None, protocol=4)
        self.mac = mac
        self.broker = broker
        self.kind = kind
        self.timing = timing
        self.gave_up = False
        """Whether a field board has stopped after failed connections."""
        self.session: Session | None = None
        self._before = f"{prefix.rstrip('/')}/" if prefix else ""
        self._after = f"/{mac}" if directed else ""
        if client_id is None:
            client_id = "" if field else f"ESP32_{mac.replace(':', '')}"
        self._client_id = client_id
        self._failed_attempts = 0
        self._connection: Connection | None = None

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

    @abstractmethod
    def _receive(self, publish: Publish) -> None:
        """Take a message."""

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
