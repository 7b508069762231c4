"""Steps that let a board take the place of another one."""

from typing import Any, Final

import probatio as vol

from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigFlowResult,
    OptionsFlowWithReload,
)
from homeassistant.exceptions import HomeAssistantError

from ..core.replacement import candidates
from ..hub.network import NetworkConfigEntry
from .board_selector import CONF_BOARD, board_selector, selector

CONF_NEW: Final = "new"


class ReplacementSteps(OptionsFlowWithReload):
    """Asks which board is replaced, and by which."""

    config_entry: NetworkConfigEntry

    _replaced_mac: str

    async def async_step_replace(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which board is replaced."""
        if self.config_entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="not_loaded")
        boards = self.config_entry.runtime_data.registry.boards
        if not boards:
            return self.async_abort(reason="no_boards")
        if user_input is not None:
            self._replaced_mac = user_input[CONF_BOARD]
            return await self.async_step_replace_by()
        schema = vol.Schema({vol.Required(CONF_BOARD): board_selector(boards.values())})
        return self.async_show_form(
            step_id="replace", data_schema=schema, last_step=False
        )

    async def async_step_replace_by(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask by which board it is replaced, and replace it."""
        if self.config_entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="not_loaded")
        network = self.config_entry.runtime_data
        boards = network.registry.boards
        if (replaced := boards.get(self._replaced_mac)) is None:
            return self.async_abort(reason="board_gone")
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                await network.replacing.async_replace(replaced, user_input[CONF_NEW])
            except HomeAssistantError as error:
                errors["base"] = str(error.translation_key)
            else:
                return self.async_abort(reason="replaced")
        choices = [
            (mac, f"{boards[mac].session.name} ({mac})" if mac in boards else mac)
            for mac in candidates(network.registry, replaced)
        ]
        if not choices and not errors:
            return self.async_abort(reason="no_candidates")
        return self.async_show_form(
            step_id="replace_by",
            data_schema=vol.Schema({vol.Required(CONF_NEW): selector(choices)}),
            errors=errors,
            last_step=True,
        )
