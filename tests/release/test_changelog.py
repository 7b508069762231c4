"""What is new, from the changelog."""

import pytest

from release.changelog import notes, sections

CHANGELOG = """\
# Changelog

## [Unreleased]

## [1.1.0] - 2026-02-03

### Added

- A horn.

## [1.0.0] - 2026-01-02

- A lamp.
"""


def test_sections() -> None:
    """Each version with what is said of it, newest first."""
    assert list(sections(CHANGELOG)) == ["Unreleased", "1.1.0", "1.0.0"]


def test_notes() -> None:
    """Those of one version, without its heading."""
    assert notes(CHANGELOG, "1.1.0") == "### Added\n\n- A horn."
    assert notes(CHANGELOG, "1.0.0") == "- A lamp."


@pytest.mark.parametrize("version", ["2.0.0", "1.1", "Unreleased"])
def test_a_version_that_nothing_is_said_of(version: str) -> None:
    """Nothing is released without a word."""
    with pytest.raises(ValueError, match=f"says nothing of {version}"):
        notes(CHANGELOG, version)
