"""Letting the owner decide about a board that waits."""

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from .network import NetworkConfigEntry


class WaitingBoardFlow(RepairsFlow):
    """Accept or refuse a board."""

    def __init__(self, entry: NetworkConfigEntry, mac: str) -> None:
        """Begin."""
        self._entry = entry
        self._mac = mac

    async def async_step_init(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask."""
        return self.async_show_menu(
            step_id="init",
            menu_options=["accept", "refuse"],
            description_placeholders={
                "mac": self._mac,
                "network": self._entry.title,
            },
        )

    async def async_step_accept(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Let the board in."""
        if self._entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="not_loaded")
        try:
            await self._entry.runtime_data.async_accept(self._mac)
        except ServiceValidationError:
            return self.async_abort(reason="too_many_boards")
        except HomeAssistantError:
            return self.async_abort(reason="not_saved")
        return self.async_create_entry(data={})

    async def async_step_refuse(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Turn the board away."""
        if self._entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="not_loaded")
        try:
            await self._entry.runtime_data.async_refuse(self._mac)
        except HomeAssistantError:
            return self.async_abort(reason="not_saved")
        return self.async_create_entry(data={})


class AstrayBoardFlow(RepairsFlow):
    """Let a board of its own topics back to the shared ones."""

    def __init__(self, entry: NetworkConfigEntry, mac: str) -> None:
        """Begin."""
        self._entry = entry
        self._mac = mac

    async def async_step_init(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Begin; what comes with it is not an answer yet."""
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask."""
        if user_input is None:
            return self.async_show_form(
                step_id="confirm",
                description_placeholders={
                    "mac": self._mac,
                    "network": self._entry.title,
                },
            )
        if self._entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="not_loaded")
        try:
            await self._entry.runtime_data.async_allow_shared(self._mac)
        except HomeAssistantError:
            return self.async_abort(reason="not_saved")
        return self.async_create_entry(data={})


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Begin to fix an issue, of one of two kinds."""
    assert data is not None
    entry = hass.config_entries.async_get_known_entry(str(data["entry_id"]))
    flow = AstrayBoardFlow if data["kind"] == "astray" else WaitingBoardFlow
    return flow(entry, str(data["mac"]))
