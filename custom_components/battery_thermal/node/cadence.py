"""How fast the node speaks: learned from when it did."""

from collections import deque
from collections.abc import Iterable
from datetime import timedelta

PUBLISHED = timedelta(seconds=30)
"""Published nodes wait 25 s between messages, and measure and send meanwhile."""

_SAMPLES = 9
_ENOUGH = 3


class Cadence:
    """The usual time between two messages of the node.

    The median of the last few tells it: lost messages and pauses stretch some times,
    and nothing shortens one.
    """

    def __init__(self, samples: Iterable[float] = ()) -> None:
        """Start with earlier samples, in seconds a message."""
        self.samples = deque(samples, maxlen=_SAMPLES)

    @property
    def interval(self) -> timedelta:
        """The usual time between two messages; a published node's until learned."""
        if len(self.samples) < _ENOUGH:
            return PUBLISHED
        return timedelta(seconds=sorted(self.samples)[len(self.samples) // 2])

    def observe(self, elapsed: timedelta, messages: int) -> None:
        """Learn from a number of messages sent one after the other."""
        self.samples.append(elapsed.total_seconds() / messages)
