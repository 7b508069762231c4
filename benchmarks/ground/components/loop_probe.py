"""An integration for the benchmarks' Home Assistant that measures how long its event loop is blocked.

The WebSocket command ``loop_probe/take`` returns and resets the measurements since the last call, in ms, by the clock and
in processor time: every step of the tasks whose name ends in `` uplinks`` (one step processes the messages of an
application that have arrived), and the longest block by anything. ``loop_probe/blocks`` returns the number of Python's
memory blocks after a full garbage collection.

A full garbage collection goes through all objects of Home Assistant, in a few tenths of a second, and whatever makes
objects sets it off now and then. It is measured apart, and not part of the block in which it began.
"""

import asyncio
import gc
from pathlib import Path
import sys
import threading
import time
from typing import Any, Final

from homeassistant.components.websocket_api import async_register_command
from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.components.websocket_api.decorators import websocket_command
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.typing import ConfigType

DOMAIN = "loop_probe"

_OLDEST: Final = 2
"""The generation whose collection goes through all objects."""


class Probe:
    """Measures every callback of the loop."""

    def __init__(self) -> None:
        """Initialize without measurements."""
        self.steps: list[tuple[float, float]] = []
        self.collections: list[float] = []
        """Duration in ms of each full garbage collection, in any thread."""
        self._longest = self._longest_busy = 0.0
        self._loop_thread = threading.get_ident()
        self._callback_began = 0.0
        self._began = (0.0, 0.0)
        self._collecting = (0.0, 0.0)
        """ms of full garbage collections within the callback that runs, by the clock and in
        the processor time of the loop's thread. One in another thread keeps the loop waiting."""

    def start(self) -> None:
        """Measure every callback from now on."""
        run = asyncio.Handle._run  # noqa: SLF001 - the one place that all callbacks pass

        def measured(handle: asyncio.Handle) -> None:
            self._collecting = (0.0, 0.0)
            began, busy = time.perf_counter(), time.thread_time()
            self._callback_began = began
            run(handle)
            taken = (time.perf_counter() - began) * 1000 - self._collecting[0]
            busy = (time.thread_time() - busy) * 1000 - self._collecting[1]
            self._longest = max(self._longest, taken)
            self._longest_busy = max(self._longest_busy, busy)
            task = getattr(getattr(handle, "_callback"), "__self__", None)  # noqa: B009 - likewise
            if isinstance(task, asyncio.Task) and task.get_name().endswith(" uplinks"):
                self.steps.append((taken, busy))

        setattr(asyncio.Handle, "_run", measured)  # noqa: B010 - a name that is not public
        gc.callbacks.append(self._collect)

    def _collect(self, phase: str, info: dict[str, int]) -> None:
        if info["generation"] < _OLDEST:
            return
        if phase == "start":
            self._began = time.perf_counter(), time.thread_time()
            return
        now = time.perf_counter()
        taken = (now - self._began[0]) * 1000
        within = (now - max(self._began[0], self._callback_began)) * 1000
        of_loop = threading.get_ident() == self._loop_thread
        busy = (time.thread_time() - self._began[1]) * 1000 if of_loop else 0.0
        self._collecting = self._collecting[0] + within, self._collecting[1] + busy
        self.collections.append(taken)

    def take(self) -> dict[str, Any]:
        """Return the measurements, and reset them."""
        taken = {
            "steps": self.steps,
            "collections": self.collections,
            "longest": self._longest,
            "longest_busy": self._longest_busy,
        }
        self.steps, self.collections = [], []
        self._longest = self._longest_busy = 0.0
        return taken


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Start the probe."""
    hass.data[DOMAIN] = probe = Probe()
    probe.start()
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
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    memory = next(line.split()[1] for line in status if line.startswith("VmRSS"))
    connection.send_result(
        msg["id"],
        {
            **hass.data[DOMAIN].take(),
            "processor": time.process_time(),
            "memory": int(memory) / 1000,
            "files": len(list(Path("/proc/self/fd").iterdir())),
        },
    )


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
