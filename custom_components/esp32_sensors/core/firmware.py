"""The firmware of a board, which it may report: an extension of this server.

Published boards do not report it.
"""

from collections.abc import Iterable
import re
from typing import Final, NamedTuple

from .boards import SESSION, Board
from .clock import Instant
from .protocol import (
    NAME_BYTES as BOARD_NAME_BYTES,
    SESSION_ID_BYTES,
    Discarded,
    Firmware,
    Reason,
    decode,
)

INFO: Final = "state/info"

#: The longest name of a firmware and the longest version, in bytes. With them the message
#: fits a packet of 200 bytes, also on a directed topic behind a long prefix.
NAME_BYTES: Final = 24
VERSION_BYTES: Final = 16
#: The longest payload: ``<name>;<session_id>;<firmware>;<version>``.
INFO_BYTES: Final = (
    BOARD_NAME_BYTES + 1 + SESSION_ID_BYTES + 1 + NAME_BYTES + 1 + VERSION_BYTES
)

#: Seconds from the start of a session in which a board has to report its firmware. After
#: that the one of an earlier session is dropped: it may have been replaced.
REPORTED_WITHIN: Final = 60.0

_VERSION: Final = re.compile(r"[!-~]+")


class Info(NamedTuple):
    """``<name>;<session_id>;<firmware>;<version>``: a board reports its firmware."""

    name: str
    session_id: str
    firmware: Firmware


def parse_info(payload: bytes) -> Info:
    """Parse a message on ``state/info``; raise ``Discarded`` if it is invalid.

    The name of a firmware is visible text, its version visible ASCII without spaces.
    """
    parts = decode(payload, INFO_BYTES).split(";")
    if len(parts) != 4:
        raise Discarded(Reason.MALFORMED)
    name, session_id, firmware, version = parts
    if not (
        firmware
        and firmware == firmware.strip()
        and firmware.isprintable()
        and len(firmware.encode()) <= NAME_BYTES
        and _VERSION.fullmatch(version)
        and len(version) <= VERSION_BYTES
    ):
        raise Discarded(Reason.BAD_VALUE)
    return Info(name, session_id, Firmware(firmware, version))


def set_firmware(board: Board, firmware: Firmware) -> int:
    """Set what a board reports as its firmware; return the aspects that this changes.

    The first report of a session counts: a board cannot change its firmware without a new
    session.
    """
    is_first, board.session.firmware_reported = (
        not board.session.firmware_reported,
        True,
    )
    if not is_first or board.firmware == firmware:
        return 0
    board.firmware = firmware
    return SESSION


def drop_outdated(boards: Iterable[Board], now: Instant) -> list[Board]:
    """Drop firmware that was not reported in a session; return the boards that had it."""
    outdated = [
        board
        for board in boards
        if board.firmware is not None
        and board.online
        and not board.session.firmware_reported
        and board.session.started_at is not None
        and now.utc - board.session.started_at >= REPORTED_WITHIN
    ]
    for board in outdated:
        board.firmware = None
        board.notify_listeners(SESSION)
    return outdated
