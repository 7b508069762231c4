"""Steps that take over the boards of the first server of the protocol."""

from typing import Any, Final

import probatio as vol

from homeassistant.components.file_upload import process_uploaded_file
from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigFlowResult,
    OptionsFlowWithReload,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.selector import (
    FileSelector,
    FileSelectorConfig,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
)

from ..core.first_server import OldBoard
from ..core.take_over import Outcome, Step
from ..hub import clock
from ..hub.first_server_file import UnusableFile, read_boards
from ..hub.markdown import as_text
from ..hub.network import NetworkConfigEntry

CONF_FILE: Final = "file"
CONF_COMPLETE: Final = "complete"

#: Largest number of boards that are listed by name for each outcome.
NAMES_LISTED: Final = 20

_FILE_SCHEMA: Final = vol.Schema(
    {
        vol.Required(CONF_FILE): FileSelector(
            FileSelectorConfig(accept=".sqlite3,.sqlite,.db")
        )
    }
)


class FirstServerSteps(OptionsFlowWithReload):
    """Reads the database of the first server, shows what is in it, and takes it over."""

    config_entry: NetworkConfigEntry

    _old_boards: list[OldBoard]

    async def async_step_first_server(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the database file and read it."""
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                self._old_boards = await self.hass.async_add_executor_job(
                    _read, self.hass, user_input[CONF_FILE]
                )
            except UnusableFile as unusable:
                errors[CONF_FILE] = unusable.reason
            else:
                return await self.async_step_take_over()
        return self.async_show_form(
            step_id="first_server",
            data_schema=_FILE_SCHEMA,
            errors=errors,
            last_step=False,
        )

    async def async_step_take_over(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what would be taken over, and take it over."""
        if self.config_entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="not_loaded")
        taking_over = self.config_entry.runtime_data.taking_over
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                added, completed = await taking_over.async_take_over(
                    self._old_boards, user_input.get(CONF_COMPLETE, [])
                )
            except HomeAssistantError as error:
                errors["base"] = str(error.translation_key)
            else:
                return self.async_abort(
                    reason="taken_over",
                    description_placeholders={
                        "added": str(added),
                        "completed": str(completed),
                    },
                )
        steps = taking_over.plan(self._old_boards)
        return self.async_show_form(
            step_id="take_over",
            data_schema=_take_over_schema(steps),
            errors=errors,
            description_placeholders={
                key: text
                for outcome in Outcome
                for key, text in _listed(steps, outcome)
            },
            last_step=True,
        )


def _read(hass: HomeAssistant, file_id: str) -> list[OldBoard]:
    """Read an uploaded file, which is deleted afterwards."""
    try:
        with process_uploaded_file(hass, file_id) as path:
            boards = read_boards(path, clock.now().utc)
    except ValueError:
        raise UnusableFile("upload_gone") from None
    if not boards:
        raise UnusableFile("no_boards")
    return boards


def _take_over_schema(steps: list[Step]) -> vol.Schema:
    """Return the choice of known boards that can be completed, if there are any."""
    options = [
        SelectOptionDict(value=old.mac, label=_label(old))
        for old, outcome in steps
        if outcome is Outcome.DIFFERENT
    ]
    if not options:
        return vol.Schema({})
    return vol.Schema(
        {
            vol.Optional(CONF_COMPLETE, default=[]): SelectSelector(
                SelectSelectorConfig(options=options, multiple=True)
            )
        }
    )


def _listed(steps: list[Step], outcome: Outcome) -> list[tuple[str, str]]:
    """Return the number and the names of the boards with an outcome, for the text."""
    boards = [_label(old) for old, what in steps if what is outcome]
    more = ["…"] if len(boards) > NAMES_LISTED else []
    names = ", ".join(boards[:NAMES_LISTED] + more)
    return [(f"{outcome}_count", str(len(boards))), (outcome.value, as_text(names))]


def _label(old: OldBoard) -> str:
    return old.mac if old.name is None else f"{old.name} ({old.mac})"
