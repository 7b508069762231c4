"""How fast the node speaks: learned from when it did."""

from collections import deque
from collections.abc import Iterable
from datetime import timedelta

PUBLISHED = timedelta(seconds=30)
"""Published nodes wait 25 s between messages, and measure and send meanwhile."""

_SAMPLES = 9
_ENOUGH = 3

_GAPS = 64
"""Of two images of 32 messages: each has one pause before it."""


class Cadence:
    """The usual times between two messages of the node.

    Between those of one image the median of the last few tells: lost messages and
    pauses stretch some times, and nothing shortens one.
    """

    def __init__(
        self, samples: Iterable[float] = (), gaps: Iterable[float] = ()
    ) -> None:
        """Start with earlier samples, in seconds a message, and gaps, in seconds."""
        self.samples = deque(samples, maxlen=_SAMPLES)
        self.gaps = deque(gaps, maxlen=_GAPS)

    @property
    def interval(self) -> timedelta:
        """The usual time between two messages; a published node's until learned."""
        if len(self.samples) < _ENOUGH:
            return PUBLISHED
        return timedelta(seconds=sorted(self.samples)[len(self.samples) // 2])

    @property
    def pause(self) -> timedelta:
        """The longest time that the node usually says nothing, as between two images.

        That is not the longest gap, which may have been an accident, but the one after
        it: something so long has happened twice within two images.
        """
        if len(self.gaps) < 2:
            return self.interval
        return timedelta(seconds=sorted(self.gaps)[-2])

    def observe(self, elapsed: timedelta, messages: int) -> None:
        """Learn from a number of messages sent one after the other."""
        self.samples.append(elapsed.total_seconds() / messages)

    def observe_gap(self, gap: timedelta) -> None:
        """Learn from the time between two messages that were heard."""
        self.gaps.append(gap.total_seconds())
