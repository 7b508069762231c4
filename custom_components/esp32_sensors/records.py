"""The registry on paper: what is written to the disk, and how it is read again."""

from typing import Any

from .admission import Applicant
from .boards import Board, Readings, Session, State
from .sessions import Registry


def sessions_as_dict(registry: Registry) -> dict[str, Any]:
    """Write down what must never be lost: names, and ids that were given out."""
    return {
        "last_session": registry.last_session,
        "next_number": registry.next_number,
        "refused": [
            {"address": applicant.address, "directed": applicant.directed}
            for applicant in registry.admission.refused.values()
        ],
        "boards": [
            {
                "mac": board.mac,
                "address": board.address,
                "directed": board.directed,
                "joined_at": board.joined_at,
                "name": board.session.name,
                "next_name": board.next_name,
                "session_id": board.session.id,
            }
            for board in registry.boards.values()
        ],
    }


def values_as_dict(registry: Registry) -> dict[str, Any]:
    """Write down what the boards have said."""
    return {
        board.mac: {
            "session_id": board.session.id,
            "started_at": board.session.started_at,
            "last_seen": board.last_seen,
            "led": board.led,
            "button": board.button,
            "light": board.light,
            "led_readings": list(board.led_readings),
            "button_readings": list(board.button_readings),
            "light_readings": list(board.light_readings),
        }
        for board in registry.boards.values()
    }


def leds_as_dict(registry: Registry) -> dict[str, Any]:
    """Write down which LEDs the values may be wrong about, and what they are to be."""
    return {
        board.mac: {"session_id": board.session.id, "on": board.led_should_be}
        for board in registry.boards.values()
        if board.led_doubt or board.led_told is not None
    }


def restore(
    registry: Registry,
    sessions: dict[str, Any],
    values: dict[str, Any],
    leds: dict[str, Any],
) -> None:
    """Take up what was written down. No board is online until it is heard.

    Nor is a session taken as still to be started: one that was must never be given out
    again.
    """
    registry.last_session = sessions["last_session"]
    registry.next_number = sessions["next_number"]
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
        if (said := values.get(board.mac)) is not None:
            _restore_values(board, said)
        if (told := leds.get(board.mac)) and told["session_id"] == session.id:
            board.led, board.led_told, board.led_doubt = None, told["on"], True
        registry.add(board)


def _restore_values(board: Board, said: dict[str, Any]) -> None:
    """Give a board back what it had said."""
    board.last_seen = said["last_seen"]
    board.led_readings = Readings(said["led_readings"])
    board.button_readings = Readings(said["button_readings"])
    board.light_readings = Readings(said["light_readings"])
    # Both files are written at their own times: these may be of an older session.
    if said["session_id"] == board.session.id:
        board.session.started_at = said["started_at"]
        board.led = said["led"]
        board.button = said["button"]
        board.light = said["light"]
