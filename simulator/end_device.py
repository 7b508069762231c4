"""What end devices of the simulated network servers have in common."""

from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import Final

from .data_rate import TooLongError, longest_payload

CHANNELS: Final = (868_100_000, 868_300_000, 868_500_000)
"""Hz: the three every EU868 network has (LoRaWAN Regional Parameters, RP002)."""


class EndDevice:
    """Takes frames, and publishes its events."""

    def __init__(
        self,
        *,
        publish: Callable[[str, bytes], None],
        clock: Callable[[], datetime],
        random: Random,
        frame_counter_check: bool,
        receive_delay: float,
    ) -> None:
        """Initialize without a session.

        `publish` takes the name of an event and its message. `frame_counter_check`: drop
        uplinks whose counter does not grow. `receive_delay`: seconds from an uplink to
        its receive window.
        """
        self.frame_counter_check = frame_counter_check
        self.receive_delay = receive_delay
        self.spreading_factor = 7
        self.dev_addr = ""
        self.f_cnt_down = 0
        self.dropped = 0
        """Number of uplinks dropped by the frame-counter check."""
        self.refused = 0
        """Number of uplinks too long for their data rate."""
        self._publish = publish
        self._clock = clock
        self._random = random
        self._held: list[bytes] = []
        self._last_uplink: bytes | None = None

    @property
    def now(self) -> datetime:
        """Return the time by the server's clock."""
        return self._clock()

    def check_length(self, payload: bytes, spreading_factor: int | None = None) -> None:
        """Raise TooLongError for a frame that EU868 does not allow at a spreading factor.

        LoRaWAN libraries do not send such a frame, so no window opens.
        """
        spreading_factor = spreading_factor or self.spreading_factor
        if len(payload) > longest_payload(spreading_factor):
            self.refused += 1
            raise TooLongError(f"{len(payload)} bytes at SF{spreading_factor}")

    def repeat(self) -> None:
        """Publish the last uplink again, byte for byte."""
        if self._last_uplink is not None:
            self._publish("up", self._last_uplink)

    def release(self) -> None:
        """Publish the uplinks that were held back."""
        held, self._held = self._held, []
        for late in held:
            self._publish("up", late)

    def publish_raw(self, event: str, payload: bytes) -> None:
        """Publish any bytes as an event of the device."""
        self._publish(event, payload)

    def _publish_uplink(self, message: bytes, copies: int, *, hold: bool) -> None:
        """Publish an uplink so often, or hold it back until the next one is published."""
        self._last_uplink = message
        held, self._held = self._held, [message] * copies if hold else []
        if not hold:
            for _ in range(copies):
                self._publish("up", message)
        for late in held:
            self._publish("up", late)
