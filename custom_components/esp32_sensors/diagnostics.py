"""What helps to find out what is wrong, without what is nobody's business."""

from typing import Any

from homeassistant.core import HomeAssistant

from .boards import Board
from .network import NetworkConfigEntry

#: Of a MAC, the maker's half: the other one tells the board from all others.
_MAC_SHOWN = len("61:EC:ED")


def _board(board: Board) -> dict[str, Any]:
    """Describe a board. Its session id stays secret: it is all that proves a board.

    Times are in whole seconds, for a session id is a time to the microsecond.
    """
    return {
        "mac": f"{board.mac[:_MAC_SHOWN]}:…",
        "directed": board.directed,
        "name": board.session.name,
        "next_name": board.next_name,
        "state": board.session.state,
        "session_started_at": _seconds(board.session.started_at),
        "joined_at": _seconds(board.joined_at),
        "last_seen": _seconds(board.last_seen),
        "led": board.led,
        "button": board.button,
        "light": board.light,
    }


def _seconds(time: float | None) -> int | None:
    return None if time is None else int(time)


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: NetworkConfigEntry
) -> dict[str, Any]:
    """Describe a network."""
    network = entry.runtime_data
    registry = network.registry
    return {
        "data": dict(entry.data),
        "options": dict(entry.options),
        "discarded": dict(network.discarded),
        "waiting": len(registry.admission.waiting),
        "refused": len(registry.admission.refused),
        "contested": len(registry.contested),
        "boards": [_board(board) for board in registry.boards.values()],
    }
