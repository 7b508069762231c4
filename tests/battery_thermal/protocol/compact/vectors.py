"""Messages in the compact format, and what they state.

From a prototype of the format, which no code here shares. `sent` (rows of tenths of a °C)
is there where the picture was made up.
"""

from dataclasses import dataclass
import json
from pathlib import Path
from typing import override


@dataclass(frozen=True)
class Vector:
    """One message. Temperatures are tenths of a °C; what was not sent is None."""

    name: str
    payload: str
    quarter: int | None
    step: int
    status: int
    minimum: int
    maximum: int
    position: int
    number: int
    decoded: list[list[int | None]] | None
    sent: list[list[int]] | None = None

    @property
    def message(self) -> bytes:
        """The bytes."""
        return bytes.fromhex(self.payload)

    @override
    def __str__(self) -> str:
        """Name the test that it is a parameter of."""
        return self.name


VECTORS = [
    Vector(**vector)
    for vector in json.loads(Path(__file__).with_name("vectors.json").read_text())
]
