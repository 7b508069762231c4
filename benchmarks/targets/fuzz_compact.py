"""Fuzz target: the decoder of the compact format. Only ``UplinkError`` is allowed, within 10 ms for an input."""

from contextlib import suppress
from pathlib import Path
import sys
from time import thread_time
from types import ModuleType

import atheris

ROOT = Path(__file__).parents[2]
AT_MOST = 0.010
"""Seconds of the processor. Instrumented code is slower, so that an input may take this ten times before it is a finding."""

# Import the package only: the integration needs Home Assistant, which is not installed here.
package = ModuleType("battery_thermal")
package.__path__ = [str(ROOT / "custom_components" / "battery_thermal")]
sys.modules["battery_thermal"] = package
with atheris.instrument_imports(include=["battery_thermal.protocol"]):
    from battery_thermal.protocol.compact import decode_message  # type: ignore[import-not-found]
    from battery_thermal.protocol.uplink import UplinkError  # type: ignore[import-not-found]


def decode(data: bytes) -> None:
    """Decode any bytes, and once more behind the nibble of the version; any other exception ends the fuzzer."""
    for payload in (data, bytes((0x10 | data[0] & 0x07,)) + data[1:] if data else b""):
        start = thread_time()
        with suppress(UplinkError):
            decode_message(payload)
        if thread_time() - start > 10 * AT_MOST:
            raise TimeoutError(payload.hex())


if __name__ == "__main__":
    atheris.Setup(sys.argv, decode)
    atheris.Fuzz()
