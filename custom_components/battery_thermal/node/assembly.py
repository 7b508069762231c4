"""From lines to images.

An image grows as its lines arrive. It is closed by its last line, by a line of another
image, by a reset, or by silence; what is missing then stays missing. A line that is
already there, or whose image is closed, changes nothing.
"""

from collections import deque
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import numpy as np

from custom_components.battery_thermal.thermal.image import ThermalImage

from .cadence import Cadence
from .layout import Layout, Mode, Numbering, grid_of
from .locator import Located, Locator, Message
from .uplink import Reset, UplinkError, UplinkErrorReason

_JITTER = timedelta(seconds=0.25)
"""What two times that the network server writes may be apart from the truth."""

_ON_THE_WAY = timedelta(seconds=10)
"""What a message may take to come here, at most."""

_RECENT = 32
"""How many messages a duplicate may come after its original."""


class LinePosition(StrEnum):
    """How the place of a line is known."""

    COUNTER = "counter"
    PORT = "port"
    FOUND = "found"
    """By counting messages from one whose place was certain by itself."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Change:
    """What one message has changed.

    `placed`: the lines put into images, several when a position has just been found.
    `closed`: the images that ended. `mode`: what the node was in with the newest
    message, None if that is not certain. `duplicate`: the message was known already.
    """

    placed: tuple[Located, ...] = ()
    closed: tuple[ThermalImage, ...] = ()
    mode: Mode | None = None
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class _Growing:
    """The image under way and how to tell whether a line belongs to it.

    `first_count`: the frame counter that its line 0 had or would have had. `newest`,
    `newest_at`: the line heard last, and when.
    """

    image: ThermalImage
    session: str
    first_count: int
    newest: int
    newest_at: datetime


class Assembler:
    """Puts the lines of one node into images."""

    def __init__(
        self, layout: Layout = Layout.AUTO, numbering: Numbering = Numbering.AUTO
    ) -> None:
        """Start with no more knowledge than what the owner has said."""
        self._layout = layout
        self._numbering = numbering
        self._locator = Locator(layout, numbering)
        self._cadence = Cadence()
        self._recent: deque[Message] = deque(maxlen=_RECENT)
        self._growing: _Growing | None = None
        self._closed: ThermalImage | None = None
        self._mode: Mode | None = None

    @property
    def growing(self) -> ThermalImage | None:
        """The image under way."""
        return None if self._growing is None else self._growing.image

    @property
    def closed(self) -> ThermalImage | None:
        """The image that ended last."""
        return self._closed

    @property
    def image(self) -> ThermalImage | None:
        """The newest image, under way or not."""
        return self.growing or self._closed

    @property
    def mode(self) -> Mode | None:
        """The mode that the node was last seen to be in."""
        return self._mode

    @property
    def interval(self) -> timedelta:
        """The usual time between two messages."""
        return self._cadence.interval

    @property
    def pause(self) -> timedelta:
        """The longest time that the node usually says nothing."""
        return self._cadence.pause

    @property
    def line_position(self) -> LinePosition:
        """How the places of lines are known at this time."""
        numbering = self._locator.numbering
        if numbering is Numbering.COUNTER:
            return LinePosition.COUNTER
        if numbering is Numbering.PORT and self._locator.port_is_known:
            return LinePosition.PORT
        if self._locator.position is not None:
            return LinePosition.FOUND
        return LinePosition.UNKNOWN

    @property
    def layout(self) -> Layout:
        """How the node cuts slow images, as said or found; AUTO while that is open."""
        return self._locator.layout

    @property
    def silent_at(self) -> datetime | None:
        """When the image under way must be over, if nothing more is heard.

        By the network's clock, and with time for a last line to come here.
        """
        if (growing := self._growing) is None:
            return None
        left = growing.image.lines_expected - growing.newest
        return growing.newest_at + (left + 1) * self.interval + _ON_THE_WAY

    def told(self, mode: Mode) -> None:
        """Take note that the node may from now on hear that it shall use this mode."""
        self._locator.told(mode)

    def interrupted(self) -> None:
        """Take note that messages may be missing that the network server heard."""
        self._locator.interrupted()

    def close_silent(self, now: datetime) -> Change:
        """Close the image under way if it must be over."""
        if self.silent_at is None or now < self.silent_at:
            return Change()
        closed: list[ThermalImage] = []
        self._close(closed)
        return Change(closed=tuple(closed))

    def receive(self, message: Message) -> Change:
        """Take a message and return what it changed.

        Raises UplinkError if a node of this layout cannot have sent it.
        """
        self._check_layout(message)
        if self._is_duplicate(message):
            return Change(duplicate=True)
        self._observe(message)
        self._recent.append(message)
        closed: list[ThermalImage] = []
        if isinstance(message.content, Reset):
            self._close(closed)
        located = self._locator.locate(message)
        placed = tuple(one for one in located if self._place(one, closed))
        self._mode = self._locator.mode or self._mode
        return Change(placed, tuple(closed), self._locator.mode)

    def _check_layout(self, message: Message) -> None:
        if isinstance(message.content, Reset):
            return
        values = len(message.content.values)
        grids = (one.grid(mode) for one in self._layout.candidates for mode in Mode)
        if all(values != grid.values for grid in grids):
            reason = UplinkErrorReason.LAYOUT
            raise UplinkError(reason, f"{values} values in a line of {self._layout}")

    def _is_duplicate(self, message: Message) -> bool:
        """Whether a message has been received before.

        Where the frame counter restarts with each image, an image may repeat a line of
        the one before: then only what comes sooner than a next message is the same.
        """
        restarts = self._locator.numbering in (Numbering.AUTO, Numbering.COUNTER)
        soon = self.interval + _JITTER
        return any(
            replace(message, received_at=known.received_at) == known
            and (not restarts or abs(message.received_at - known.received_at) < soon)
            for known in self._recent
        )

    def _observe(self, message: Message) -> None:
        """Learn how fast the node speaks."""
        if not self._recent:
            return
        messages = message.f_cnt - self._recent[-1].f_cnt
        elapsed = message.received_at - self._recent[-1].received_at
        if elapsed < timedelta():
            return
        self._cadence.observe_gap(elapsed)
        if messages > 0 and self._recent[-1].session == message.session:
            self._cadence.observe(elapsed, messages)

    def _place(self, located: Located, closed: list[ThermalImage]) -> bool:
        """Put a line into its image; False if it has come too late for that."""
        message, line, (_, number), late = located
        growing = self._growing
        if growing is None or not self._belongs(located, growing):
            if late:
                return False
            self._close(closed)
            growing = self._begin(located)
        elif number not in growing.image.missing_lines:
            return False
        image = _with_line(growing.image, located)
        if late:
            self._growing = replace(growing, image=image)
        else:
            newest_at = message.received_at
            self._growing = replace(
                growing, image=image, newest=number, newest_at=newest_at
            )
        if line.is_last:
            self._close(closed)
        return True

    def _begin(self, located: Located) -> _Growing:
        message, line, (mode, number), _ = located
        grid = grid_of(mode, len(line.values))
        image = ThermalImage(
            values=np.zeros((grid.height, grid.width), np.int16),
            present=np.zeros((grid.height, grid.width), np.bool_),
            mode=mode,
            lines_expected=grid.lines,
            missing_lines=tuple(range(grid.lines)),
            started_at=message.received_at,
            updated_at=message.received_at,
        )
        first_count = message.f_cnt - number
        return _Growing(
            image, message.session, first_count, number, message.received_at
        )

    def _belongs(self, located: Located, growing: _Growing) -> bool:
        """Whether a line is one of the image under way.

        A frame counter that runs on tells. One that is equal to the line's number may
        restart with each image: then time has to tell, for a line may be followed by
        a later line of a later image.
        """
        message, line, (mode, number), _ = located
        first_count = message.f_cnt - number
        if (message.session, first_count) != (growing.session, growing.first_count):
            return False
        if grid_of(mode, len(line.values)).lines != growing.image.lines_expected:
            return False
        if first_count:
            return True
        steps = number - growing.newest
        elapsed = message.received_at - growing.newest_at
        if (steps > 0) != (elapsed >= timedelta()):
            return False
        # Whole images lie between a line and the same line of a later one, and a node
        # may need half as long again for a message as usual.
        doubt = min(growing.image.lines_expected / 2, 1 + abs(steps) / 2)
        return abs(elapsed - steps * self.interval) <= doubt * self.interval + _JITTER

    def _close(self, closed: list[ThermalImage]) -> None:
        """Close the image under way, if there is one."""
        if self._growing is not None:
            self._closed = replace(self._growing.image, closed=True)
            self._growing = None
            closed.append(self._closed)

    def as_dict(self) -> dict[str, Any]:
        """Return what is known, for JSON."""
        growing = self._growing
        return {
            "layout": self._layout,
            "numbering": self._numbering,
            "locator": self._locator.as_dict(),
            "cadence": list(self._cadence.samples),
            "gaps": list(self._cadence.gaps),
            "mode": self._mode,
            "closed": self._closed and self._closed.as_dict(),
            "growing": growing
            and {
                "image": growing.image.as_dict(),
                "session": growing.session,
                "first_count": growing.first_count,
                "newest": growing.newest,
                "newest_at": growing.newest_at.isoformat(),
            },
        }

    @classmethod
    def from_dict(
        cls,
        layout: Layout,
        data: dict[str, Any],
        numbering: Numbering = Numbering.AUTO,
    ) -> Assembler:
        """Go on with what `as_dict` returned.

        Of a node that the owner now says to be laid out or to number otherwise, only
        the last image is kept.
        """
        assembler = cls(layout, numbering)
        if closed := data["closed"]:
            assembler._closed = ThermalImage.from_dict(closed)
        if (data["layout"], data["numbering"]) != (layout, numbering):
            return assembler
        assembler._locator.restore(data["locator"])
        # A record of an earlier release has no gaps.
        assembler._cadence = Cadence(data["cadence"], data.get("gaps", ()))
        assembler._mode = data["mode"] and Mode(data["mode"])
        if growing := data["growing"]:
            assembler._growing = _Growing(
                image=ThermalImage.from_dict(growing["image"]),
                session=growing["session"],
                first_count=growing["first_count"],
                newest=growing["newest"],
                newest_at=datetime.fromisoformat(growing["newest_at"]),
            )
        return assembler


def _with_line(image: ThermalImage, located: Located) -> ThermalImage:
    """Return an image with one line more."""
    message, line, (mode, number), _ = located
    grid = grid_of(mode, len(line.values))
    values, present = image.values.copy(), image.present.copy()
    area = grid.area(number)
    values[area] = grid.block(line.values)
    present[area] = True
    whole = replace(
        image,
        values=values,
        present=present,
        missing_lines=tuple(n for n in image.missing_lines if n != number),
        started_at=min(image.started_at, message.received_at),
        updated_at=max(image.updated_at, message.received_at),
    )
    if line.is_last:
        whole = replace(whole, node_minimum=line.minimum, node_maximum=line.maximum)
    return replace(whole, suspect=_contradicts_itself(whole))


def _contradicts_itself(image: ThermalImage) -> bool:
    """Whether the node's own minimum and maximum cannot be those of the pixels.

    Published nodes send the minimum of all 768 pixels with a fast image too, whose
    pixels are maxima of blocks: so there it may be lower.
    """
    if image.node_minimum is None or image.node_maximum is None:
        return False
    pixels = image.values[image.present]
    low, high = int(pixels.min()), int(pixels.max())
    if low < image.node_minimum or high > image.node_maximum:
        return True
    if not image.complete:
        return False
    lowest_is_sent = image.mode is Mode.SLOW
    return high < image.node_maximum or (lowest_is_sent and low > image.node_minimum)
