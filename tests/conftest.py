"""What all tests share."""

from collections.abc import Iterator

import pytest

from .languages.shown import Shown


@pytest.fixture(autouse=True)
def auto_enable_custom_integrations(enable_custom_integrations: None) -> None:
    """Let Home Assistant load the integrations of this repository."""


@pytest.fixture(autouse=True)
def everything_shown_has_a_text(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that made Home Assistant show something without a text."""
    shown = Shown()
    shown.watch(monkeypatch)
    yield
    assert not shown.missing
