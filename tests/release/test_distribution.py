"""Tests of the trees and zips that are made from a repository with two integrations."""

import io
import json
from pathlib import Path
import stat
import zipfile

import pytest

from release import git
from release.distribution import Distribution, build
from release.project import Project

from .conftest import SOURCE


def test_holds_one_integration_and_what_concerns_it(lamp: Distribution) -> None:
    """A tree has no files of the other integration, no tests, and no page or image without a link to it."""
    assert set(lamp.files) == {
        "CHANGELOG.md",
        "LICENSE",
        "README.md",
        "blueprints/automation/lamp/dusk.yaml",
        "custom_components/lamp/__init__.py",
        "custom_components/lamp/brand/icon.png",
        "custom_components/lamp/brand/icon@2x.png",
        "custom_components/lamp/brand/logo.png",
        "custom_components/lamp/manifest.json",
        "docs/images/lamp.png",
        "docs/images/wires.png",
        "docs/lamp.md",
        "hacs.json",
    }


def test_a_blueprint_goes_where_its_entities_come_from(
    source: dict[str, bytes], project: Project
) -> None:
    """The entities that it selects decide, wherever its file is."""
    source["blueprints/script/beep.yaml"] = (
        b"selector: {entity: {filter: {integration: horn}}}"
    )
    path = "blueprints/script/beep.yaml"
    assert path in build("horn", source, project).files
    assert path not in build("lamp", source, project).files


def test_links_are_rewritten(lamp: Distribution) -> None:
    """A link to a page in the tree is relative; any other leads to the version's tag."""
    readme = lamp.files["README.md"].decode()
    assert "![Lamp](docs/images/lamp.png) [how](docs/lamp.md) [all](docs/)" in readme
    assert f"[develop]({SOURCE}/blob/v1.2.3/CONTRIBUTING.md#here)" in readme
    assert "[out](https://git.example)" in readme
    page = lamp.files["docs/lamp.md"].decode()
    assert "[back](../README.md) [this](#part)" in page
    assert f"[other]({SOURCE}/blob/v1.2.3/docs/horn.md)" in page
    assert "![wires](images/wires.png)" in page
    assert "[code](../custom_components/lamp/__init__.py)" in page
    assert f"[tests]({SOURCE}/tree/v1.2.3/tests)" in page


def test_a_link_that_leads_nowhere_stops_the_release(
    source: dict[str, bytes], project: Project
) -> None:
    """The error names the page and the link."""
    source["docs/lamp.md"] += b"[gone](gone.md)"
    with pytest.raises(FileNotFoundError, match=r"docs/lamp.md links to docs/gone.md"):
        build("lamp", source, project)


def test_the_changelog_is_that_of_the_integration(
    source: dict[str, bytes], project: Project
) -> None:
    """Entries of the other integration are left out, common ones stay."""
    source["CHANGELOG.md"] += b"- **Both integrations**: they are small.\n"
    lamp, horn = (build(domain, source, project) for domain in ("lamp", "horn"))
    head = "# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-01-02\n\n"
    small = "- **Both integrations**: they are small.\n"
    said = lamp.files["CHANGELOG.md"].decode()
    assert said == f"{head}- **Lamp**: it shines.\n{small}"
    said = horn.files["CHANGELOG.md"].decode()
    assert said == f"{head}- **Horn**: it sounds.\n{small}"


def test_hacs_json(lamp: Distribution) -> None:
    """It names the integration, the zip, and the needed version of Home Assistant."""
    assert json.loads(lamp.files["hacs.json"]) == {
        "name": "Lamp",
        "homeassistant": "2026.10.0",
        "zip_release": True,
        "filename": "lamp.zip",
    }


def test_the_zip_has_the_integration_at_its_root(lamp: Distribution) -> None:
    """HACS unpacks it into the folder of the integration."""
    with zipfile.ZipFile(io.BytesIO(lamp.zip())) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [
            "__init__.py",
            "brand/icon.png",
            "brand/icon@2x.png",
            "brand/logo.png",
            "manifest.json",
        ]
        modes = {member.external_attr >> 16 for member in archive.infolist()}
    assert modes == {stat.S_IFREG | 0o644}


def test_the_same_commit_is_the_same_bytes(
    repository: Path, source: dict[str, bytes], project: Project
) -> None:
    """The order of files and the working tree have no effect."""
    (repository / "custom_components/lamp/__init__.py").write_text("changed")
    (repository / "custom_components/lamp/rest.orig").write_text("left over")
    committed = git.files(repository, "HEAD")
    assert committed == source
    there = build("lamp", committed, project)
    back = build("lamp", dict(reversed(committed.items())), project)
    assert there.zip() == back.zip()
    assert list(there.files.items()) == list(back.files.items())


def test_written_it_is_a_tree(lamp: Distribution, tmp_path: Path) -> None:
    """All files are written, and no others."""
    lamp.write(tmp_path / "dist")
    found = {
        str(file.relative_to(tmp_path / "dist")): file.read_bytes()
        for file in (tmp_path / "dist").rglob("*")
        if file.is_file()
    }
    assert found == lamp.files
