"""Tests of the storing of decisions."""

from typing import Any

import pytest

from custom_components.esp32_sensors.hub.saving import async_save_decision
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.file import WriteError


class Files:
    """Files on a disk that may refuse."""

    def __init__(self, *, full: bool) -> None:
        """Initialize."""
        self.full = full
        self.saved = 0

    async def async_save_sessions(self) -> None:
        """Save."""
        if self.full:
            raise WriteError("no space left")
        self.saved += 1


async def test_saved() -> None:
    """It returns when the decision is stored."""
    files: Any = Files(full=False)
    await async_save_decision(files)
    assert files.saved == 1


async def test_not_saved() -> None:
    """An error of the disk has a translated text."""
    files: Any = Files(full=True)
    with pytest.raises(HomeAssistantError) as raised:
        await async_save_decision(files)
    assert raised.value.translation_key == "not_saved"
