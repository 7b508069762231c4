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
    "led/command": 1,
    "led/status": 1,
    "button/status": 0,
    "photoresistor/status": 0,
}
"""The document's table of channels."""


class BoardKind(StrEnum):
    """How closely a board follows the document."""

    FIELD = "field"
    """As the published firmware: joins and wills of QoS 0; joins repeated until an
    answer comes, the last one read counts; a pause between the two connections; after
    a broken connection the same session again, without a join."""
    IDEAL = "ideal"
    """To the letter: QoS as in the table, one join, and after a broken connection a
    new session."""


@dataclass(frozen=True, slots=True)
class Timing:
    """A board's waits, in seconds. The defaults are those of the published firmware."""

    join: float = 5.0
    """Between joins of a field board."""
    reconnect: float = 5.0
    """Before connecting again after a failure; a field board waits as long between its
    assignment and its session."""
    patience: float = 30.0
    """An ideal board without an answer starts over after so long: the document has the
    server always on, but a join that is never answered must not be the end."""
    light: float = 2.0
    """Between values of the photoresistor."""
    button: float = 0.1
    """Between looks of a field board at its button; also one turn of its loop."""
    keepalive: int = 5
    """MQTT keepalive, whole seconds."""


@dataclass(frozen=True, slots=True)
class Session:
    """What the server assigned."""

    name: str
    session_id: str

    @override
    def __str__(self) -> str:
        """Return it as payloads begin with it."""
        return f"{self.name};{self.session_id}"

    def payload(self, value: object = None) -> bytes:
        """Return ``<name>;<session id>[;<value>]``, truth as 1 or 0."""
        if value is None:
            return str(self).encode()
        return f"{self};{int(value) if isinstance(value, bool) else value}".encode()


FIRMWARE = Timing()
"""The published firmware's."""


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
