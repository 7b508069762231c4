"""A process with its own adjustable clock."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
import subprocess
import sys

_SOURCE = Path(__file__).with_suffix(".c")


class WrongClock:
    """The clock of a child process; correct until it is set."""

    def __init__(self, folder: Path) -> None:
        """Build the library for the child in ``folder``. Needs a C compiler."""
        self._library = folder / "wrong_clock.so"
        self._seconds = folder / "wrong_clock"
        self._set(0)
        subprocess.run(
            ["cc", "-shared", "-fPIC", "-O", "-o", self._library, _SOURCE, "-ldl"],
            check=True,
        )

    def command(self, *command: str) -> Sequence[str]:
        """Return the command that runs ``command`` with this clock."""
        return (
            "env",
            f"LD_PRELOAD={self._library}",
            f"WRONG_CLOCK={self._seconds}",
            *command,
        )

    @contextmanager
    def wrong(self, seconds: int) -> Generator[None]:
        """Set the clock forward, or back if negative; correct it in the end."""
        self._set(seconds)
        try:
            yield
        finally:
            self._set(0)

    def _set(self, seconds: int) -> None:
        # In place, because the child has mapped the file.
        with self._seconds.open("r+b" if self._seconds.exists() else "wb") as file:
            file.write(seconds.to_bytes(8, sys.byteorder, signed=True))
