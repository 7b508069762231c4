"""How boards behave: kinds, waits, channels, payloads."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from math import sin
from random import Random
from typing import override

QOS = {
    "state/join": 2,
    "state/leave": 2,
    "state/nameAssign": 2,
    "state/info": 0,
    "led/command": 1,
    "led/status": 1,
    "button/status": 0,
    "photoresistor/status": 0,
}
"""The document's table of channels, and the topic on which boards may report their firmware."""

AGREED_QOS = {"state/nameAssign": {1, 2}, "led/command": {1}}
"""What the server may publish with (rule S-16 of docs/protocol.md). A server that does not know yet whether the broker takes
QoS 2 publishes assignments with QoS 1."""


class BoardKind(StrEnum):
    """How a board behaves."""

    FIELD = "field"
    """The published firmware, as measured:

    - MQTT 3.1.1, without login and client id.
    - Joins and wills have QoS 0. With a topic prefix the will goes to ``state/leave``
      without it.
    - The join is repeated until an answer comes; the last one read counts; a pause
      between the two connections.
    - After a broken connection it continues with the same will and session,
      without a join. After three failed attempts to connect it gives up until it is
      switched off and on.
    - Every LED command is answered, also one that changes nothing.
    - 100 % of light is published as ``10``.
    - The button is sampled by ``FieldButton``.
    - An empty message on ``state/nameAssign`` or ``led/command`` restarts it."""
    DOCUMENT = "document"
    """The owner's document: QoS as in the table, one join, a new session after a
    broken connection, a status only when the LED changes."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Waits of a board, in seconds. The defaults are those of the published firmware."""

    join: float = 5.0
    """Between joins of a field board."""
    reconnect: float = 5.0
    """Before connecting again after a failure; a field board waits as long between its
    assignment and its session."""
    attempts: int = 3
    """Failed attempts to connect in a row after which a field board gives up."""
    patience: float = 30.0
    """A document board without an answer joins again after this time. The
    document assumes a server that is always on."""
    light: float = 2.0
    """Between values of the photoresistor."""
    button: float = 0.1
    """Between samples of a field board's button; also the period of its loop."""
    keepalive: int = 5
    """MQTT keepalive, whole seconds."""


@dataclass(frozen=True, slots=True)
class Session:
    """What the server assigned."""

    name: str
    session_id: str

    @override
    def __str__(self) -> str:
        """Return the common prefix of payloads."""
        return f"{self.name};{self.session_id}"

    def payload(self, value: object = None) -> bytes:
        """Return ``<name>;<session id>[;<value>]``; true is 1, false is 0."""
        if value is None:
            return str(self).encode()
        return f"{self};{int(value) if isinstance(value, bool) else value}".encode()


FIRMWARE = Timing()
"""Format a value as the published firmware does."""


def daylight(seed: object) -> Callable[[], int]:
    """Return a photoresistor in a room: values wander between 1 and 100 %."""
    random = Random(str(seed))
    phase = random.uniform(0, 6)

    def read() -> int:
        nonlocal phase
        phase += random.uniform(0, 0.1)
        # The firmware's 100 - adc / 41, with adc from 0 to 4095: never 0.
        return round(50.5 + 49.5 * sin(phase))

    return read
