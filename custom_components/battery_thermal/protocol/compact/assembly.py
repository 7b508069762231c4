"""Assembly of messages in the compact format into pictures.

A whole picture ends with its message, a picture in quarters with its fourth message. An
incomplete picture ends when a newer one ends, when two newer ones have begun, or an hour
after its first message. FPorts and the order of quarters do not matter.
"""

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Final

from ...model.mode import Mode
from ...model.thermal_image import ThermalImage
from ..assembly_result import AssemblyResult
from ..cadence import Cadence
from ..growing_image import JITTER
from ..locator import OVERTAKEN
from ..node_message import NodeMessage
from ..recent_messages import RecentMessages
from ..session import is_same_session, may_be_same_session
from .growing_picture import GrowingPicture, facts_image, header_from_dict
from .header import Header
from .message import CompactMessage

_MOST_OPEN: Final = 2
"""Largest number of pictures that receive quarters at the same time.

With two, a late quarter is still added to the picture before the newest one.
"""


class CompactAssembler:
    """Assembler of the pictures of one node."""

    def __init__(self) -> None:
        """Initialize without a picture."""
        self.cadence = Cadence()
        self._recent = RecentMessages()
        self._open: list[GrowingPicture] = []
        """Pictures that are not complete, the oldest first."""
        self._closed: ThermalImage | None = None
        self._newest: Header | None = None
        self._facts: ThermalImage | None = None
        self._mode: Mode | None = None

    @property
    def facts(self) -> ThermalImage | None:
        """The extremes of the newest picture, None if that one has ended."""
        return self._facts

    @property
    def growing(self) -> ThermalImage | None:
        """The newest picture, if it is not complete."""
        return self._open[-1].image if self._open else None

    @property
    def closed(self) -> ThermalImage | None:
        """The picture that ended last."""
        return self._closed

    @property
    def mode(self) -> Mode | None:
        """The mode of the node that its newest message shows, None if it shows none.

        Quarters are sent in slow mode only; a whole picture is sent in both modes.
        """
        return self._mode

    @property
    def silent_at(self) -> datetime | None:
        """When the oldest incomplete picture ends without further messages."""
        return self._open[0].over_at if self._open else None

    def close_silent(self, now: datetime) -> AssemblyResult:
        """End the pictures that no longer receive quarters."""
        return self._close(len([one for one in self._open if one.over_at <= now]))

    def receive(self, message: NodeMessage[CompactMessage]) -> AssemblyResult:
        """Add a message to its picture, and return what that changed."""
        if self._recent.has_copy(
            message, counter_may_restart=False, within=self.cadence.interval + JITTER
        ):
            return AssemblyResult(duplicate=True)
        newest = self._recent.newest
        if newest is not None and _is_late(message, newest):
            return self._receive_late(message)
        self.cadence.observe_messages(newest, message)
        self._recent.remember(message)
        header = message.content.header
        self._mode = None if header.quarter is None else Mode.SLOW
        facts = None
        if self._newest is None or self._newest.facts != header.facts:
            facts = self._facts = facts_image(message)
        self._newest = header
        if message.content.values is None:
            return AssemblyResult(facts=facts)
        growing = self._picture_of(message)
        if growing is None:
            self._open.append(GrowingPicture.begin(message))
            result = self._close_ended()
        else:
            result = self._add(growing, message)
        return replace(result, mode=self._mode, facts=facts)

    def _receive_late(self, message: NodeMessage[CompactMessage]) -> AssemblyResult:
        """Add the pixels of a message that newer ones overtook, unless its picture ended."""
        growing = self._picture_of(message)
        if growing is None or message.content.values is None:
            return AssemblyResult()
        return self._add(growing, message)

    def _picture_of(
        self, message: NodeMessage[CompactMessage]
    ) -> GrowingPicture | None:
        """Return the newest picture that a message belongs to, if there is one."""
        found = [one for one in self._open if one.includes(message)]
        return found[-1] if found else None

    def _add(
        self, growing: GrowingPicture, message: NodeMessage[CompactMessage]
    ) -> AssemblyResult:
        if growing.has_quarter(message.content.header.quarter):
            return AssemblyResult(duplicate=True)
        self._open[self._open.index(growing)] = growing.with_pixels(message)
        return self._close_ended()

    def _close_ended(self) -> AssemblyResult:
        """End complete pictures and all older ones, and the oldest beyond _MOST_OPEN."""
        complete = [
            number
            for number, one in enumerate(self._open, start=1)
            if one.image.complete
        ]
        return self._close(max(len(self._open) - _MOST_OPEN, *complete, 0))

    def _close(self, count: int) -> AssemblyResult:
        """End the `count` oldest pictures."""
        ended, self._open = self._open[:count], self._open[count:]
        images = tuple(replace(one.image, closed=True) for one in ended)
        if images:
            self._closed = images[-1]
            if self._newest and self._newest.facts == ended[-1].header.facts:
                self._facts = None
        return AssemblyResult(
            closed=images,
            last=tuple(CompactMessage(one.header, None) for one in ended),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the state, for JSON."""
        return {
            "cadence": list(self.cadence.samples),
            "gaps": list(self.cadence.gaps),
            "mode": self._mode,
            "newest": self._newest and asdict(self._newest),
            "facts": self._facts and self._facts.as_dict(),
            "open": [one.as_dict() for one in self._open],
            "closed": self._closed and self._closed.as_dict(),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> CompactAssembler:
        """Return an assembler with the state that `as_dict` returned."""
        assembler = cls()
        assembler.cadence = Cadence(data["cadence"], data["gaps"])
        assembler._mode = data["mode"] and Mode(data["mode"])
        assembler._newest = data["newest"] and header_from_dict(data["newest"])
        # Earlier releases did not store it.
        if facts := data.get("facts"):
            assembler._facts = ThermalImage.from_dict(facts)
        assembler._open = [GrowingPicture.from_dict(one) for one in data["open"]]
        assembler._closed = data["closed"] and ThermalImage.from_dict(data["closed"])
        return assembler


def _is_late(message: NodeMessage[Any], newest: NodeMessage[Any]) -> bool:
    """Return whether the newest message overtook another one.

    The time of a message shows that only if the network server's clock was not set back
    in between. The frame counter increases with each message of a session.
    """
    if message.received_at >= newest.received_at:
        return False
    if may_be_same_session(message.session, newest.session):
        if message.f_cnt <= newest.f_cnt:
            return True
        if is_same_session(message.session, newest.session):
            return False
    return newest.received_at - message.received_at <= OVERTAKEN
