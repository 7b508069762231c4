"""The choice of a board in dialogs."""

from collections.abc import Iterable
from typing import Final

from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from ..core.boards import Board

CONF_BOARD: Final = "board"


def board_selector(boards: Iterable[Board]) -> SelectSelector:
    """Return the choice of one board by name: first those that are offline."""
    ordered = sorted(boards, key=lambda board: (board.online, board.session.name))
    return selector(
        (board.mac, f"{board.session.name} ({board.mac})") for board in ordered
    )


def selector(choices: Iterable[tuple[str, str]]) -> SelectSelector:
    """Return the choice of one of ``choices``, each a value and its label."""
    return SelectSelector(
        SelectSelectorConfig(
            options=[
                SelectOptionDict(value=value, label=label) for value, label in choices
            ],
            mode=SelectSelectorMode.DROPDOWN,
        )
    )
