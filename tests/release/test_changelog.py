"""Tests of the changelog."""

import pytest

from release.changelog import notes, of_integration, sections

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
    """The versions with their texts, newest first."""
    assert list(sections(CHANGELOG)) == ["Unreleased", "1.1.0", "1.0.0"]


def test_notes() -> None:
    """The notes of one version have no heading."""
    assert notes(CHANGELOG, "1.1.0") == "### Added\n\n- A horn."
    assert notes(CHANGELOG, "1.0.0") == "- A lamp."


@pytest.mark.parametrize("version", ["2.0.0", "1.1", "Unreleased"])
def test_a_version_without_notes(version: str) -> None:
    """A version without notes cannot be released."""
    with pytest.raises(ValueError, match=f"says nothing of {version}"):
        notes(CHANGELOG, version)


NAMES = ("Horn", "Lamp")
MIXED = """\
# Changelog

What changes.

## [Unreleased]

## [1.1.0] - 2026-02-03

It is louder.

### Added

- **Horn**: a second tone,
  which is higher.

  - as loud as the first
- **Both integrations**: a cover.

### Fixed

- **Horn**: the first tone.

### Removed

- **Lamp**: the switch.
- **Development**: a tool.

## [1.0.0] - 2026-01-02

- **Horn**: one tone.
"""


def test_of_one_integration() -> None:
    """Entries of others are left out with their continuation lines, and empty groups with their headings."""
    assert (
        of_integration(MIXED, "Lamp", NAMES)
        == """\
# Changelog

What changes.

## [Unreleased]

## [1.1.0] - 2026-02-03

It is louder.

### Added

- **Both integrations**: a cover.

### Removed

- **Lamp**: the switch.

## [1.0.0] - 2026-01-02

No changes to Lamp.
"""
    )


def test_of_the_other_integration() -> None:
    """An entry keeps all of its lines."""
    said = sections(of_integration(MIXED, "Horn", NAMES))
    assert said["1.1.0"] == (
        "It is louder.\n\n### Added\n\n- **Horn**: a second tone,\n  which is higher.\n\n"
        "  - as loud as the first\n- **Both integrations**: a cover.\n\n"
        "### Fixed\n\n- **Horn**: the first tone."
    )
    assert said["1.0.0"] == "- **Horn**: one tone."


def test_a_changelog_without_versions_is_kept() -> None:
    """It is returned unchanged."""
    assert of_integration("# Changelog\n", "Lamp", NAMES) == "# Changelog\n"


def test_a_paragraph_after_an_entry_is_kept() -> None:
    """It belongs to the version and stays a separate paragraph."""
    changelog = "## [1.0.0]\n\n- **Lamp**: a.\n- **Horn**: b.\n\nThanks to all.\n"
    assert of_integration(changelog, "Lamp", NAMES) == (
        "## [1.0.0]\n\n- **Lamp**: a.\n\nThanks to all.\n"
    )


@pytest.mark.parametrize(
    "entry", ["It shines.", "**Lamps**: it shines.", "Lamp: it shines.", "**Lamp**:"]
)
def test_an_entry_without_a_known_subject_is_an_error(entry: str) -> None:
    """It could not be assigned to the notes of an integration."""
    with pytest.raises(ValueError, match="does not say what this is about: - "):
        of_integration(f"## [1.0.0]\n\n- {entry}\n", "Lamp", NAMES)
