"""What can be changed of a network that is set up."""

from typing import Any, Final

import probatio as vol

from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigFlowResult,
    OptionsFlowWithReload,
)
from homeassistant.const import UnitOfRatio, UnitOfTime
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
)

from .admission import Mode
from .const import (
    CONF_ADMISSION,
    CONF_BOARD_LIMIT,
    CONF_DEVICE_NAMES,
    CONF_LIGHT_CHANGE,
    CONF_LIGHT_SILENCE,
    CONF_SILENCE_LIMIT,
    DEFAULT_BOARD_LIMIT,
    DEFAULT_SILENCE_LIMIT,
    MOST_BOARDS,
)
from .network import NetworkConfigEntry

CONF_BOARDS: Final = "boards"

_HOUR: Final = 3600


def _number(least: int, most: int, unit: str | None = None) -> vol.All[Any]:
    config = NumberSelectorConfig(min=least, max=most, mode=NumberSelectorMode.BOX)
    if unit is not None:
        config["unit_of_measurement"] = unit
    return vol.All(NumberSelector(config), vol.Coerce(int))


_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_ADMISSION, default=Mode.OPEN.value): SelectSelector(
            SelectSelectorConfig(options=list(Mode), translation_key=CONF_ADMISSION)
        ),
        vol.Required(CONF_BOARD_LIMIT, default=DEFAULT_BOARD_LIMIT): _number(
            1, MOST_BOARDS
        ),
        vol.Required(CONF_DEVICE_NAMES, default=False): BooleanSelector(),
        vol.Required(CONF_SILENCE_LIMIT, default=DEFAULT_SILENCE_LIMIT): _number(
            0, _HOUR, UnitOfTime.SECONDS
        ),
        vol.Required(CONF_LIGHT_CHANGE, default=0): _number(
            0, 100, UnitOfRatio.PERCENTAGE
        ),
        vol.Required(CONF_LIGHT_SILENCE, default=0): _number(
            0, _HOUR, UnitOfTime.SECONDS
        ),
    }
)


class NetworkOptionsFlow(OptionsFlowWithReload):
    """Changes the options, and lets in boards that were refused."""

    config_entry: NetworkConfigEntry

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what is wanted, when there is a choice."""
        if self._refused:
            return self.async_show_menu(menu_options=["settings", "refused"])
        return await self.async_step_settings()

    async def async_step_settings(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the options."""
        if user_input is not None:
            return self.async_create_entry(data=user_input)
        return self.async_show_form(
            step_id="settings",
            data_schema=self.add_suggested_values_to_schema(
                _SCHEMA, self.config_entry.options
            ),
        )

    async def async_step_refused(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which of the refused boards may join after all."""
        if self.config_entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="not_loaded")
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                for mac in user_input[CONF_BOARDS]:
                    await self.config_entry.runtime_data.async_accept(mac)
            except ServiceValidationError:
                errors["base"] = "too_many_boards"
            except HomeAssistantError:
                errors["base"] = "not_saved"
            else:
                return self.async_create_entry(data=dict(self.config_entry.options))
        schema = vol.Schema(
            {
                vol.Required(CONF_BOARDS, default=[]): SelectSelector(
                    SelectSelectorConfig(options=self._refused, multiple=True)
                )
            }
        )
        return self.async_show_form(
            step_id="refused", data_schema=schema, errors=errors
        )

    @property
    def _refused(self) -> list[str]:
        if self.config_entry.state is not ConfigEntryState.LOADED:
            return []
        return list(self.config_entry.runtime_data.registry.admission.refused)
