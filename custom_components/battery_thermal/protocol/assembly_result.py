"""What a message changes in the images of a node, whatever format it has."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from ..model.mode import Mode
from ..model.thermal_image import ThermalImage
from .node_message import Located


class LinePosition(StrEnum):
    """How the positions of lines are known."""

    COUNTER = "counter"
    PORT = "port"
    FOUND = "found"
    """By counting messages from one whose position was certain by itself."""
    MESSAGE = "message"
    """Each message states which pixels it has."""
    UNKNOWN = "unknown"


class StatusMessage(Protocol):
    """A message that states the fan and the ambient temperature (°C)."""

    @property
    def fan(self) -> bool:
        """Whether the fan runs."""
        ...

    @property
    def ambient(self) -> int:
        """The ambient temperature, as the status byte has it."""
        ...

    @property
    def known_ambient(self) -> int | None:
        """The ambient temperature, None if no sensor measures that."""
        ...


@dataclass(frozen=True, slots=True)
class AssemblyResult:
    """Changes by one message.

    `placed`: the lines put into images, several when a position has just been found.
    `closed`: the images that ended. `last`: of each of them that has a maximum of the
    node's own, a message that states it. `mode`: that of the node with the newest
    message, None if not certain. `facts`: the extremes of a picture that no earlier
    message was about. `duplicate`: the message had been received before.
    """

    placed: tuple[Located, ...] = ()
    closed: tuple[ThermalImage, ...] = ()
    last: tuple[StatusMessage, ...] = ()
    mode: Mode | None = None
    facts: ThermalImage | None = None
    duplicate: bool = False
