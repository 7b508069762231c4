"""Attempts to reach a node: when a downlink is repeated, and when it is given up.

A node of class A receives only right after it sent. So uplinks are counted, not seconds.
"""

from typing import Final

NOT_SENT_AFTER: Final = 3
"""Uplinks after which a queued downlink should have been sent."""

NOT_OBEYED_AFTER: Final = 2
"""Uplinks after which a sent downlink should have had an effect."""

REPEAT_AFTER: Final = (2, 4, 8)
"""Uplinks before each repetition that follows the first, and after each refusal."""

_MOST: Final = 2 + len(REPEAT_AFTER)


class Attempts:
    """Attempts to deliver the wanted settings.

    `taken`: those that the network server has taken, `refused`: those that it has refused
    since, `uplinks`: those without the wanted effect since the last attempt.
    """

    def __init__(self, taken: int = 0, refused: int = 0, uplinks: int = 0) -> None:
        """Initialize with earlier attempts."""
        self.taken = taken
        self.refused = refused
        self.uplinks = uplinks

    def restart(self) -> None:
        """Forget all attempts."""
        self.taken = self.refused = 0

    def take(self) -> None:
        """Count an attempt that the network server has taken."""
        self.taken += 1
        self.refused = 0

    def refuse(self) -> None:
        """Count a refusal: no attempt to reach the node, and so never the last one."""
        self.refused += 1

    def make_due(self) -> None:
        """Make the attempt due that was refused last, and only that one."""
        self.uplinks = self._patience(queued=False)

    def succeed(self) -> None:
        """Keep one attempt: the settings are proven."""
        self.taken, self.refused = 1, 0

    def is_another_due(self, *, queued: bool) -> bool:
        """Return whether to offer the settings now; `queued`: the last is not sent yet."""
        tried = self.taken or self.refused
        if tried and self.uplinks < self._patience(queued=queued):
            return False
        return self.taken < _MOST

    @property
    def is_in_vain(self) -> bool:
        """Whether the last attempt has just turned out to have no effect."""
        return self.taken == _MOST and self.uplinks == REPEAT_AFTER[-1]

    def _patience(self, *, queued: bool) -> int:
        """Return the number of uplinks without effect before the next attempt."""
        if self.refused:
            return REPEAT_AFTER[min(self.refused, len(REPEAT_AFTER)) - 1]
        if self.taken > 1:
            return REPEAT_AFTER[min(self.taken, _MOST - 1) - 2]
        return NOT_SENT_AFTER if queued else NOT_OBEYED_AFTER
