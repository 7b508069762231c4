"""Tests of the stream of stored uplinks, complete and truncated."""

from collections.abc import AsyncIterator
import json

import pytest

from custom_components.battery_thermal.lorawan.network_server import (
    NetworkServerError,
    UnreachableError,
)
from custom_components.battery_thermal.lorawan.the_things_stack.storage import (
    read_stored_uplinks,
)


def line(f_cnt: int) -> bytes:
    """Return a stored uplink as the storage integration returns it."""
    uplink = {"f_cnt": f_cnt, "received_at": "2026-03-04T10:00:00Z"}
    ids = {"device_id": "garage"}
    message = {"end_device_ids": ids, "uplink_message": uplink}
    return json.dumps({"result": message}).encode()


async def read(stream: bytes) -> list[int]:
    """Return the frame counters of the uplinks in a stream."""

    async def lines() -> AsyncIterator[bytes]:
        for one in stream.split(b"\n"):
            yield one

    return [uplink.f_cnt for uplink in await read_stored_uplinks(lines())]


ERROR = b'{"error": {"code": 14, "http_code": 503, "message": "unavailable"}}'


@pytest.mark.parametrize(
    ("stream", "f_cnts"),
    [
        (b"", []),
        (b"\n\n", []),
        (line(1) + b"\n\n" + line(2) + b"\n\n", [1, 2]),
        # Without the last line end.
        (line(1) + b"\n" + line(2), [1, 2]),
        # An uplink of unknown shape does not prevent reading the others.
        (b'{"result": {}}\nnonsense\n' + line(1) + b"\n", [1]),
        (b'{"error": null}\n' + line(1) + b"\n", [1]),
    ],
)
async def test_whole(stream: bytes, f_cnts: list[int]) -> None:
    """All readable uplinks are returned in order."""
    assert await read(stream) == f_cnts


@pytest.mark.parametrize(
    "stream",
    [
        ERROR,
        ERROR + b"\n",
        line(1) + b"\n" + ERROR + b"\n",
        line(1) + b"\n" + ERROR + b"\n" + line(2) + b"\n",
        b"<html>\n</html>\n",
        b'{"result": {}}\n',
    ],
)
async def test_failed(stream: bytes) -> None:
    """An error in the stream, and another kind of stream, are failures."""
    with pytest.raises(NetworkServerError):
        await read(stream)


@pytest.mark.parametrize("length", range(1, len(line(2))))
async def test_cut(length: int) -> None:
    """A stream that ends within its last line is a failure."""
    with pytest.raises(UnreachableError):
        await read(line(1) + b"\n\n" + line(2)[:length])
