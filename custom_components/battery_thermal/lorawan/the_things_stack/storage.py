"""The storage integration of The Things Stack: how it stores, and its stream of uplinks.

The stream is JSON, one object a line, each line with a line end. The HTTP status is sent
before the first line, so a later failure shows in the stream alone: as an object with an
error, or as an end within a line.
Source: The Things Stack's API (v3.36), ApplicationUpStorage.
"""

from collections.abc import AsyncIterable
from datetime import timedelta
from typing import Final

from ..bounded_json import json_loads_object
from ..network_server import NetworkServerError, UnreachableError, Uplink, UplinkStorage
from .messages import read_stored_uplink

# The Things Network stores for 24 hours (documentation of the storage integration). The
# server writes in batches and documents no time for that; 40 s are assumed.
STORAGE: Final = UplinkStorage(
    kept_for=timedelta(hours=24),
    stored_within=timedelta(seconds=40),
    retry_waits=(2.0, 5.0, 15.0),
    fetch_again_after=45.0,
)


async def read_stored_uplinks(lines: AsyncIterable[bytes]) -> list[Uplink]:
    """Read a stream of stored uplinks to its end.

    The last of `lines` is what follows the last line end. A line of another shape is
    left out. Raises NetworkServerError for an error in the stream, for a stream that was
    cut, and for one of which no line can be read: the caller may try again.
    """
    uplinks: list[Uplink] = []
    unreadable = False
    line = b""
    async for line in lines:
        if not line.strip():
            continue
        if uplink := read_stored_uplink(line):
            uplinks.append(uplink)
        else:
            unreadable = True
    if not _is_whole(line):
        raise UnreachableError("the stream of stored uplinks was cut")
    if unreadable and not uplinks:
        raise NetworkServerError("a stream of stored uplinks was expected")
    return uplinks


def _is_whole(rest: bytes) -> bool:
    """Return whether a stream may end with what follows its last line end."""
    if not rest.strip():
        return True
    try:
        json_loads_object(rest)
    except ValueError:
        return False
    return True
