"""Steps that prepare a new board, wait until it has joined, and name it."""

import asyncio
import secrets
from typing import Any, Final, override

import probatio as vol

from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigFlowResult,
    OptionsFlowWithReload,
)
from homeassistant.core import callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.selector import (
    AreaSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from ..const import CONF_PREFIX, DOMAIN
from ..core.boards import Board
from ..core.enrolment import (
    Settings,
    access_list,
    configuration,
    is_broker_address,
    is_wifi_name,
    is_wifi_password,
    login_of,
    parse_mac,
)
from ..hub.network import NetworkConfigEntry
from ..hub.offered_files import async_offer_files, async_withdraw_files, file_url
from .broker_address import broker_address

CONF_MAC: Final = "mac"
CONF_WIFI_NAME: Final = "wifi_name"
CONF_WIFI_PASSWORD: Final = "wifi_password"
CONF_BROKER: Final = "broker"
CONF_BROKER_PORT: Final = "broker_port"
CONF_USER: Final = "user"
CONF_PASSWORD: Final = "password"
CONF_ACCESS_LIST: Final = "access_list"
CONF_CONFIG: Final = "config"
CONF_NAME: Final = "name"
CONF_AREA: Final = "area"

#: Names of the files to download.
CONFIG_FILE: Final = "config.py"
ACCESS_LIST_FILE: Final = "access_list.txt"
LOGIN_FILE: Final = "login.txt"

#: Random bytes of a password. Its hexadecimal digits need no quotes in any file or shell.
_PASSWORD_BYTES: Final = 16

_TEXT: Final = TextSelector()
_LINES: Final = TextSelector(TextSelectorConfig(multiline=True))
_SECRET: Final = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD))
_PORT: Final = vol.All(
    NumberSelector(NumberSelectorConfig(min=1, max=65535, mode=NumberSelectorMode.BOX)),
    vol.Coerce(int),
)


class EnrolmentSteps(OptionsFlowWithReload):
    """Makes login and configuration of a board, which are shown once and not stored."""

    config_entry: NetworkConfigEntry

    _settings: Settings
    _waiting: asyncio.Task[Board | None] | None = None
    _joined: Board
    _offer_id = ""

    async def async_step_add_board(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the board's address, its Wi-Fi and its broker."""
        if self.config_entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="not_loaded")
        errors: dict[str, str] = {}
        if user_input is not None:
            errors = self._set_settings(user_input)
            if not errors:
                return await self.async_step_board_files()
        host, port = broker_address(self.hass)
        schema = vol.Schema(
            {
                vol.Required(CONF_MAC): _TEXT,
                vol.Required(CONF_WIFI_NAME): _TEXT,
                vol.Optional(CONF_WIFI_PASSWORD, default=""): _SECRET,
                vol.Required(CONF_BROKER, default=host): _TEXT,
                vol.Required(CONF_BROKER_PORT, default=port): _PORT,
            }
        )
        return self.async_show_form(
            step_id="add_board",
            data_schema=self.add_suggested_values_to_schema(schema, user_input or {}),
            errors=errors,
            last_step=False,
        )

    async def async_step_board_files(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show login, access list and configuration once."""
        if user_input is not None:
            self._settings = self._settings._replace(wifi_password="")
            self._withdraw()
            return await self.async_step_wait_for_board()
        settings = self._settings
        password = secrets.token_hex(_PASSWORD_BYTES)
        user = login_of(settings.mac)
        lines = access_list(settings.mac, settings.prefix)
        config = configuration(settings, password)
        schema = vol.Schema(
            {
                vol.Optional(key, default=text): selector
                for key, text, selector in (
                    (CONF_USER, user, _TEXT),
                    (CONF_PASSWORD, password, _TEXT),
                    (CONF_ACCESS_LIST, lines, _LINES),
                    (CONF_CONFIG, config, _LINES),
                )
            }
        )
        files = {
            CONFIG_FILE: config,
            ACCESS_LIST_FILE: lines,
            LOGIN_FILE: f"{user}\n{password}\n",
        }
        self._offer_id = async_offer_files(self.hass, files)
        # In a window of its own: the interface takes other links for pages of its own.
        links = [
            f'<a href="{file_url(self.hass, self._offer_id, name)}"'
            f' target="_blank">{name}</a>'
            for name in files
        ]
        return self.async_show_form(
            step_id="board_files",
            data_schema=schema,
            description_placeholders={"downloads": ", ".join(links)},
            last_step=False,
        )

    @callback
    @override
    def async_remove(self) -> None:
        """Offer the files no longer: the dialog was closed."""
        self._withdraw()

    def _withdraw(self) -> None:
        if self._offer_id:
            async_withdraw_files(self.hass, self._offer_id)

    async def async_step_wait_for_board(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Wait until the board has joined."""
        if self._waiting is None:
            if self.config_entry.state is not ConfigEntryState.LOADED:
                return self.async_abort(reason="not_loaded")
            enrolment = self.config_entry.runtime_data.enrolment
            # Not one that Home Assistant waits for when it stops.
            self._waiting = self.hass.async_create_background_task(
                enrolment.async_wait_for(self._settings.mac), f"{DOMAIN} new board"
            )
        if not self._waiting.done():
            return self.async_show_progress(
                step_id="wait_for_board",
                progress_action="wait_for_board",
                description_placeholders={"mac": self._settings.mac},
                progress_task=self._waiting,
            )
        joined = self._waiting.result()
        if joined is None:
            return self.async_show_progress_done(next_step_id="not_running")
        self._joined = joined
        return self.async_show_progress_done(next_step_id="name_board")

    async def async_step_not_running(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """End: the network was unloaded while the board was waited for."""
        return self.async_abort(reason="not_loaded")

    async def async_step_name_board(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Give the board's device a name and an area."""
        if self.config_entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="not_loaded")
        device = self.config_entry.runtime_data.devices.device_of(self._joined)
        if device is None:
            return self.async_abort(reason="board_gone")
        if user_input is not None:
            name = user_input.get(CONF_NAME, "").strip()
            dr.async_get(self.hass).async_update_device(
                device.id,
                name_by_user=None if name in ("", device.name) else name,
                area_id=user_input.get(CONF_AREA),
            )
            return self.async_abort(reason="board_added")
        schema = vol.Schema(
            {
                vol.Optional(CONF_NAME): _TEXT,
                vol.Optional(CONF_AREA): AreaSelector(),
            }
        )
        return self.async_show_form(
            step_id="name_board",
            data_schema=self.add_suggested_values_to_schema(
                schema,
                {
                    CONF_NAME: device.name_by_user or device.name,
                    CONF_AREA: device.area_id,
                },
            ),
            last_step=True,
        )

    def _set_settings(self, user_input: dict[str, Any]) -> dict[str, str]:
        """Set the settings from the input; return what is wrong with it, by field."""
        errors = {}
        registry = self.config_entry.runtime_data.registry
        if (mac := parse_mac(user_input[CONF_MAC])) is None:
            errors[CONF_MAC] = "invalid_mac"
        elif mac in registry.boards:
            errors[CONF_MAC] = "known_board"
        elif registry.is_full:
            errors["base"] = "too_many_boards"
        if not is_broker_address(user_input[CONF_BROKER].strip()):
            errors[CONF_BROKER] = "invalid_broker"
        if not is_wifi_name(user_input[CONF_WIFI_NAME]):
            errors[CONF_WIFI_NAME] = "invalid_wifi_name"
        if not is_wifi_password(user_input[CONF_WIFI_PASSWORD]):
            errors[CONF_WIFI_PASSWORD] = "invalid_wifi_password"
        self._settings = Settings(
            mac=str(mac),
            wifi_name=user_input[CONF_WIFI_NAME],
            wifi_password=user_input[CONF_WIFI_PASSWORD],
            broker=user_input[CONF_BROKER].strip(),
            broker_port=user_input[CONF_BROKER_PORT],
            prefix=self.config_entry.data[CONF_PREFIX],
        )
        return errors
