"""The usual times between the messages of a node, learned from the last ones."""

from collections import deque
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from .node_message import NodeMessage
from .session import may_be_same_session

PUBLISHED = timedelta(seconds=30)
"""Published nodes wait 25 s between messages, and measure and send meanwhile."""

_SAMPLES = 15
_ENOUGH = 3

# This share of the samples may be too short.
_TOO_SHORT = 1 / 4

# A longer time is no pause: the node was off, or a clock was set.
_LONGEST = timedelta(days=7)

_GAPS = 64
"""Of two images of 32 messages: each has one pause before it."""


class Cadence:
    """The usual times between two messages of the node.

    The interval is the lower quartile of the last samples. Where the frame counter
    restarts with each image, a sample may span whole images that were lost, and is too
    long then: one in seven with images of two lines and 40 % loss. The median of nine
    such samples was too long often enough to join lines of two images. Samples are too
    short when a gateway sends several messages late and at once.
    """

    def __init__(
        self, samples: Iterable[float] = (), gaps: Iterable[float] = ()
    ) -> None:
        """Start with earlier samples, in seconds a message, and gaps, in seconds."""
        longest = _LONGEST.total_seconds()
        self.samples = deque(
            (one for one in samples if one <= longest), maxlen=_SAMPLES
        )
        self.gaps = deque((one for one in gaps if one <= longest), maxlen=_GAPS)

    @property
    def interval(self) -> timedelta:
        """The usual time between two messages; a published node's until learned."""
        if len(self.samples) < _ENOUGH:
            return PUBLISHED
        quartile = int(_TOO_SHORT * len(self.samples))
        return timedelta(seconds=sorted(self.samples)[quartile])

    @property
    def pause(self) -> timedelta:
        """The longest usual time between two messages, as between two images.

        That is not the longest gap, which may have been an accident, but the one after
        it: something so long has happened twice within two images.
        """
        if len(self.gaps) < 2:
            return self.interval
        return timedelta(seconds=sorted(self.gaps)[-2])

    def observe_messages(
        self, before: NodeMessage[Any] | None, message: NodeMessage[Any]
    ) -> None:
        """Learn from a message and the one received before it."""
        if before is None:
            return
        messages = message.f_cnt - before.f_cnt
        elapsed = message.received_at - before.received_at
        if elapsed < timedelta():
            return
        self.observe_gap(elapsed)
        if messages > 0 and may_be_same_session(message.session, before.session):
            self.observe(elapsed, messages)

    def observe(self, elapsed: timedelta, messages: int) -> None:
        """Learn from a number of messages sent one after the other."""
        if elapsed / messages <= _LONGEST:
            self.samples.append(elapsed.total_seconds() / messages)

    def observe_gap(self, gap: timedelta) -> None:
        """Learn from the time between two messages that were heard."""
        if gap <= _LONGEST:
            self.gaps.append(gap.total_seconds())
