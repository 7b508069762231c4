"""What the fuzzer runs: every parser of the session protocol on the same bytes. Only ``Discarded`` may come out."""

from pathlib import Path
import sys

import atheris

ROOT = Path(__file__).parents[2]
# The module alone: the integration's package needs Home Assistant, which has no place here.
sys.path.insert(0, str(ROOT / "custom_components" / "esp32_sensors"))
with atheris.instrument_imports(include=["protocol"]):
    import protocol  # type: ignore[import-not-found]

PARSERS = (
    protocol.parse_join,
    protocol.parse_leave,
    protocol.parse_switched,
    protocol.parse_light,
)


def parse(data: bytes) -> None:
    """Try every parser; any other exception ends the fuzzer with an error."""
    for parser in PARSERS:
        try:
            parser(data)
        except protocol.Discarded:
            continue


if __name__ == "__main__":
    atheris.Setup(sys.argv, parse)
    atheris.Fuzz()
