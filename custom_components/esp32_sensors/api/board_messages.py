"""Boards as JSON for dashboards.

Times are in seconds since the epoch, rounded to milliseconds.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ..core.boards import Board
from ..core.readings import KINDS, Reading


def state_of(board: Board) -> dict[str, Any]:
    """Return the part of a board that may change."""
    last_seen = board.last_seen
    return {
        "name": board.session.name,
        "online": board.online,
        "identifying": board.identifying,
        "firmware": board.firmware and board.firmware._asdict(),
        **{kind.key: board.value(kind) for kind in KINDS},
        "last_seen": None if last_seen is None else round(last_seen, 3),
    }


def record_of(board: Board, entry_id: str, *, control: bool) -> dict[str, Any]:
    """Return all data of a board; ``control``: whether the viewer may control it."""
    return state_of(board) | {
        "network": entry_id,
        "mac": board.mac,
        # Without microseconds: the id of the first session is this time in microseconds.
        "joined_at": int(board.joined_at),
        "control": control,
        "readings": rounded({kind.key: board.readings[kind.index] for kind in KINDS}),
    }


def rounded(readings: Mapping[str, Iterable[Reading]]) -> dict[str, list[Reading]]:
    """Return readings by kind, with times in milliseconds."""
    return {
        kind: [(round(time, 3), value) for time, value in values]
        for kind, values in readings.items()
    }
