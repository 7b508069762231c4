"""Repair flows: decisions of the owner about boards."""

from abc import abstractmethod
from typing import Final, override

import probatio as vol

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from .flows.board_selector import CONF_BOARD, board_selector
from .hub.markdown import as_text
from .hub.network import Network, NetworkConfigEntry


class WaitingBoardFlow(RepairsFlow):
    """Accepts a waiting board, alone or in the place of another one, or refuses it."""

    def __init__(self, entry: NetworkConfigEntry, mac: str) -> None:
        """Initialize the flow for one board."""
        self._entry = entry
        self._mac = mac

    async def async_step_init(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Show the choice."""
        return self.async_show_menu(
            step_id="init",
            menu_options=["accept", "replace", "refuse"],
            description_placeholders={
                "mac": self._mac,
                "network": as_text(self._entry.title),
            },
        )

    async def async_step_accept(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Accept the board."""
        if self._entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="not_loaded")
        try:
            await self._entry.runtime_data.management.async_accept(self._mac)
        except HomeAssistantError as error:
            return self.async_abort(reason=str(error.translation_key))
        return self.async_create_entry(data={})

    async def async_step_replace(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask which board it replaces, and let it take that board's place."""
        if self._entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="not_loaded")
        network = self._entry.runtime_data
        boards = network.registry.boards
        if not boards:
            return self.async_abort(reason="no_boards")
        board = boards.get((user_input or {}).get(CONF_BOARD, ""))
        if board is None:
            return self.async_show_form(
                step_id="replace",
                data_schema=vol.Schema(
                    {vol.Required(CONF_BOARD): board_selector(boards.values())}
                ),
                description_placeholders={"mac": self._mac},
            )
        try:
            await network.replacing.async_replace(board, self._mac)
        except HomeAssistantError as error:
            return self.async_abort(reason=str(error.translation_key))
        return self.async_create_entry(data={})

    async def async_step_refuse(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Refuse the board."""
        if self._entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="not_loaded")
        try:
            await self._entry.runtime_data.management.async_refuse(self._mac)
        except HomeAssistantError as error:
            return self.async_abort(reason=str(error.translation_key))
        return self.async_create_entry(data={})


class ConfirmedBoardFlow(RepairsFlow):
    """Changes a board when the owner confirms it."""

    def __init__(self, entry: NetworkConfigEntry, mac: str) -> None:
        """Initialize the flow for one board."""
        self._entry = entry
        self._mac = mac

    async def async_step_init(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Start the flow; its input is no answer of the owner yet."""
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask for confirmation."""
        if user_input is None:
            return self.async_show_form(
                step_id="confirm",
                description_placeholders={
                    "mac": self._mac,
                    "network": as_text(self._entry.title),
                },
            )
        if self._entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="not_loaded")
        try:
            await self._async_change(self._entry.runtime_data)
        except HomeAssistantError as error:
            return self.async_abort(reason=str(error.translation_key))
        return self.async_create_entry(data={})

    @abstractmethod
    async def _async_change(self, network: Network) -> None:
        """Change the board. Raises HomeAssistantError."""


class RetiredBoardFlow(ConfirmedBoardFlow):
    """Lets a board that was replaced join again, as a new one."""

    @override
    async def _async_change(self, network: Network) -> None:
        await network.management.async_accept(self._mac)


class SharedTopicFlow(ConfirmedBoardFlow):
    """Lets a board with topics of its own use the shared topics again."""

    @override
    async def _async_change(self, network: Network) -> None:
        await network.management.async_allow_shared(self._mac)


_FLOWS: Final = {
    "astray": SharedTopicFlow,
    "retired": RetiredBoardFlow,
    "waiting": WaitingBoardFlow,
}


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Create the flow that fixes an issue."""
    assert data is not None
    entry = hass.config_entries.async_get_known_entry(str(data["entry_id"]))
    return _FLOWS[str(data["kind"])](entry, str(data["mac"]))
