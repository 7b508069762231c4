"""Fixtures of all tests."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from .languages.shown import Shown

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

# Live tests use this file too, in an environment without this package.
with suppress(ModuleNotFoundError):
    from hypothesis import settings

    # How long an example takes depends on what else the machine does.
    settings.register_profile("explore", deadline=None, max_examples=1000)
    # The same examples each time: a change is judged by what it changes.
    settings.register_profile("fixed", deadline=None, derandomize=True)
    settings.load_profile("fixed")


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Return a snapshot that replaces the values that Home Assistant chooses at random."""
    # Live tests use this file too, in an environment without this package.
    from pytest_homeassistant_custom_component.syrupy import (
        HomeAssistantSnapshotExtension,
    )

    return snapshot.use_extension(HomeAssistantSnapshotExtension)


@pytest.fixture(autouse=True)
async def no_origins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not record where each callback, task and future was created.

    asyncio does so in its debug mode, in which Home Assistant's tests run, and walks the
    whole stack each time. The other checks of the debug mode do not ask ``get_debug``.
    """
    monkeypatch.setattr(asyncio.get_running_loop(), "get_debug", lambda: False)


@pytest.fixture(autouse=True)
def auto_enable_custom_integrations(request: pytest.FixtureRequest) -> None:
    """Let Home Assistant load the integrations of this repository.

    A test that does not use Home Assistant does not start one.
    """
    if "hass" in request.fixturenames:
        request.getfixturevalue("enable_custom_integrations")


@pytest.fixture(autouse=True)
def everything_shown_has_a_text(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test in which Home Assistant showed something without a text."""
    shown = Shown()
    shown.watch(monkeypatch)
    yield
    assert not shown.missing
