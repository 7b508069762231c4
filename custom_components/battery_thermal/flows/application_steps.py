"""Steps of the config flow that add an application, and test it before that."""

import asyncio
from collections.abc import Hashable, Mapping
from typing import Any, Final

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.core import callback
from homeassistant.data_entry_flow import AbortFlow

from ..device.markdown import as_text
from ..lorawan.factory import async_get_server, server_type_of
from ..lorawan.network_server import NetworkServerError
from ..lorawan.server_type import ServerForm

# Seconds for which messages are received at a time, for the owner to see of which devices.
LISTEN_FOR: Final = 30.0


class ApplicationSteps(ConfigFlow):
    """Adds an application on a network server."""

    _application: tuple[ServerForm, dict[str, Any], dict[str, Any]] | None = None
    """Form, what was entered, and the data of the entry, while messages are received."""
    _listening: asyncio.Task[str | None] | None = None
    _listening_error: str | None = None

    async def async_add_application(
        self, form: ServerForm, user_input: dict[str, Any] | None
    ) -> ConfigFlowResult:
        """Ask for an application, and add it."""
        errors: dict[str, str] = {}
        if user_input is not None:
            user_input = form.clean(user_input)
            data = form.entry_data(self.hass, user_input)
            errors = await self.async_check(data)
            if not errors:
                self._application = form, user_input, data
                if server_type_of(data).listens:
                    return await self.async_step_listen()
                return await self.async_step_add()
        elif self._application and self._listening_error:
            # What was received in the meantime cannot be used.
            errors = {"base": self._listening_error}
            user_input = self._application[1]
        return self.async_show(form, user_input, errors)

    async def async_step_listen(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show that messages are being waited for."""
        assert self._application
        form, _, data = self._application
        if self._listening is None:
            self._listening = self.hass.async_create_task(self._async_listen(data))
        if not self._listening.done():
            return self.async_show_progress(
                step_id="listen",
                progress_action="listen",
                progress_task=self._listening,
            )
        self._listening_error = self._listening.result()
        self._listening = None
        return self.async_show_progress_done(
            next_step_id=form.step_id if self._listening_error else "heard"
        )

    async def async_step_heard(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show which devices were received; the owner may wait for more."""
        assert self._application
        data = self._application[2]
        names = server_type_of(data).async_heard_names(self.hass, data)
        lines = [f"- {as_text(name)} ({dev_id})" for dev_id, name in names.items()]
        return self.async_show_menu(
            step_id="heard",
            menu_options=["add", "listen"],
            description_placeholders={"devices": "\n".join(sorted(lines)) or "-"},
        )

    async def async_step_add(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Add the application."""
        assert self._application
        data = self._application[2]
        title = server_type_of(data).async_title(self.hass, data)
        return self.async_create_entry(title=title, data=data)

    async def _async_listen(self, data: Mapping[str, Any]) -> str | None:
        """Receive messages for a while; return the key of an error."""
        try:
            async with asyncio.timeout(LISTEN_FOR):
                await server_type_of(data).async_listen(self.hass, data)
        except TimeoutError:
            pass
        except NetworkServerError as error:
            return error.key
        return None

    @callback
    def async_show(
        self,
        form: ServerForm,
        suggested: Mapping[str, Any] | None,
        errors: dict[str, str],
        known: Mapping[str, Any] | None = None,
    ) -> ConfigFlowResult:
        """Show a form with what was entered, and the errors of it.

        `known`: what is known of the application where the form does not show it.
        """
        return self.async_show_form(
            step_id=form.step_id,
            data_schema=self.add_suggested_values_to_schema(form.schema, suggested),
            errors=errors,
            description_placeholders={
                "console": form.console(known or suggested or {})
            },
        )

    async def async_check(self, data: Mapping[str, Any]) -> dict[str, str]:
        """Connect, subscribe and check the key's rights; return the errors of the form."""
        self._async_abort_if_set_up(data)
        try:
            server = await async_get_server(self.hass, data)
            if not server.connects_for_check:
                async with server.connect():
                    pass
            await server.check_rights()
        except NetworkServerError as error:
            return {"base": error.key}
        return {}

    @callback
    def _async_abort_if_set_up(self, data: Mapping[str, Any]) -> None:
        """Abort if another entry is the same application."""
        known = {
            _identity(entry.data)
            for entry in self._async_current_entries(include_ignore=False)
            if entry.entry_id != self.context.get("entry_id")
        }
        if _identity(data) in known:
            raise AbortFlow("already_configured")


def _identity(data: Mapping[str, Any]) -> Hashable:
    """Return what makes an application the same as another one."""
    server_type = server_type_of(data)
    return server_type.key, server_type.identity(data)
