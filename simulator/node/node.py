"""The simulated node."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum

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
from .interfaces import Model, Radio

DOWNLINK_PORT = 1
"""FPort of downlinks with settings."""

_BEFORE_THE_FIRST_IMAGE = 300.0
"""°C: what published nodes take for the maximum until they have taken an image. The fan
runs until then."""

_COUNTER_SPACE = 1 << 32
"""Frame counters are of 32 bits (LoRaWAN 1.0.4, chapter 4.3.1.5)."""


class Numbering(StrEnum):
    """Place of a message's number within its image."""

    COUNTER = "counter"
    """In the frame counter, from 0 for each image: published nodes."""
    PORT = "port"
    """In the FPort, above a base, while the frame counter increases."""
    RUNNING = "running"
    """Nowhere: the frame counter increases, on one FPort."""


@dataclass(frozen=True, slots=True)
class Uplink:
    """One uplink of the node."""

    f_port: int
    f_cnt: int
    payload: bytes
    line: int | None
    """Number of the message within its image, None outside of an image."""


@dataclass(slots=True)
class Image:
    """The true values of an image, for comparison."""

    matrix: Matrix
    """Tenths of a °C: 32 x 24 in slow mode, 8 x 6 in fast mode, by row and column."""
    mode: Mode
    layout: Layout
    time: float
    """Seconds after the node was switched on."""
    minimum: int
    """Tenths of a °C, of all 768 pixels in either mode."""
    maximum: int
    hottest: float
    """°C: the untruncated maximum, which controls the fan."""
    lines: list[list[int]] = field(repr=False)
    """The values of its messages."""
    sent: int = 0
    """Messages sent so far; fewer than ``lines`` if a change of mode ended the image."""

    @property
    def complete(self) -> bool:
        """Return whether the last message has been sent."""
        return self.sent == len(self.lines)


class BatteryNode:
    """A class A node: it receives only after it has sent.

    It has its own time: every uplink is ``interval`` seconds after the previous one,
    independently of real time, so days can be simulated in seconds.
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
        """Reset all settings to the owner's defaults."""
        self.time = 0.0
        self.mode = Mode.FAST
        self.threshold = 50
        self.fan_asked = False
        self._boot()

    def _boot(self) -> None:
        """Reset everything but the settings, as switching on does."""
        self.joined = False
        self._last_downlink: bytes | None = None
        self._image: Image | None = None
        self._maximum = _BEFORE_THE_FIRST_IMAGE
        self._f_cnt = 0
        self._greeted = False
        self._owes_acknowledgement = False
        self._control_fan()

    def restart(self, *, keeps_settings: bool = True) -> None:
        """Restart: the image ends, and a join follows.

        Published nodes keep fan, mode and threshold in a file; others may not. The
        node's time continues, because the bank's does.
        """
        time = self.time
        if keeps_settings:
            self._boot()
        else:
            self._switch_on()
        self.time = time

    @property
    def image(self) -> Image | None:
        """Return the current image, or the one just completed."""
        return self._image

    def next_uplink(self) -> Uplink:
        """Return the next uplink, and advance the node's time to it."""
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
            # The fan's bit of this message belongs to this image, that of the messages
            # before it to the image before.
            self._maximum = image.hottest
            self._control_fan()
        ambient = min(max(self.model.ambient(self.time), 0), AMBIENT_MAXIMUM)
        payload = encode_uplink(values, fan=self.fan_running, ambient=ambient)
        return self._frame(payload, line)

    def receive(self, f_port: int, payload: bytes) -> None:
        """Apply a downlink. One that equals its predecessor is ignored."""
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
        """Join if necessary, send one uplink, and apply the downlink received.

        An uplink that is too long for the data rate is returned, but not sent.
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
        """Step until an image has been sent completely."""
        while True:
            await self.step()
            if self._image is not None and self._image.complete:
                return self._image

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            await self.step()
            await asyncio.sleep(self.interval / self.speed)

    def _take_image(self) -> Image:
        frame = self.model.frame(self.time)
        matrix, pixels = picture(frame, self.mode), picture(frame, Mode.SLOW)
        image = Image(
            matrix,
            self.mode,
            self.layout,
            self.time,
            int(pixels.min()),
            int(pixels.max()),
            float(frame.max()),
            lines(matrix, self.mode, self.layout),
        )
        self._image = image
        self.images.append(image)
        return image

    def _control_fan(self) -> None:
        """Run the fan while the image is over the threshold, or while requested."""
        self.fan_running = self.fan_asked or self._maximum > self.threshold

    def _frame(self, payload: bytes, line: int | None) -> Uplink:
        f_port, f_cnt = self.f_port, self._f_cnt
        match self.numbering:
            case Numbering.COUNTER:
                f_cnt = line or 0
            case Numbering.PORT:
                f_port += line or 0
        self._f_cnt = (self._f_cnt + 1) % _COUNTER_SPACE
        return Uplink(f_port, f_cnt, payload, line)
