"""Fuzz target: every parser of the session protocol on the same bytes. Only ``Discarded`` is allowed."""

from functools import partial
from pathlib import Path
import sys

import atheris

ROOT = Path(__file__).parents[2]
# Import the module only: the integration needs Home Assistant, which is not installed here.
sys.path.insert(0, str(ROOT / "custom_components" / "esp32_sensors" / "core"))
with atheris.instrument_imports(include=["protocol"]):
    import protocol  # type: ignore[import-not-found]

PARSERS = (
    protocol.parse_join,
    protocol.parse_leave,
    partial(protocol.parse_report, 1),
    partial(protocol.parse_report, 100),
)


def parse(data: bytes) -> None:
    """Run every parser; any other exception ends the fuzzer with an error."""
    for parser in PARSERS:
        try:
            parser(data)
        except protocol.Discarded:
            continue


if __name__ == "__main__":
    atheris.Setup(sys.argv, parse)
    atheris.Fuzz()
