"""Bytes that the stand-in sends unchanged, instead of a protocol's answer."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import count

_AHEAD = 1_000_000
"""Limit of bytes that wait for the client to read."""


class Where(StrEnum):
    """Place of a conversation at which the bytes are sent."""

    RIGHTS = "/rights"
    """The answer to the request for a key's rights."""
    DEVICES = "/devices"
    """The answer to the request for the list of devices."""
    STORED = "/packages/storage/uplink_message"
    """The answer to the request for stored uplinks."""
    DOWN = "/down/replace"
    """The answer to a downlink."""
    CONNECT = "connect"
    """MQTT: the answer to CONNECT."""
    SUBSCRIBE = "subscribe"
    """MQTT: the answer to SUBSCRIBE."""
    PUBLISH = "publish"
    """MQTT: what follows once the subscription is acknowledged."""


@dataclass(frozen=True, slots=True)
class Raw:
    """Content and timing of the bytes."""

    pieces: Callable[[], Iterable[bytes]]
    """The pieces, possibly endless."""
    pause: float = 0.0
    """Seconds between two pieces."""
    closes: bool = True
    """Whether the connection is closed afterwards; otherwise it stays open and silent."""


def raw(*pieces: bytes, pause: float = 0.0, closes: bool = True) -> Raw:
    """Return a script that sends some pieces once."""
    return Raw(lambda: pieces, pause, closes)


def endless(piece: bytes, before: bytes = b"", pause: float = 0.0) -> Raw:
    """Return a script that repeats a piece after another one."""
    return Raw(
        lambda: (piece if number else before + piece for number in count()), pause
    )


async def send(transport: asyncio.WriteTransport, what: Raw) -> None:
    """Send all pieces as fast as they are read; return early without a reader."""
    for piece in what.pieces():
        if transport.is_closing():
            return
        transport.write(piece)
        await asyncio.sleep(what.pause)
        while transport.get_write_buffer_size() > _AHEAD and not transport.is_closing():
            await asyncio.sleep(0.005)
    if what.closes:
        transport.close()
    while not transport.is_closing():
        await asyncio.sleep(0.05)
