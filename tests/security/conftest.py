"""Home Assistant writes its files, so that they can be searched."""

import pytest


@pytest.fixture
def hass_storage() -> dict[str, object]:
    """Let Home Assistant write files, which its test fixtures prevent."""
    return {}


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """Give each test its own files."""
    return hass_tmp_config_dir
