"""Tests of the installation pages against the Marketplace of the newest Home Assistant."""

import io
import json
from pathlib import Path
import re
import subprocess
from typing import Any
from unittest.mock import MagicMock
import zipfile

import hass_frontend
import pytest

from homeassistant.components.marketplace.exceptions import MarketplaceError
from homeassistant.components.marketplace.repositories.base import RepositoryArchive
from homeassistant.components.marketplace.repositories.integration import (
    IntegrationRepository,
    get_first_directory_in_directory,
)

REPOSITORY = Path(__file__).parents[2]
PAGES = [
    REPOSITORY / "README.md",
    *(
        REPOSITORY / "docs" / f"{domain}.md"
        for domain in ("esp32_sensors", "battery_thermal")
    ),
    *(REPOSITORY / "release" / "readme").glob("*.md"),
]
TRANSLATIONS = Path(hass_frontend.__file__).parent / "static" / "translations"


def interface(folder: str = "") -> dict[str, str]:
    """Return the English texts of a part of the interface, by their keys; those of every part without a folder."""
    (file,) = (TRANSLATIONS / folder).glob("en-" + "?" * 32 + ".json")
    texts: dict[str, str] = json.loads(file.read_text())
    return texts


def the_marketplace(page: Path) -> str:
    """Return what a page says of the Marketplace: from its name to the paragraph or item about HACS."""
    found = re.search(
        r"(\*\*With the Marketplace|- \*\*Home Assistant 2026\.11).*?(?=\n\*\*With HACS|\n- \*\*Home)",
        page.read_text(),
        re.DOTALL,
    )
    assert found
    return " ".join(found[0].split())


@pytest.mark.parametrize(
    "page", PAGES, ids=lambda page: f"{page.parent.name}-{page.stem}"
)
def test_words_of_the_interface(page: Path) -> None:
    """Texts of the interface are quoted literally by the pages."""
    said = the_marketplace(page)
    there = {*interface().values(), *interface("marketplace").values()}
    bold = re.findall(r"\*\*([^*]+)\*\*", said)
    names = {"ESP32 sensors", "Battery Thermal"}
    italic = set(re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", said)) - names
    words = {
        word
        for text in (*bold, *italic)
        for word in text.split(" → ")
        if not word.startswith(("With the ", "Home Assistant 20"))
    }
    assert {
        "Settings",
        "Marketplace",
        "Add from link",
        "Add",
        "Install",
        "Set up",
    } <= words
    assert {"GitHub link"} <= words
    assert sorted(words - there) == []


def test_words_of_the_removal() -> None:
    """The question that Home Assistant asks when an integration of the Marketplace is deleted has this button."""
    key = "ui.panel.config.integrations.config_entry.marketplace_uninstall.confirm"
    asked = interface("config")[key]
    for domain in "esp32_sensors", "battery_thermal":
        assert f"**{asked}**" in (REPOSITORY / "docs" / f"{domain}.md").read_text()


def test_the_source_repository_gives_battery_thermal() -> None:
    """The Marketplace installs the first folder, which is why the pages say not to add this repository."""
    packed = subprocess.run(
        ["git", "archive", "--format=zip", "--prefix=source-main/", "HEAD"],
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
    ).stdout
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.testzip() is None
    tree = RepositoryArchive(packed).tree
    assert (
        get_first_directory_in_directory(tree, "custom_components") == "battery_thermal"
    )


def repository(name: str, **data: Any) -> IntegrationRepository:
    """Return a repository as the Marketplace knows it."""
    found = IntegrationRepository(MagicMock(), name)
    for key, value in data.items():
        setattr(found.data, key, value)
    return found


def test_the_newest_release_is_installed() -> None:
    """The newest commit of the default branch is installed only while there is no release."""
    found = repository("owner/mirror", default_branch="main")
    assert found.version_to_install() == "main"
    found.data.last_version = "v0.1.0"
    assert found.version_to_install() == "v0.1.0"


async def test_a_folder_has_one_owner() -> None:
    """The Marketplace refuses to install a second repository of the same folder."""
    mirror = repository("owner/battery-thermal", domain="battery_thermal")
    source = repository("owner/both", domain="battery_thermal")
    source.marketplace.repositories.list_installed = [mirror]
    with pytest.raises(MarketplaceError) as raised:
        await source.async_pre_install()
    assert raised.value.translation_key == "integration_owned"


@pytest.mark.parametrize(("known", "restart"), [(False, False), (True, True)])
async def test_a_first_install_needs_no_restart(
    monkeypatch: pytest.MonkeyPatch, *, known: bool, restart: bool
) -> None:
    """An integration that this run has not loaded is found at once; an update needs a restart."""
    found = repository("owner/mirror", domain="battery_thermal", config_flow=True)

    async def reload() -> set[str]:
        return {"battery_thermal"}

    monkeypatch.setattr(found, "reload_custom_components", reload)
    monkeypatch.setattr(found, "_known_to_the_loader", lambda: known)
    monkeypatch.setattr(
        "homeassistant.components.marketplace.repositories.integration.async_create_issue",
        MagicMock(),
    )
    await found.async_post_installation()
    assert found.pending_restart is restart
