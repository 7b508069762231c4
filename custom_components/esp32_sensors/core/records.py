"""Conversion of a registry to and from the dictionaries that are stored."""

from typing import Any

from .admission import Applicant
from .board_registry import BoardRegistry
from .boards import Board, Session, State
from .protocol import Firmware
from .readings import KINDS, LED, Readings, newest
from .retired import Retired


def sessions_as_dict(registry: BoardRegistry) -> dict[str, Any]:
    """Return the data that must never be lost: names and session ids."""
    return {
        "last_session": registry.last_session,
        "next_number": registry.next_number,
        "salt": registry.salt,
        "refused": [
            {"address": applicant.address, "directed": applicant.directed}
            for applicant in registry.admission.refused.values()
        ],
        "retired": [retired._asdict() for retired in registry.retired],
        "boards": [
            {
                "mac": board.mac,
                "address": board.address,
                "directed": board.directed,
                "joined_at": board.joined_at,
                "name": board.session.name,
                "next_name": board.next_name,
                "own_name": board.own_name,
                "session_id": board.session.id,
                "past_sessions": list(board.past_sessions),
            }
            for board in registry.boards.values()
        ],
    }


def values_as_dict(registry: BoardRegistry) -> dict[str, Any]:
    """Return the readings and the firmware of all boards, by MAC."""
    return {
        board.mac: {
            "session_id": board.session.id,
            "started_at": board.session.started_at,
            "last_seen": board.last_seen,
            "firmware": None if board.firmware is None else list(board.firmware),
            **{kind.key: board.value(kind) for kind in KINDS},
            **{kind.readings_key: list(board.readings[kind.index]) for kind in KINDS},
        }
        for board in registry.boards.values()
    }


def leds_as_dict(registry: BoardRegistry) -> dict[str, Any]:
    """Return the LEDs for which the stored values may be wrong, and their target.

    ``blinks``: whether the LED blinks to identify the board.
    """
    return {
        board.mac: {"session_id": board.session.id, "on": board.led_expected}
        | ({} if board.led_before is None else {"blinks": True})
        for board in registry.boards.values()
        if board.led_unconfirmed
        or board.led_target is not None
        or board.led_before is not None
    }


def restore(
    registry: BoardRegistry,
    sessions: dict[str, Any],
    values: dict[str, Any],
    leds: dict[str, Any],
) -> None:
    """Fill an empty registry from stored dictionaries.

    All boards are offline until their next message. No session counts as assigned only:
    one that was started must never be assigned again.
    """
    registry.last_session = sessions["last_session"]
    registry.next_number = sessions["next_number"]
    registry.salt = sessions.get("salt", registry.salt)
    registry.admission.refused = {
        stored["address"].upper(): Applicant(stored["address"], stored["directed"])
        for stored in sessions["refused"]
    }
    for stored in sessions["boards"]:
        session = Session(stored["name"], stored["session_id"], State.OFFLINE)
        board = Board(stored["mac"], session, stored["joined_at"])
        board.address = stored["address"]
        board.directed = stored["directed"]
        board.next_name = stored["next_name"]
        board.past_sessions = tuple(stored.get("past_sessions", ()))
        # Files of earlier releases do not have it.
        board.own_name = stored.get("own_name")
        if (stored_values := values.get(board.mac)) is not None:
            _restore_values(board, stored_values)
        if (led := leds.get(board.mac)) and led["session_id"] == session.id:
            board.readings[LED.index].value = None
            board.led_target, board.led_unconfirmed = led["on"], True
            # Files of earlier releases do not have it.
            board.led_before = led["on"] if led.get("blinks") else None
        registry.restore(board)
    # Files of earlier releases do not have it.
    for retired in sessions.get("retired", ()):
        _restore_retired(registry, Retired(**retired), values)


def _restore_retired(
    registry: BoardRegistry, retired: Retired, values: dict[str, Any]
) -> None:
    """Restore a retired board, unless the network has it as a board.

    An earlier release added a retired board again from the first server's database.

    If the values were not stored since it was retired, its last readings are still its
    own in the file. They are those of the board that has its place.
    """
    if retired.address.upper() in registry.boards:
        return
    registry.retired.retire(retired)
    board = registry.boards.get(retired.replaced_by)
    stored = values.get(retired.address.upper())
    if board is None or stored is None:
        return
    for kind in KINDS:
        readings = board.readings[kind.index]
        theirs = ((time, value) for time, value in stored.get(kind.readings_key, ()))
        readings.replace(newest([*readings, *theirs]))
    if board.last_seen is None:
        board.last_seen = stored["last_seen"]


def _restore_values(board: Board, stored: dict[str, Any]) -> None:
    """Restore the readings of a board."""
    board.last_seen = stored["last_seen"]
    # Files of earlier releases do not have it.
    if (firmware := stored.get("firmware")) is not None:
        board.firmware = Firmware(*firmware)
    # Files of earlier releases do not have every kind.
    board.readings = tuple(
        Readings(stored.get(kind.readings_key, ())) for kind in KINDS
    )
    # The two files are written at different times: the values may be those of an older
    # session.
    if stored["session_id"] == board.session.id:
        board.session.started_at = stored["started_at"]
        board.session.firmware_reported = board.firmware is not None
        for kind in KINDS:
            board.readings[kind.index].value = stored.get(kind.key)
