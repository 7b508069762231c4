"""Diagnostics of a network, without session ids and complete MACs."""

from typing import Any

from homeassistant.core import HomeAssistant

from .core.boards import Board
from .core.protocol import MAC_IN_TEXT
from .core.readings import KINDS
from .hub.network import NetworkConfigEntry

#: Length of the part of a MAC that identifies the manufacturer and not the board.
_MAC_SHOWN = len("61:EC:ED")


def _board(board: Board) -> dict[str, Any]:
    """Return the data of a board, without its session id, which is secret.

    Times are in whole seconds, since a session id is a time in microseconds.
    """
    return {
        "mac": board.mac,
        "directed": board.directed,
        "name": board.session.name,
        "next_name": board.next_name,
        "state": board.session.state,
        "session_started_at": _seconds(board.session.started_at),
        "joined_at": _seconds(board.joined_at),
        "last_seen": _seconds(board.last_seen),
        "firmware": board.firmware and board.firmware._asdict(),
        **{kind.key: board.value(kind) for kind in KINDS},
    }


def _without_macs(value: Any) -> Any:
    """Return a value without the second half of all MACs in it.

    A name or the topic prefix may contain a MAC.
    """
    match value:
        case str():
            return MAC_IN_TEXT.sub(lambda mac: f"{mac[0][:_MAC_SHOWN]}:…", value)
        case dict():
            return {key: _without_macs(part) for key, part in value.items()}
        case list():
            return [_without_macs(part) for part in value]
        case _:
            return value


def _seconds(time: float | None) -> int | None:
    return None if time is None else int(time)


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: NetworkConfigEntry
) -> dict[str, Any]:
    """Return the diagnostics of a network."""
    network = entry.runtime_data
    registry = network.registry
    data = {
        "data": dict(entry.data),
        "options": dict(entry.options),
        "discarded": dict(network.statistics.discarded),
        "waiting": len(registry.admission.waiting),
        "refused": len(registry.admission.refused),
        "contested": len(network.server.problems.conflicts.contested),
        "boards": [_board(board) for board in registry.boards.values()],
    }
    return {key: _without_macs(value) for key, value in data.items()}
