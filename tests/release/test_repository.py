"""Tests that the metadata in several files of the repository agree."""

import json
from pathlib import Path
import re
import subprocess
import tomllib
from urllib.parse import unquote

import pytest

from release.changelog import sections
from release.distribution import build
from release.project import Project
from release.rules import problems

ROOT = Path(__file__).parents[2]
PROJECT = Project.parse((ROOT / "pyproject.toml").read_text())
ADDRESS = re.compile(r"https://github\.com/[\w.-]+/[\w.-]+")

FILES = [
    Path(path)
    for path in subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
]


def texts() -> dict[str, str]:
    """Return the text files of the repository, by path."""
    found = {}
    for path in FILES:
        if (ROOT / path).is_file():
            try:
                found[str(path)] = (ROOT / path).read_text()
            except UnicodeDecodeError:
                continue
    return found


def manifest(domain: str) -> dict[str, object]:
    """Return the manifest.json of an integration."""
    path = ROOT / "custom_components" / domain / "manifest.json"
    found: dict[str, object] = json.loads(path.read_text())
    return found


def test_every_integration_is_released() -> None:
    """pyproject.toml lists all integrations."""
    found = {
        path.parent.name
        for path in (ROOT / "custom_components").glob("*/manifest.json")
    }
    assert set(PROJECT.mirrors) == found


@pytest.mark.parametrize("domain", PROJECT.mirrors)
def test_versions_are_the_same(domain: str) -> None:
    """pyproject.toml, both manifests and the changelog have the same version."""
    assert manifest(domain)["version"] == PROJECT.version
    changelog = (ROOT / "CHANGELOG.md").read_text()
    assert list(sections(changelog))[0] == "Unreleased"
    assert sections(changelog)[PROJECT.version]


@pytest.mark.parametrize("domain", PROJECT.mirrors)
def test_addresses_of_the_integrations(domain: str) -> None:
    """Manifests and cards have the URL of the repository, and its owner is the code owner."""
    found = manifest(domain)
    owner = PROJECT.source.split("/")[-2]
    assert found["documentation"] == PROJECT.source
    assert found["issue_tracker"] == f"{PROJECT.source}/issues"
    assert found["codeowners"] == [f"@{owner}"]
    module = ROOT / "custom_components" / domain / "frontend" / "cards.js"
    assert f'"{PROJECT.source}"' in module.read_text()


def test_no_address_of_the_project_is_a_former_one() -> None:
    """After a move, pyproject.toml is changed, and this test lists the other files.

    A URL is the project's own if it ends like that of one of its repositories, also as
    part of another one.
    """
    own = {PROJECT.source, *PROJECT.mirrors.values()}
    names = {address.rsplit("/", 1)[1] for address in own}
    strangers = {
        f"{path}: {address}"
        for path, text in texts().items()
        for address in ADDRESS.findall(unquote(text))
        if address.rsplit("/", 1)[1] in names and address not in own
    }
    assert not strangers


@pytest.mark.parametrize("domain", PROJECT.mirrors)
def test_a_readme_opens_its_own_repository_in_hacs(domain: str) -> None:
    """The link has owner and name as separate parameters."""
    readme = (ROOT / "release" / "readme" / f"{domain}.md").read_text()
    found = re.findall(r"hacs_repository/\?owner=([^&]+)&repository=([^&]+)&", readme)
    assert ["/".join(pair) for pair in found] == [
        PROJECT.mirrors[domain].removeprefix("https://github.com/")
    ]


def test_mirrors_are_the_owners() -> None:
    """The workflow for HACS builds their URLs from the owner of the repository."""
    owner = PROJECT.source.rsplit("/", 1)[0]
    workflow = (ROOT / ".github" / "workflows" / "hacs.yml").read_text()
    found = re.search(r"mirror: \[(.*)\]", workflow)
    assert found
    asked = {f"{owner}/{name}" for name in found[1].split(", ")}
    assert asked == set(PROJECT.mirrors.values())


def test_home_assistant_is_the_same() -> None:
    """The oldest supported version is the same for HACS and in the documentation."""
    hacs = json.loads((ROOT / "hacs.json").read_text())
    assert hacs["homeassistant"] == PROJECT.homeassistant
    series = PROJECT.homeassistant.removesuffix(".0")
    for page in "README.md", "release/readme/esp32_sensors.md", "CHANGELOG.md":
        assert f"Home Assistant {series}" in (ROOT / page).read_text()
    pinned = (ROOT / "requirements_test.txt").read_text()
    assert f"Home Assistant {series}." in pinned, "the tests run on this series"


def test_python_is_the_same() -> None:
    """The workflows use the version of Python that Home Assistant needs."""
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    series = re.match(r">=(\d+\.\d+)", wanted["requires-python"])
    assert series
    versions = {
        version
        for path in (ROOT / ".github" / "workflows").glob("*.yml")
        for version in re.findall(r'python-version: "(.*)"', path.read_text())
    }
    assert versions == {series[1]}


SOURCE = {
    str(path): (ROOT / path).read_bytes() for path in FILES if (ROOT / path).is_file()
}
"""The repository as it would be released if it were committed now."""


@pytest.mark.parametrize("domain", PROJECT.mirrors)
def test_what_would_be_released_is_in_order(domain: str) -> None:
    """Every link of its pages has a target, and every rule is fulfilled."""
    assert problems(build(domain, SOURCE, PROJECT), PROJECT.tag) == []


def test_every_blueprint_is_released() -> None:
    """It is part of the integration whose entities it uses."""
    blueprints = [path for path in SOURCE if path.startswith("blueprints/")]
    given = {
        path
        for domain in PROJECT.mirrors
        for path in build(domain, SOURCE, PROJECT).files
    }
    assert blueprints
    assert set(blueprints) <= given
