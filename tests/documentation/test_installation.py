"""Tests of the pages about installing: both ways, their order, and the repository to add."""

import json
from pathlib import Path
import re

import pytest

from release.changelog import of_integration, sections
from release.project import Project

from .pages import REPOSITORY
from .test_complete import INTEGRATIONS, Integration, each, flat

PROJECT = Project.parse((REPOSITORY / "pyproject.toml").read_text())
MARKETPLACE = "2026.11"
"""The first Home Assistant that has the Marketplace, and refuses HACS."""


def readme_of(integration: Integration) -> str:
    """Return the readme of the repository that users add."""
    path = REPOSITORY / "release" / "readme" / f"{integration.domain}.md"
    return path.read_text()


def name_of(integration: Integration) -> str:
    """Return the name of an integration in its manifest."""
    name: str = json.loads((integration.folder / "manifest.json").read_text())["name"]
    return name


def install_chapter(page: str) -> str:
    """Return the chapter about installing in one line."""
    found = re.search(
        r"^## Install(?:ation)?$(.*?)^## ", page, re.MULTILINE | re.DOTALL
    )
    assert found
    return flat(found[1])


PAGES = [
    pytest.param((REPOSITORY / "README.md").read_text(), id="README"),
    *(
        pytest.param(page, id=f"{integration.domain}-{kind}")
        for integration in INTEGRATIONS
        for kind, page in (
            ("page", integration.page),
            ("readme", readme_of(integration)),
        )
    ),
]


@pytest.mark.parametrize("page", PAGES)
def test_the_marketplace_comes_first(page: str) -> None:
    """Each way is described with its versions; HACS is the only way for the oldest version."""
    chapter = install_chapter(page)
    marketplace = chapter.index(f"Home Assistant {MARKETPLACE} and later")
    oldest = PROJECT.homeassistant.removesuffix(".0")
    hacs = chapter.index("**HACS → ⋮ → Custom repositories**")
    assert marketplace < hacs
    assert re.search(
        rf"HACS\S*\*\* \(Home Assistant {oldest}|\*\*Home Assistant {oldest}\*\* with \[HACS",
        chapter,
    )


@pytest.mark.parametrize("page", PAGES)
def test_every_step_in_the_marketplace(page: str) -> None:
    """The steps are in the order of the dialogs; tests/live/test_installation.py checks the texts."""
    chapter = install_chapter(page)
    steps = (
        "**Settings → Marketplace**",
        "warning",
        "**Add from link**",
        "*GitHub link*",
        "**Add**",
        "GitHub account",
        "**Install**",
    )
    places = [chapter.index(step) for step in steps]
    assert places == sorted(places)
    assert "first install needs no restart" in chapter[places[-1] :]


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(REPOSITORY / "README.md", id="README"),
        *(
            pytest.param(
                REPOSITORY / "docs" / f"{integration.domain}.md", id=integration.domain
            )
            for integration in INTEGRATIONS
        ),
    ],
)
def test_not_the_source_repository(page: Path) -> None:
    """The page says not to add the source repository, and what would happen."""
    chapter = install_chapter(page.read_text())
    warning = re.search(rf"[^.]*[Dd]o not add[^`]*`{PROJECT.source}`(.*)", chapter)
    assert warning
    assert "Battery Thermal" in warning[1]
    assert re.search(r"two repositories (would )?own the same folder", warning[1])


@each
def test_removal(integration: Integration) -> None:
    """Both ways of removing the files are described."""
    for chapter in integration.chapter("Removal"), readme_of(integration):
        assert "Marketplace" in chapter
        assert "HACS" in chapter


def test_what_is_installed_of_a_repository() -> None:
    """The page for maintainers says which version users get, and when it is that of a commit."""
    page = flat((REPOSITORY / "docs" / "releasing.md").read_text())
    assert (
        "HACS and the Marketplace take the newest release of a repository. Only while a "
        "repository has no release do they take its newest commit." in page
    )
    assert "from the newest commit" not in page


@each
def test_every_entry_of_the_changelog_has_a_subject(
    integration: Integration,
) -> None:
    """Entries begin with ``- **ESP32 sensors**: …``, ``**Battery Thermal**``, ``**Both integrations**`` or ``**Development**``.

    The notes of an integration are made from the entries about it; docs/releasing.md
    has the list.
    """
    changelog = (REPOSITORY / "CHANGELOG.md").read_text()
    names = [name_of(each) for each in INTEGRATIONS]
    name = name_of(integration)
    own = of_integration(changelog, name, names)
    assert list(sections(own)) == list(sections(changelog))
    (other,) = set(names) - {name}
    assert f"- **{name}**: " in own
    assert f"- **{other}**" not in own
    page = flat((REPOSITORY / "docs" / "releasing.md").read_text())
    assert (
        f"`- **{name}**: …` | `{PROJECT.mirrors[integration.domain].rsplit('/', 1)[1]}`"
        in page
    )
