"""Rules for taking over the boards of the first server: what is added, what stays.

Nothing that is known here is changed unless the owner has chosen it, and taking over the
same boards again changes nothing.
"""

from collections.abc import Collection, Iterable
from contextlib import suppress
from enum import StrEnum
from typing import NamedTuple

from .admission import Applicant
from .board_names import NameRefused, same_name_key
from .board_registry import BoardRegistry
from .boards import RECORD, SESSION, Board, Session, State
from .first_server import STORED_KINDS, OldBoard, session_microsecond, session_values
from .readings import newest


class Outcome(StrEnum):
    """What becomes of a board of the first server."""

    ADDED = "added"
    """Added with its name, and with its session if that is known."""
    RENAMED = "renamed"
    """Added with another name: its own one is taken here, or no name for a board."""
    DIFFERENT = "different"
    """Known here, and different: completed only if the owner has chosen it."""
    KNOWN = "known"
    """Known here, and there is nothing to take over."""
    REFUSED = "refused"
    """Left out: the owner has refused it here."""
    REPLACED = "replaced"
    """Left out: another board has its place here."""
    NO_ROOM = "no_room"
    """Left out: the network has as many boards as it may have."""


class Step(NamedTuple):
    """What becomes of one board."""

    old: OldBoard
    outcome: Outcome


def plan(registry: BoardRegistry, boards: Iterable[OldBoard]) -> list[Step]:
    """Return what taking over would do, without doing it.

    Of several boards with one MAC or one name, the one that was seen last has it.
    """
    steps = []
    names: set[str] = set()
    room = registry.limit - len(registry.boards)
    for old in _one_for_each_mac(boards):
        if (board := registry.boards.get(old.mac)) is not None:
            outcome = Outcome.DIFFERENT if _differs(registry, board, old) else None
            steps.append(Step(old, outcome or Outcome.KNOWN))
            continue
        if old.mac in registry.admission.refused:
            steps.append(Step(old, Outcome.REFUSED))
            continue
        if registry.retired.get(old.mac) is not None:
            steps.append(Step(old, Outcome.REPLACED))
            continue
        if room <= 0:
            steps.append(Step(old, Outcome.NO_ROOM))
            continue
        room -= 1
        key = None if old.name is None else same_name_key(old.name)
        if old.name is None or key in names or not registry.is_free(old.name, old.mac):
            steps.append(Step(old, Outcome.RENAMED))
            continue
        names.add(str(key))
        steps.append(Step(old, Outcome.ADDED))
    return steps


def take_over(
    registry: BoardRegistry,
    boards: Iterable[OldBoard],
    chosen: Collection[str],
    utc: float,
) -> tuple[list[Board], list[Board]]:
    """Take over boards; return those that were added, and those that were completed.

    ``chosen``: MACs, in upper case, of boards known here that are to be completed.
    ``utc`` is the current time, in seconds since the epoch.
    """
    added, completed = [], []
    steps = plan(registry, boards)
    # First those that keep their names: a default name must not be one of these.
    for old, outcome in steps:
        if outcome is Outcome.ADDED:
            added.append(_add(registry, old, old.name, utc))
    for old, outcome in steps:
        if outcome is Outcome.RENAMED:
            added.append(_add(registry, old, None, utc))
        elif outcome is Outcome.DIFFERENT and old.mac in chosen:
            board = registry.boards[old.mac]
            _complete(registry, board, old)
            completed.append(board)
    return added, completed


def _one_for_each_mac(boards: Iterable[OldBoard]) -> list[OldBoard]:
    """Return one board for each MAC, those that were seen last first."""
    found: dict[str, OldBoard] = {}
    for old in sorted(boards, key=lambda one: one.last_seen or 0.0, reverse=True):
        found.setdefault(old.mac, old)
    return list(found.values())


def _add(registry: BoardRegistry, old: OldBoard, name: str | None, utc: float) -> Board:
    """Add a board that is not known here; without ``name`` it gets a default name."""
    registry.admission.waiting.pop(old.mac, None)
    if name is None or old.session_id is None:
        # No message of the board will have this session: it has to join.
        board = registry.create(old.mac, Applicant(old.address, False), utc, name)
        board.session.state = State.OFFLINE
    else:
        session = Session(name, old.session_id, State.OFFLINE)
        board = Board(old.mac, session, old.joined_at)
        board.address = old.address
        registry.last_session = max(
            registry.last_session, session_microsecond(old.session_id)
        )
        registry.restore(board)
        for kind, value in zip(STORED_KINDS, session_values(old), strict=True):
            board.readings[kind.index].value = (
                value if value is None or not kind.is_binary else value == 1
            )
    board.joined_at = old.joined_at
    board.last_seen = old.last_seen
    _set_readings(board, old.readings)
    _mark_changed(registry)
    return board


def _complete(registry: BoardRegistry, board: Board, old: OldBoard) -> None:
    """Complete a board that is known here by what the first server knew."""
    board.joined_at = min(board.joined_at, old.joined_at)
    board.last_seen = _later(board.last_seen, old.last_seen)
    _set_readings(board, _merged(board, old))
    if _gets_name(registry, board, old):
        # A board in a session that is not known here may have this name at present.
        with suppress(NameRefused):
            registry.rename(board, str(old.name))
    _mark_changed(registry)
    board.notify_listeners(SESSION | RECORD)


def _differs(registry: BoardRegistry, board: Board, old: OldBoard) -> bool:
    """Return whether completing a board would change it."""
    return (
        old.joined_at < board.joined_at
        or _later(board.last_seen, old.last_seen) != board.last_seen
        or _merged(board, old)
        != tuple(tuple(board.readings[kind.index]) for kind in STORED_KINDS)
        or _gets_name(registry, board, old)
    )


def _gets_name(registry: BoardRegistry, board: Board, old: OldBoard) -> bool:
    """Return whether a board can have its old name, and has another one.

    A board that is named as its device keeps that name: the owner has chosen it here.
    """
    return (
        old.name is not None
        and board.own_name is None
        and old.name != board.name_to_come
        and registry.is_free(old.name, board.mac)
    )


def _merged(board: Board, old: OldBoard) -> tuple[tuple[tuple[float, int], ...], ...]:
    return tuple(
        newest([*board.readings[kind.index], *there])
        for kind, there in zip(STORED_KINDS, old.readings, strict=True)
    )


def _set_readings(
    board: Board, readings: tuple[tuple[tuple[float, int], ...], ...]
) -> None:
    """Replace the last readings of a board; its current values stay as they are."""
    for kind, values in zip(STORED_KINDS, readings, strict=True):
        board.readings[kind.index].replace(values)


def _later(one: float | None, other: float | None) -> float | None:
    return max((time for time in (one, other) if time is not None), default=None)


def _mark_changed(registry: BoardRegistry) -> None:
    registry.sessions_changed = True
    registry.values_changed = registry.unrepeated_changed = True
