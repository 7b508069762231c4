"""Identification of a board: its LED blinks for some seconds, and is then as it was.

Published boards answer every LED command, but do not read messages for about one second
of two. Commands at fixed times could be read in pairs, so that the LED would not blink.
So each command waits for the answer to the one before.
"""

from typing import Final

#: Seconds from the first command until the LED gets its state back.
DURATION: Final = 5.0

#: Seconds from the answer of a board to the next command: long enough to be seen, and
#: short enough for several changes in ``DURATION``.
HOLD: Final = 0.5

#: Seconds that a board has to answer. After that its status counts as lost. Published
#: boards answer within 2 s.
ANSWER: Final = 2.0

#: Largest number of boards of a network that blink at a time. Nobody can find more of
#: them at once, and on shared topics each command is delivered to every board.
AT_ONCE: Final = 4

#: Seconds for which a board may be away to get the state of its LED back in a new session.
#: Published boards need 15 s to start again.
AWAY: Final = 60.0

#: How often the restored state is commanded when the board does not confirm it.
ATTEMPTS: Final = 3


class Blinking:
    """The blinking of one LED; times are in seconds on the monotonic clock."""

    def __init__(self, before: bool, monotonic: float, *, certain: bool) -> None:
        """Initialize without commands.

        ``before``: the state of the LED now. ``certain``: whether it was reported, and no
        command is under way.
        """
        self.before = before
        self._commanded = before
        self._answered = True
        """Whether the last command was answered."""
        self._certain = certain
        """Whether no other command can still be answered."""
        self._next_at = monotonic
        self._until = monotonic + DURATION

    def extend(self, monotonic: float) -> None:
        """Blink for ``DURATION`` from now on."""
        self._until = monotonic + DURATION

    def wait(self, monotonic: float) -> float | None:
        """Return the seconds until the next command; None when the blinking is over."""
        if monotonic >= self._until:
            return None
        return max(min(self._next_at, self._until) - monotonic, 0.0)

    def next_command(self, monotonic: float) -> bool:
        """Return the next command, which is sent now."""
        self._certain = self._certain and self._answered
        self._answered = False
        self._commanded = not self._commanded
        self._next_at = monotonic + ANSWER
        return self._commanded

    def report(self, on: bool, monotonic: float) -> bool:
        """Note a reported state; return False when somebody else has switched the LED.

        That is so when all commands were answered and the LED is not as last commanded.
        After a lost answer this cannot be distinguished from a late one.
        """
        if on is not self._commanded:
            return not (self._answered and self._certain)
        if not self._answered:
            self._answered = True
            self._next_at = monotonic + HOLD
        return True

    @property
    def is_answered(self) -> bool:
        """Return whether the last command was answered."""
        return self._answered

    @property
    def is_restored(self) -> bool:
        """Return whether the LED was reported to be as before."""
        return self._answered and self._commanded is self.before
