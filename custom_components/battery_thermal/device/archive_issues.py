"""Repair issues about the archive, and the texts of its errors."""

from pathlib import Path
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir

from ..archive import ArchiveError
from ..const import DOMAIN

_DAMAGED: Final = "archive_damaged"
_NEWER: Final = "archive_newer"
_NOT_WRITTEN: Final = "archive_not_written"
_LOST: Final = "archive_lost"

# What the ids of all issues about the archive begin with.
_PREFIX: Final = "archive_"


def archive_failed(error: ArchiveError) -> HomeAssistantError:
    """Return an error of the archive as one with a translated text."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=error.key,
        translation_placeholders={"error": str(error)},
    )


class ArchiveIssues:
    """Reports of the archive's writer, as repair issues."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Initialize."""
        self._hass = hass

    @callback
    def async_set_aside(self, aside: Path, *, newer: bool) -> None:
        """Report a file that was set aside, until the owner confirms."""
        key = _NEWER if newer else _DAMAGED
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            f"{key}_{aside.name}",
            # The fix flow only asks for a confirmation.
            is_fixable=True,
            # It happened once, and is reported after a restart too.
            is_persistent=True,
            severity=ir.IssueSeverity.ERROR,
            translation_key=key,
            translation_placeholders={"path": str(aside)},
        )

    @callback
    def async_failing(self, error: ArchiveError, waiting: int, lost: int) -> None:
        """Report that images cannot be stored, how many wait, and how many were lost."""
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            _NOT_WRITTEN,
            is_fixable=False,
            severity=ir.IssueSeverity.ERROR if lost else ir.IssueSeverity.WARNING,
            translation_key=_LOST if lost else _NOT_WRITTEN,
            translation_placeholders={
                "error": str(error),
                "waiting": str(waiting),
                "lost": str(lost),
            },
        )

    @callback
    def async_written(self) -> None:
        """Delete that report: images are stored again."""
        ir.async_delete_issue(self._hass, DOMAIN, _NOT_WRITTEN)


@callback
def async_delete_archive_issues(hass: HomeAssistant) -> None:
    """Delete all issues about an archive that was removed."""
    for domain, issue_id in list(ir.async_get(hass).issues):
        if domain == DOMAIN and issue_id.startswith(_PREFIX):
            ir.async_delete_issue(hass, domain, issue_id)
