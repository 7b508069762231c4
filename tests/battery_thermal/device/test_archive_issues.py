"""Tests of the repair issues about the archive, and of the texts of its errors."""

from pathlib import Path

import pytest

from custom_components.battery_thermal.archive import ArchiveError
from custom_components.battery_thermal.device.archive_issues import (
    ArchiveIssues,
    archive_failed,
    async_delete_archive_issues,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from tests.battery_thermal.common import DOMAIN


@pytest.mark.parametrize(
    ("newer", "issue_id"),
    [(False, "archive_damaged_old.db"), (True, "archive_newer_old.db")],
)
async def test_file_set_aside(
    hass: HomeAssistant, issue_registry: ir.IssueRegistry, newer: bool, issue_id: str
) -> None:
    """A file that was set aside is reported with its path, also after a restart, until the owner confirms."""
    ArchiveIssues(hass).async_set_aside(Path("/config/old.db"), newer=newer)
    issue = issue_registry.async_get_issue(DOMAIN, issue_id)
    assert issue
    assert issue.is_persistent
    assert issue.is_fixable
    assert issue.translation_placeholders == {"path": "/config/old.db"}


async def test_images_that_cannot_be_stored(
    hass: HomeAssistant, issue_registry: ir.IssueRegistry
) -> None:
    """A warning while images wait, an error when some were lost, and nothing afterwards."""
    issues = ArchiveIssues(hass)
    for lost, severity, key in (
        (0, ir.IssueSeverity.WARNING, "archive_not_written"),
        (3, ir.IssueSeverity.ERROR, "archive_lost"),
    ):
        issues.async_failing(ArchiveError("disk full"), waiting=7, lost=lost)
        issue = issue_registry.async_get_issue(DOMAIN, "archive_not_written")
        assert issue
        assert (issue.severity, issue.translation_key) == (severity, key)
        assert issue.translation_placeholders == {
            "error": "disk full",
            "waiting": "7",
            "lost": str(lost),
        }
    issues.async_written()
    assert not issue_registry.issues


async def test_archive_that_was_removed(
    hass: HomeAssistant, issue_registry: ir.IssueRegistry
) -> None:
    """All issues of a removed archive are deleted."""
    ArchiveIssues(hass).async_set_aside(Path("/config/old.db"), newer=False)
    ArchiveIssues(hass).async_failing(ArchiveError("disk full"), waiting=7, lost=0)
    assert len(issue_registry.issues) == 2
    async_delete_archive_issues(hass)
    assert not issue_registry.issues


def test_text_of_an_error() -> None:
    """The error of the database is a placeholder of the translated text."""
    error = archive_failed(ArchiveError("disk full"))
    assert error.translation_domain == DOMAIN
    assert error.translation_key == ArchiveError.key
    assert error.translation_placeholders == {"error": "disk full"}
