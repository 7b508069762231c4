"""Tests of the dashboard resource."""

from pathlib import Path
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.battery_thermal.const import DOMAIN
from custom_components.battery_thermal.resources import FOLDER
from homeassistant.components.frontend import DATA_EXTRA_MODULE_URL, UrlManager
from homeassistant.components.lovelace.const import LOVELACE_DATA
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from simulator.the_things_stack import TheThingsStack

from .common import entry_data

THEIRS = {"id": "1", "url": "/local/theirs.js", "type": "module"}
OLD = {"id": "2", "url": f"/{DOMAIN}/0123456789abcdef/main.js", "type": "module"}


@pytest.fixture
def stored() -> list[dict[str, str]]:
    """Return the resources that exist at the start."""
    return [THEIRS]


@pytest.fixture
async def lovelace(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    stored: list[dict[str, str]],
) -> None:
    """Set up dashboards whose resources the interface manages."""
    hass_storage["lovelace_resources"] = {
        "version": 1,
        "minor_version": 1,
        "key": "lovelace_resources",
        "data": {"items": stored},
    }
    assert await async_setup_component(hass, "lovelace", {})


@pytest.fixture
def data(stack: TheThingsStack) -> dict[str, Any]:
    """Return the data of an entry."""
    return entry_data(stack)


async def add_application(hass: HomeAssistant, data: dict[str, Any]) -> MockConfigEntry:
    """Set up an application."""
    entry = MockConfigEntry(domain=DOMAIN, data=data)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    return entry


def resources(hass: HomeAssistant) -> list[str]:
    """Return the addresses of all resources."""
    items = hass.data[LOVELACE_DATA].resources.async_items()
    return sorted(item["url"] for item in items)


async def test_added_and_served(
    hass: HomeAssistant,
    data: dict[str, Any],
    lovelace: None,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """The module is added beside other resources, and served with a cache header."""
    await add_application(hass, data)
    ours, theirs = resources(hass)
    assert theirs == THEIRS["url"]
    client = await hass_client_no_auth()
    answer = await client.get(ours)
    assert await answer.text() == (FOLDER / "main.js").read_text()
    assert "max-age=" in answer.headers["Cache-Control"]
    answer = await client.get(ours.replace("main.js", "feed.js"))
    assert answer.status == 200


@pytest.mark.parametrize("stored", [[THEIRS, OLD]])
async def test_old_version_replaced(
    hass: HomeAssistant, data: dict[str, Any], lovelace: None
) -> None:
    """A newer version replaces the previous resource."""
    await add_application(hass, data)
    ours, theirs = resources(hass)
    assert ours.startswith(f"/{DOMAIN}/")
    assert ours != OLD["url"]
    assert theirs == THEIRS["url"]


async def test_removed_with_the_last_application(
    hass: HomeAssistant, data: dict[str, Any], lovelace: None
) -> None:
    """The resource stays while an application exists, loaded or not."""
    first = await add_application(hass, data)
    second = await add_application(hass, data)
    assert len(resources(hass)) == 2
    await hass.config_entries.async_unload(second.entry_id)
    await hass.config_entries.async_remove(first.entry_id)
    assert len(resources(hass)) == 2
    await hass.config_entries.async_remove(second.entry_id)
    assert resources(hass) == [THEIRS["url"]]


async def test_resources_in_yaml(hass: HomeAssistant, data: dict[str, Any]) -> None:
    """Resources in YAML are not changed."""
    urls: dict[str, set[str]] = {"added": set(), "removed": set()}
    # The frontend does this at its start; it is not installed here.
    hass.data[DATA_EXTRA_MODULE_URL] = UrlManager(
        lambda change, url: urls[change].add(url), []
    )
    assert await async_setup_component(
        hass, "lovelace", {"lovelace": {"resource_mode": "yaml", "resources": []}}
    )
    never_loaded = MockConfigEntry(domain=DOMAIN, data=data)
    never_loaded.add_to_hass(hass)
    await hass.config_entries.async_remove(never_loaded.entry_id)
    assert not urls["removed"]
    entry = await add_application(hass, data)
    (url,) = hass.data[DATA_EXTRA_MODULE_URL].urls
    assert url.startswith(f"/{DOMAIN}/")
    assert not resources(hass)
    await hass.config_entries.async_remove(entry.entry_id)
    assert urls == {"added": {url}, "removed": {url}}


async def test_without_dashboards(hass: HomeAssistant, data: dict[str, Any]) -> None:
    """Without dashboards no resource is added."""
    entry = await add_application(hass, data)
    await hass.config_entries.async_remove(entry.entry_id)
    assert LOVELACE_DATA not in hass.data


def test_every_import_is_there() -> None:
    """Every import of a module names an existing file."""
    for file in FOLDER.glob("*.js"):
        for line in file.read_text().splitlines():
            if ' from "./' in line:
                imported = line.split('from "./')[1].split('"')[0]
                assert Path(FOLDER / imported).is_file(), f"{file.name}: {imported}"
