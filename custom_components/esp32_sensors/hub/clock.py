"""The clocks of this process, for the rules of ``core``."""

from time import monotonic, time

from ..core.clock import Instant


def now() -> Instant:
    """Return the current time on both clocks."""
    return Instant(time(), monotonic())
