"""Fixtures: folders that Home Assistant may write to."""

from pathlib import Path

import pytest

from tests.battery_thermal.world import World


@pytest.fixture
def folder(world: World, tmp_path: Path) -> Path:
    """Return a folder that Home Assistant may write to."""
    folder = tmp_path / "allowed"
    folder.mkdir()
    world.hass.config.allowlist_external_dirs = {str(folder)}
    return folder


@pytest.fixture
def media(world: World, tmp_path: Path) -> Path:
    """Return the media folder."""
    folder = tmp_path / "media"
    folder.mkdir()
    world.hass.config.media_dirs = {"local": str(folder)}
    world.hass.config.allowlist_external_dirs = {str(folder)}
    return folder
