"""What Home Assistant writes is written here, as it has to be looked into."""

import pytest


@pytest.fixture
def hass_storage() -> dict[str, object]:
    """Let Home Assistant write files, which its test fixtures prevent."""
    return {}


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """Keep the files of each test apart."""
    return hass_tmp_config_dir
