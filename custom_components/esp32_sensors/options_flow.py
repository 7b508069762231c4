"""Options flow of a network."""

from collections.abc import Mapping
from typing import Any, Final

import probatio as vol

from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult
from homeassistant.const import UnitOfRatio, UnitOfTime
from homeassistant.data_entry_flow import section
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
)

from .const import (
    CONF_ADMISSION,
    CONF_BOARD_LIMIT,
    CONF_DEVICE_NAMES,
    CONF_LIGHT_CHANGE,
    CONF_LIGHT_SILENCE,
    CONF_NAME_PREFIX,
    CONF_SILENCE_LIMIT,
    DEFAULT_BOARD_LIMIT,
    DEFAULT_SILENCE_LIMIT,
    MOST_BOARDS,
)
from .core.admission import Mode
from .core.board_names import NameRefused, checked_prefix
from .core.protocol import NAME_PREFIX
from .flows.enrolment_steps import EnrolmentSteps
from .flows.first_server_steps import FirstServerSteps
from .flows.replacement_steps import ReplacementSteps

CONF_BOARDS: Final = "boards"

_HOUR: Final = 3600


def _number(least: int, most: int, unit: str | None = None) -> vol.All[Any]:
    config = NumberSelectorConfig(min=least, max=most, mode=NumberSelectorMode.BOX)
    if unit is not None:
        config["unit_of_measurement"] = unit
    return vol.All(NumberSelector(config), vol.Coerce(int))


#: The options by the sections of the form. They are stored without sections.
_SECTIONS: Final[dict[str, vol.Schema]] = {
    "joining": vol.Schema(
        {
            vol.Required(CONF_ADMISSION, default=Mode.OPEN.value): SelectSelector(
                SelectSelectorConfig(options=list(Mode), translation_key=CONF_ADMISSION)
            ),
            vol.Required(CONF_BOARD_LIMIT, default=DEFAULT_BOARD_LIMIT): _number(
                1, MOST_BOARDS
            ),
        }
    ),
    "names": vol.Schema(
        {
            vol.Required(CONF_NAME_PREFIX, default=NAME_PREFIX): TextSelector(),
            vol.Required(CONF_DEVICE_NAMES, default=False): BooleanSelector(),
        }
    ),
    "values": vol.Schema(
        {
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
    ),
}
_SCHEMA: Final = vol.Schema(
    {
        vol.Required(name): section(schema, {"collapsed": False})
        for name, schema in _SECTIONS.items()
    }
)


def _in_sections(options: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return options as the form shows them."""
    return {
        name: {str(key): options[key] for key in schema.schema if key in options}
        for name, schema in _SECTIONS.items()
    }


class NetworkOptionsFlow(EnrolmentSteps, FirstServerSteps, ReplacementSteps):
    """Changes the options, and does what is no option: decisions about boards."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what can be done; of a network that does not run, the options."""
        if self.config_entry.state is not ConfigEntryState.LOADED:
            return await self.async_step_settings()
        options = ["settings", "add_board", "replace", "first_server"]
        if self._refused:
            options.append("refused")
        return self.async_show_menu(step_id="init", menu_options=options)

    async def async_step_settings(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the options and store them."""
        errors: dict[str, str] = {}
        shown = user_input or _in_sections(self.config_entry.options)
        if user_input is not None:
            options = {
                key: value
                for part in user_input.values()
                for key, value in part.items()
            }
            try:
                options[CONF_NAME_PREFIX] = checked_prefix(options[CONF_NAME_PREFIX])
            except NameRefused:
                errors["base"] = "invalid_name_prefix"
            else:
                return self.async_create_entry(data=options)
        return self.async_show_form(
            step_id="settings",
            data_schema=self.add_suggested_values_to_schema(_SCHEMA, shown),
            errors=errors,
        )

    async def async_step_refused(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the refused boards and accept the selected ones."""
        if self.config_entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="not_loaded")
        errors: dict[str, str] = {}
        if user_input is not None:
            management = self.config_entry.runtime_data.management
            try:
                for mac in user_input[CONF_BOARDS]:
                    await management.async_accept(mac)
            except HomeAssistantError as error:
                errors["base"] = str(error.translation_key)
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
        return list(self.config_entry.runtime_data.registry.admission.refused)
