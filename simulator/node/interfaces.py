"""What a node needs of its surroundings: sensors and a radio."""

from typing import Protocol

import numpy as np
import numpy.typing as npt


class Model(Protocol):
    """Values of the node's sensors, ``t`` seconds after it was switched on."""

    def frame(self, t: float) -> npt.NDArray[np.floating]:
        """Return 32 x 24 temperatures in °C."""

    def ambient(self, t: float) -> int:
        """Return whole °C."""


class Received(Protocol):
    """A downlink as the radio gives it."""

    @property
    def f_port(self) -> int:
        """Return its port."""

    @property
    def payload(self) -> bytes:
        """Return its bytes."""

    @property
    def confirmed(self) -> bool:
        """Return whether the network requests an acknowledgement."""


class Radio(Protocol):
    """Transport of the node's messages, for example a device of The Things Stack."""

    async def join(self) -> None:
        """Start a session."""

    async def uplink(
        self, f_port: int, f_cnt: int, payload: bytes, *, acknowledge: bool = False
    ) -> Received | None:
        """Send, and return what comes back in the receive window.

        TooLongError for what does not fit the data rate.
        """
