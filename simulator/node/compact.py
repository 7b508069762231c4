"""A node that sends the compact format: a picture in one message, or in four quarters."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, override

import numpy as np

from firmware.thermal_picture.thermal_picture import (
    COARSEST,
    HIGHEST,
    LARGEST_STEP,
    LOWEST,
    Picture,
    facts,
    messages,
)

from .codec import AMBIENT_MAXIMUM, Mode, picture
from .interfaces import Model, Radio
from .node import BatteryNode, Image, Numbering, Uplink

COMPACT_PORT: Final = 9
"""FPort of its uplinks. Any that nodes with lines do not use is possible."""

_SF7_CAPACITY: Final = 222
"""Largest length of a message at SF7 in bytes (RP002, table 8)."""


@dataclass(slots=True)
class CompactImage(Image):
    """The true values of a picture that is sent in this format.

    ``lines`` has an empty list for each message, because the messages contain no lines.
    """

    payloads: tuple[bytes, ...] = ()


class CompactNode(BatteryNode):
    """A node that sends this format. Its frame counter never restarts, and messages have no number."""

    def __init__(
        self,
        model: Model,
        radio: Radio,
        *,
        capacity: Callable[[], int] = lambda: _SF7_CAPACITY,
        facts_when_hot: int = 0,
        thorough: bool = False,
        **options: Any,
    ) -> None:
        """Start the node.

        ``capacity``: returns the largest length of a message in bytes at the moment.
        ``facts_when_hot``: number of messages without pixels after each picture that is
        above the threshold. ``thorough``: whether to search for the shortest messages,
        which takes longer. The other options are those of a node that sends lines.
        """
        self._capacity = capacity
        self.facts_when_hot = facts_when_hot
        self._thorough = thorough
        options.setdefault("f_port", COMPACT_PORT)
        super().__init__(model, radio, numbering=Numbering.RUNNING, **options)

    @override
    def _boot(self) -> None:
        super()._boot()
        # This format has no message that reports a join.
        self._greeted = True
        self._number = -1
        self._facts_left = 0

    @override
    def next_uplink(self) -> Uplink:
        """Return the next message of the picture, or the first message of a new one."""
        self.time += self.interval
        image = self._image
        if isinstance(image, CompactImage) and not image.complete:
            return self._next_of(image)
        if self._facts_left:
            self._facts_left -= 1
            return self._frame(facts(self._look()), line=None)
        return self._next_of(self._take_compact_image())

    def _next_of(self, image: CompactImage) -> Uplink:
        image.sent += 1
        if image.complete and self.fan_running:
            self._facts_left = self.facts_when_hot
        return self._frame(image.payloads[image.sent - 1], line=image.sent - 1)

    def _look(self) -> Picture:
        """Return the camera's picture, after controlling the fan by its maximum."""
        frame = self.model.frame(self.time)
        self._maximum = float(frame.max())
        self._control_fan()
        self._number += 1
        ambient = min(max(self.model.ambient(self.time), 0), AMBIENT_MAXIMUM)
        pixels = picture(frame, Mode.SLOW).ravel().tolist()
        return Picture(pixels, self.fan_running, ambient, self._number)

    def _take_compact_image(self) -> CompactImage:
        seen = self._look()
        matrix = np.array(seen.pixels, np.int16).reshape(32, 24)
        payloads = self._messages(seen)
        image = CompactImage(
            matrix=matrix.clip(LOWEST, HIGHEST),
            mode=self.mode,
            layout=self.layout,
            time=self.time,
            minimum=seen.minimum,
            maximum=seen.maximum,
            hottest=self._maximum,
            lines=[[] for _ in payloads],
            payloads=tuple(payloads),
        )
        self._image = image
        self.images.append(image)
        return image

    def _messages(self, seen: Picture) -> list[bytes]:
        """Return the messages of a picture. In fast mode it is one message, with any step."""
        coarsest = COARSEST if self.mode is Mode.SLOW else LARGEST_STEP
        capacity = self._capacity()
        found = messages(seen, capacity, coarsest=coarsest, thorough=self._thorough)
        if self.mode is Mode.FAST and len(found) > 1:
            return [facts(seen)]
        return found
