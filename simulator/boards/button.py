"""The published firmware's sampling of its button."""

from typing import Final

#: The filter below gives the four figures that were measured on a published board, at
#: its 100 ms between looks: pushes under 0.4 s are lost, 0.5 s is reported as 1.3 s,
#: 3 s as 3.8 s, and a double click of 2 x 150 ms is one push in half of the cases, none
#: otherwise. How the firmware comes to them is not known (its loop is deaf for about one
#: second of two), so the numbers of looks are chosen to fit, not read from its code.
_LOOKS_TO_PUSH: Final = 4
"""Samples from the first to the last pressed one, before a push is detected."""
_LOOKS_TO_RELEASE: Final = 13
"""Samples since the last pressed one, before a release is detected."""
_LOOKS_OVERLOOKED: Final = 2
"""Consecutive released samples that do not cancel a push."""


class FieldButton:
    """The button of a published board, sampled in equal intervals."""

    def __init__(self) -> None:
        """Start released."""
        self.down = False
        """The detected state."""
        self._look = 0
        self._first: int | None = None
        self._last = 0

    @property
    def settled(self) -> bool:
        """Return whether further released samples would change nothing."""
        return not self.down and self._first is None

    def look(self, pressed: bool) -> None:
        """Process one sample; ``down`` may change."""
        self._look += 1
        if pressed:
            if self._first is None:
                self._first = self._look
            self._last = self._look
            self.down = self.down or self._look - self._first >= _LOOKS_TO_PUSH
        elif self.down:
            if self._look - self._last >= _LOOKS_TO_RELEASE:
                self.down, self._first = False, None
        elif self._look - self._last > _LOOKS_OVERLOOKED:
            self._first = None
