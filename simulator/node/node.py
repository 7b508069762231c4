"""The node itself."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

import numpy as np
import numpy.typing as npt

from simulator.data_rate import TooLongError

from .codec import (
    AMBIENT_MAXIMUM,
    RESET,
    Layout,
    Matrix,
    Mode,
    decode_downlink,
    encode_uplink,
    lines,
    picture,
)

DOWNLINK_PORT = 1
"""FPort the node takes settings on."""

_COUNTER_SPACE = 1 << 32
"""Frame counters are of 32 bits (LoRaWAN 1.0.4, chapter 4.3.1.5)."""


class Numbering(StrEnum):
    """Where the number of a message within its image is written."""

    COUNTER = "counter"
    """Into the frame counter, anew from 0 for each image: published nodes."""
    PORT = "port"
    """Into the FPort, above a base, while the frame counter runs on."""
    RUNNING = "running"
    """Nowhere: the frame counter runs on and one FPort serves all."""


class Model(Protocol):
    """What the node's sensors see, ``t`` seconds after it was switched on."""

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
        """Tell whether the network wants to know that it arrived."""


class Radio(Protocol):
    """What carries the node's messages: The Things Stack's Device is one."""

    async def join(self) -> None:
        """Start a session."""

    async def uplink(
        self, f_port: int, f_cnt: int, payload: bytes, *, acknowledge: bool = False
    ) -> Received | None:
        """Send, and return what comes back in the receive window.

        TooLongError for what does not fit the data rate.
        """


@dataclass(frozen=True, slots=True)
class Uplink:
    """What the node says at once."""

    f_port: int
    f_cnt: int
    payload: bytes
    line: int | None
    """Number of the message within its image; None: no part of an image."""


@dataclass(slots=True)
class Image:
    """The truth about an image: what must have arrived where."""

    matrix: Matrix
    """Tenths of a °C: 32 x 24 in slow mode, 8 x 6 in fast mode, by row and column."""
    mode: Mode
    layout: Layout
    time: float
    """Seconds after the node was switched on."""
    minimum: int
    """Tenths of a °C."""
    maximum: int
    lines: list[list[int]] = field(repr=False)
    """The values of its messages."""
    sent: int = 0
    """Messages so far; fewer than ``lines`` if a change of mode broke it off."""

    @property
    def complete(self) -> bool:
        """Tell whether its last message has been sent."""
        return self.sent == len(self.lines)


class BatteryNode:
    """A class A node: it listens only right after it spoke.

    Its time is its own: every uplink is ``interval`` seconds after the one before,
    however long that takes outside. So it can be stepped through days in seconds.
    """

    def __init__(
        self,
        model: Model,
        radio: Radio,
        *,
        layout: Layout | str = Layout.SLOW_24,
        numbering: Numbering | str = Numbering.COUNTER,
        interval: float = 25.0,
        speed: float = 1.0,
        f_port: int = 1,
        acknowledges: bool = False,
        history: int = 16,
    ) -> None:
        """Switch the node on; it joins with its first step.

        ``interval``: seconds between uplinks; ``speed``: node seconds in a real one,
        for ``run``. ``f_port``: of every uplink, or of line 0 with numbering by port.
        ``acknowledges``: it answers confirmed downlinks, which published nodes do not.
        ``history``: how many images are remembered.
        """
        self.model = model
        self.radio = radio
        self.layout = Layout(layout)
        self.numbering = Numbering(numbering)
        self.interval = interval
        self.speed = speed
        self.f_port = f_port
        self.acknowledges = acknowledges
        self.images: deque[Image] = deque(maxlen=history)
        self._switch_on()

    def _switch_on(self) -> None:
        """Set everything to what a fresh node has (the owner's defaults)."""
        self.time = 0.0
        self.mode = Mode.FAST
        self.threshold = 50
        self.fan_asked = False
        self.fan_running = False
        self.joined = False
        self._last_downlink: bytes | None = None
        self._image: Image | None = None
        self._maximum: int | None = None
        self._f_cnt = 0
        self._greeted = False
        self._owes_acknowledgement = False

    def restart(self) -> None:
        """Power cycle: settings lost, image broken off, a new join ahead.

        Its time goes on, for the battery it looks at has not been switched off.
        """
        time = self.time
        self._switch_on()
        self.time = time

    @property
    def image(self) -> Image | None:
        """Return the image under way, or the one just completed."""
        return self._image

    def next_uplink(self) -> Uplink:
        """Return what the node says next, and let its time pass until then."""
        self.time += self.interval
        if not self._greeted:
            self._greeted = True
            return self._frame(RESET, line=None)
        image = self._image
        if image is None or image.complete:
            image = self._take_image()
        line = image.sent
        image.sent += 1
        values = image.lines[line]
        if image.complete:
            values = [*values, image.minimum, image.maximum]
        ambient = min(max(self.model.ambient(self.time), 0), AMBIENT_MAXIMUM)
        payload = encode_uplink(values, fan=self.fan_running, ambient=ambient)
        return self._frame(payload, line)

    def receive(self, f_port: int, payload: bytes) -> None:
        """Take a downlink. One equal to the one before says nothing new."""
        if f_port != DOWNLINK_PORT or payload == self._last_downlink:
            return
        settings = decode_downlink(payload)
        if settings is None:
            return
        self._last_downlink = payload
        self.threshold = settings.threshold
        self.fan_asked = settings.fan
        if settings.mode is not self.mode:
            self.mode = settings.mode
            self._image = None
        self._control_fan()

    async def step(self) -> Uplink:
        """Join if need be, send once, take what comes back.

        What is too long for the data rate is returned like the rest, but was not sent.
        """
        if not self.joined:
            await self.radio.join()
            self.joined = True
        uplink = self.next_uplink()
        acknowledge, self._owes_acknowledgement = self._owes_acknowledgement, False
        try:
            received = await self.radio.uplink(
                uplink.f_port, uplink.f_cnt, uplink.payload, acknowledge=acknowledge
            )
        except TooLongError:
            # LoRaWAN libraries refuse such a frame, and use no counter up for it.
            self._f_cnt = (self._f_cnt - 1) % _COUNTER_SPACE
            self._owes_acknowledgement = acknowledge
            return uplink
        if received is not None:
            self._owes_acknowledgement = received.confirmed and self.acknowledges
            self.receive(received.f_port, received.payload)
        return uplink

    async def send_image(self) -> Image:
        """Step until an image has been sent whole; a broken-off one does not count."""
        while True:
            await self.step()
            if self._image is not None and self._image.complete:
                return self._image

    async def run(self) -> None:
        """Send for ever."""
        while True:
            await self.step()
            await asyncio.sleep(self.interval / self.speed)

    def _take_image(self) -> Image:
        matrix = picture(self.model.frame(self.time), self.mode)
        image = Image(
            matrix,
            self.mode,
            self.layout,
            self.time,
            int(matrix.min()),
            int(matrix.max()),
            lines(matrix, self.mode, self.layout),
        )
        self._image = image
        self.images.append(image)
        self._maximum = image.maximum
        self._control_fan()
        return image

    def _control_fan(self) -> None:
        """Run while the image is over the threshold, and as long as asked to."""
        hot = self._maximum is not None and self._maximum > self.threshold * 10
        self.fan_running = self.fan_asked or hot

    def _frame(self, payload: bytes, line: int | None) -> Uplink:
        f_port, f_cnt = self.f_port, self._f_cnt
        match self.numbering:
            case Numbering.COUNTER:
                f_cnt = line or 0
            case Numbering.PORT:
                f_port += line or 0
        self._f_cnt = (self._f_cnt + 1) % _COUNTER_SPACE
        return Uplink(f_port, f_cnt, payload, line)
