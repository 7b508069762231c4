"""An integration for the benchmarks' Home Assistant that measures how long its event loop is blocked.

The WebSocket command ``loop_probe/take`` returns and resets the measurements since the last call, in ms, by the clock and
in processor time: every step of the tasks whose name ends in `` uplinks`` (one step processes the messages of an
application that have arrived), and the longest block by anything. ``loop_probe/blocks`` returns the number of Python's
memory blocks after a full garbage collection.
"""

import asyncio
import gc
from pathlib import Path
import sys
import time
from typing import Any

from homeassistant.components.websocket_api import async_register_command
from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.components.websocket_api.decorators import websocket_command
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.typing import ConfigType

DOMAIN = "loop_probe"

_steps: list[tuple[float, float]] = []
_longest = 0.0
_longest_busy = 0.0


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Measure every callback from now on."""
    run = asyncio.Handle._run  # noqa: SLF001 - the one place that all callbacks pass

    def measured(handle: asyncio.Handle) -> None:
        global _longest, _longest_busy  # noqa: PLW0603
        began, busy = time.perf_counter(), time.thread_time()
        run(handle)
        taken = (time.perf_counter() - began) * 1000
        busy = (time.thread_time() - busy) * 1000
        _longest = max(_longest, taken)
        _longest_busy = max(_longest_busy, busy)
        task = getattr(getattr(handle, "_callback"), "__self__", None)  # noqa: B009 - likewise
        if isinstance(task, asyncio.Task) and task.get_name().endswith(" uplinks"):
            _steps.append((taken, busy))

    setattr(asyncio.Handle, "_run", measured)  # noqa: B010 - a name that is not public
    async_register_command(hass, _take)
    async_register_command(hass, _blocks)
    return True


@websocket_command({"type": f"{DOMAIN}/take"})
@callback
def _take(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
) -> None:
    """Answer."""
    global _longest, _longest_busy  # noqa: PLW0603
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    memory = next(line.split()[1] for line in status if line.startswith("VmRSS"))
    connection.send_result(
        msg["id"],
        {
            "steps": list(_steps),
            "longest": _longest,
            "longest_busy": _longest_busy,
            "processor": time.process_time(),
            "memory": int(memory) / 1000,
            "files": len(list(Path("/proc/self/fd").iterdir())),
        },
    )
    _steps.clear()
    _longest = _longest_busy = 0.0


@websocket_command({"type": f"{DOMAIN}/blocks"})
@callback
def _blocks(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
) -> None:
    """Collect garbage, and answer."""
    gc.collect()
    connection.send_result(msg["id"], sys.getallocatedblocks())
