"""Points in time as the rules of this package get them."""

from typing import NamedTuple


class Instant(NamedTuple):
    """One moment on two clocks, both in seconds."""

    utc: float
    """Since the epoch: to show and to store. May be set forward and back."""
    monotonic: float
    """From an arbitrary start: to measure durations."""
