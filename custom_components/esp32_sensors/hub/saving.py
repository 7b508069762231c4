"""Storing of decisions of the owner."""

from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.file import WriteError

from ..const import DOMAIN
from .storage import RegistryFiles


async def async_save_decision(files: RegistryFiles) -> None:
    """Return when all names, sessions and decisions are on the disk.

    Raises ``HomeAssistantError`` when the disk refuses. The decision is valid
    nevertheless, and is stored as soon as that is possible.
    """
    try:
        await files.async_save_sessions()
    except WriteError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="not_saved"
        ) from err
