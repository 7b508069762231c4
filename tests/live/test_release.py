"""Tests of the release in an empty Home Assistant, installed by Home Assistant's own code."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import io
import json
from pathlib import Path
import re
import subprocess
import tomllib
from typing import Any
import zipfile

import hass_frontend
import pytest

from demo.broker import Broker
from demo.check import complaints
from demo.home_assistant import HomeAssistant
from demo.processes import free_port
from demo.truth import set_up
from homeassistant.components.marketplace.repositories.base import (
    RepositoryArchive,
    RepositoryManifest,
)
from homeassistant.components.marketplace.repositories.integration import (
    get_first_directory_in_directory,
)
from simulator.the_things_stack import TheThingsStack

REPOSITORY = Path(__file__).parents[2]
VERSION = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"][
    "version"
]
DOMAINS = ("esp32_sensors", "battery_thermal")

KEY = "NNSXS.KEYOFATEST.ITOPENSNOTHING"

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the release with the documented command."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([REPOSITORY / "script" / "release", "--output", folder], check=True)
    return folder


def as_github_serves_it(tree: Path) -> RepositoryArchive:
    """Return the archive of a repository that holds a tree, read by the Marketplace of Home Assistant."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for file in sorted(tree.rglob("*")):
            archive.write(file, Path(f"{tree.name}-main") / file.relative_to(tree))
    return RepositoryArchive(packed.getvalue())


def contents(folder: Path) -> dict[str, bytes]:
    """Return the files below a folder."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


@asynccontextmanager
async def installed(
    domain: str, built: Path, folder: Path
) -> AsyncGenerator[HomeAssistant]:
    """Run a Home Assistant with the unpacked zip of an integration only."""
    with zipfile.ZipFile(built / f"{domain}.zip") as archive:
        archive.extractall(folder / "custom_components" / domain)
    home_assistant = HomeAssistant(folder, free_port(), linked=False)
    await home_assistant.start()
    try:
        yield home_assistant
    finally:
        await home_assistant.stop()
    assert not complaints(home_assistant.log())


async def proven_alone(home_assistant: HomeAssistant, domain: str) -> None:
    """Home Assistant knows this integration in the built version, and not the other one."""
    listed = {
        manifest["domain"]: manifest["version"]
        for manifest in await home_assistant.command("manifest/list")
        if manifest["domain"] in DOMAINS
    }
    assert listed == {domain: VERSION}
    (entry,) = await home_assistant.entries(domain)
    assert entry["state"] == "loaded"
    described = await home_assistant.command("integration/descriptions")
    assert list(described["custom"]["integration"]) == [domain]


async def proven_to_show(home_assistant: HomeAssistant, domain: str) -> None:
    """Home Assistant serves the modules of the dashboards from the installed folder."""
    resources = await home_assistant.command("lovelace/resources")
    (url,) = [item["url"] for item in resources if f"/{domain}/" in item["url"]]
    module = (await home_assistant.request("GET", url)).decode()
    for imported in re.findall(r'from "\./([^"]+)"', module):
        found = await home_assistant.request("GET", url.replace("main.js", imported))
        assert found.strip()


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_tree_and_the_zip_install_the_same(
    domain: str, built: Path, tmp_path: Path
) -> None:
    """The Marketplace reads the repository: one integration, whose zip equals the tree."""
    archive = as_github_serves_it(built / domain)
    manifest = RepositoryManifest.from_dict(json.loads(archive.read("hacs.json")))
    assert (manifest.zip_release, manifest.filename) == (True, f"{domain}.zip")
    assert manifest.homeassistant == "2026.10.0"
    assert get_first_directory_in_directory(archive.tree, "custom_components") == domain

    tree, unpacked = tmp_path / "tree", tmp_path / "zip"
    archive.extract_directory(f"custom_components/{domain}", str(tree))
    with zipfile.ZipFile(built / f"{domain}.zip") as zipped:
        zipped.extractall(unpacked)
    assert contents(tree) == contents(unpacked)
    assert "manifest.json" in contents(unpacked)


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_icon_is_there(domain: str, built: Path) -> None:
    """Interface texts named by the integration and its cards exist in Home Assistant."""
    listed = Path(hass_frontend.__file__).parent / "static" / "mdi" / "iconList.json"
    there = {icon["name"] for icon in json.loads(listed.read_text())}
    folder = built / domain / "custom_components" / domain
    named = {
        name
        for path in (folder / "icons.json", *folder.glob("frontend/**/*.js"))
        for name in re.findall(r"mdi:([a-z0-9-]+)", path.read_text())
    }
    assert named
    assert named <= there


async def test_esp32_sensors_alone(mosquitto: str, built: Path, tmp_path: Path) -> None:
    """It is set up on a broker through the config flow, without a logged error."""
    broker = Broker(tmp_path / "broker", free_port(), "mosquitto")
    await broker.start()
    try:
        async with installed(
            "esp32_sensors", built, tmp_path / "config"
        ) as home_assistant:
            await set_up(home_assistant, broker)
            await proven_alone(home_assistant, "esp32_sensors")
            await proven_to_show(home_assistant, "esp32_sensors")
    finally:
        await broker.stop()


async def test_battery_thermal_alone(built: Path, tmp_path: Path) -> None:
    """It is set up on The Things Stack through the config flow, without a logged error."""
    async with TheThingsStack("battery-bank") as stack:
        stack.add_key(KEY)
        stack.add_device("node-1", name="Battery bank")
        async with installed(
            "battery_thermal", built, tmp_path / "config"
        ) as home_assistant:
            own: dict[str, Any] = {
                "host": "127.0.0.1",
                "tls": False,
                "mqtt_port": stack.mqtt_port,
                "http_port": stack.http_port,
                "application": stack.uid,
                "api_key": KEY,
            }
            await home_assistant.run_flow(
                "battery_thermal", {"next_step_id": "own"}, own
            )
            await proven_alone(home_assistant, "battery_thermal")
            await proven_to_show(home_assistant, "battery_thermal")
