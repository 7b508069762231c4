"""A bad network between Home Assistant and a broker: packets come late, out of order, or not at all.

Two virtual interfaces (TUN), one of them in a network namespace with the broker, and this process as the cable between
them. It does to packets what ``tc netem`` does, on kernels built without that. Linux, root.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
import fcntl
import os
from pathlib import Path
from random import Random
import struct
import subprocess
from types import SimpleNamespace
from typing import Final

_TUN: Final = Path("/dev/net/tun")
# linux/if_tun.h
_TUNSETIFF: Final = 0x400454CA
_IFF_TUN: Final = 0x0001
_IFF_NO_PI: Final = 0x1000
_LARGEST: Final = 2048

NEAR: Final = "10.213.0.1"
FAR: Final = "10.213.0.2"


@dataclass(slots=True)
class Weather:
    """Disturbances of packets."""

    delay: float = 0.0
    """Delay in seconds, in each direction."""
    jitter: float = 0.0
    """Random variation of the delay in seconds, which changes the order of packets."""
    loss: float = 0.0
    """Share of lost packets."""
    cut: bool = False
    """Whether all packets are lost."""


class BadLine:
    """The virtual network."""

    def __init__(self, namespace: str, seed: int = 0) -> None:
        """Initialize; ``namespace`` is also part of the names of the interfaces."""
        self.namespace = namespace
        self.weather = Weather()
        self.figures = SimpleNamespace(carried=0, lost=0, overtaken=0)
        self._random = Random(seed)
        self._due = 0.0

    def command(self, *command: str) -> list[str]:
        """Return a command that runs in the namespace."""
        return ["ip", "netns", "exec", self.namespace, *command]

    @asynccontextmanager
    async def laid(self) -> AsyncGenerator[None]:
        """Create the interfaces, and forward packets until the block ends."""
        names = f"{self.namespace}n", f"{self.namespace}f"
        _ip("netns", "add", self.namespace)
        ends: list[int] = []
        try:
            ends = [_tun(name) for name in names]
            _ip("link", "set", names[1], "netns", self.namespace)
            _ip("address", "add", NEAR, "peer", FAR, "dev", names[0])
            _ip("link", "set", names[0], "up")
            for command in (
                f"address add {FAR} peer {NEAR} dev {names[1]}",
                f"link set {names[1]} up",
                "link set lo up",
            ):
                _ip("-n", self.namespace, *command.split())
            loop = asyncio.get_running_loop()
            for here, there in (ends[0], ends[1]), (ends[1], ends[0]):
                loop.add_reader(here, self._carry, here, there)
            yield
            for end in ends:
                loop.remove_reader(end)
        finally:
            for end in ends:
                os.close(end)
            _ip("netns", "delete", self.namespace)

    def _carry(self, here: int, there: int) -> None:
        packet = os.read(here, _LARGEST)
        weather = self.weather
        if weather.cut or self._random.random() < weather.loss:
            self.figures.lost += 1
            return
        self.figures.carried += 1
        loop = asyncio.get_running_loop()
        wait = weather.delay + weather.jitter * self._random.uniform(-1, 1)
        due = loop.time() + max(wait, 0)
        self.figures.overtaken += due < self._due
        self._due = due
        loop.call_at(due, os.write, there, packet)


def usable() -> bool:
    """Return whether this machine can create the interfaces."""
    return os.geteuid() == 0 and os.access(_TUN, os.W_OK)


def _tun(name: str) -> int:
    end = os.open(_TUN, os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(
        end, _TUNSETIFF, struct.pack("16sH", name.encode(), _IFF_TUN | _IFF_NO_PI)
    )
    return end


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)
