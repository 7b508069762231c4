"""A process with a clock of its own, that can be set."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
import subprocess
import sys

_SOURCE = Path(__file__).with_suffix(".c")


class WrongClock:
    """The clock of a child process, until it is set as right as everybody else's."""

    def __init__(self, folder: Path) -> None:
        """Build what the child is to load; ``folder`` takes it. Needs a C compiler."""
        self._library = folder / "wrong_clock.so"
        self._seconds = folder / "wrong_clock"
        self._set(0)
        subprocess.run(
            ["cc", "-shared", "-fPIC", "-O", "-o", self._library, _SOURCE, "-ldl"],
            check=True,
        )

    def command(self, *command: str) -> Sequence[str]:
        """Return the command that runs ``command`` by this clock."""
        return (
            "env",
            f"LD_PRELOAD={self._library}",
            f"WRONG_CLOCK={self._seconds}",
            *command,
        )

    @contextmanager
    def wrong(self, seconds: int) -> Generator[None]:
        """Set the clock forward, or back where negative, and right again in the end."""
        self._set(seconds)
        try:
            yield
        finally:
            self._set(0)

    def _set(self, seconds: int) -> None:
        # In place, as the child has the file mapped.
        with self._seconds.open("r+b" if self._seconds.exists() else "wb") as file:
            file.write(seconds.to_bytes(8, sys.byteorder, signed=True))
