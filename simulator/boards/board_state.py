"""A board's LED, button and photoresistor, and the messages about them."""

from abc import abstractmethod
import asyncio
from collections import Counter
import logging
import random
from typing import override

from simulator.mqtt.client import Broker
from simulator.mqtt.packets import Publish

from .behaviour import AGREED_QOS, BoardKind, Session, Timing
from .board_connection import BoardConnection
from .button import FieldButton

_LOGGER = logging.getLogger(__name__)


class BoardState(BoardConnection):
    """Reports inputs, and carries out commands of its session."""

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
        """Initialize without a session; see Board for the arguments."""
        super().__init__(
            *(mac, broker, kind, timing),
            prefix=prefix,
            directed=directed,
            client_id=client_id,
        )
        self.led = False
        self.button = False
        """Whether the button is down, reported or not."""
        self.light = 0
        """The last value read, in percent."""
        self.reported_light = 0
        """The last value published, in percent."""
        self.crashes = 0
        """Number of restarts after an empty message."""
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
        self._started = asyncio.Event()
        self._answer: asyncio.Future[None] | None = None
        self._joining = False
        self._begun = False
        self._field_button = FieldButton()
        self._looking: asyncio.Task[None] | None = None
        self._published_button = False

    @property
    def started(self) -> bool:
        """Return whether the session has been started and not been left."""
        return self._started.is_set() and self.connected

    @abstractmethod
    def restart(self) -> None:
        """Restart with empty memory."""

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

    @override
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
        if down is not self._published_button and self.started:
            self._published_button = down
            _LOGGER.info("%s: %s", self.name, "pushed" if down else "released")
            self._say("button/status", down)
