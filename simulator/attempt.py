"""An attempt of a broken or hostile server to block a client."""

from dataclasses import dataclass
from typing import Any

from .raw import Raw, Where

WRONG_VALUES: tuple[Any, ...] = (
    *(5, -1, 1e308, "x", "", [], [[]], {}, {"a": 1}, None, True, "9" * 5000),
)
"""Values of which each is a wrong one for most fields of a message."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt, with its name: bytes in place of one part of the conversation."""

    name: str
    where: Where
    what: Raw

    @property
    def in_dialog(self) -> bool:
        """Return whether the attempt takes place during the set-up dialog."""
        return self.where in (Where.RIGHTS, Where.CONNECT, Where.SUBSCRIBE)
