"""Fixtures of all tests."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from .languages.shown import Shown

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Return a snapshot that replaces the values that Home Assistant chooses at random."""
    # Live tests use this file too, in an environment without this package.
    from pytest_homeassistant_custom_component.syrupy import (
        HomeAssistantSnapshotExtension,
    )

    return snapshot.use_extension(HomeAssistantSnapshotExtension)


@pytest.fixture(autouse=True)
def auto_enable_custom_integrations(enable_custom_integrations: None) -> None:
    """Let Home Assistant load the integrations of this repository."""


@pytest.fixture(autouse=True)
def everything_shown_has_a_text(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test in which Home Assistant showed something without a text."""
    shown = Shown()
    shown.watch(monkeypatch)
    yield
    assert not shown.missing
