"""Tests of ``script/release`` in a repository with two integrations and two mirrors."""

from pathlib import Path

import pytest

from release import git
from release.__main__ import main

from .conftest import SOURCE, commit


def test_build(
    mirrors: Path, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A tree and a zip for each integration are written, and old ones deleted."""
    left = repository / "dist" / "lamp" / "old.txt"
    left.parent.mkdir(parents=True)
    left.touch()
    assert main([], repository) == 0
    written = {path.name for path in (repository / "dist").iterdir()}
    assert written == {"horn", "horn.zip", "lamp", "lamp.zip"}
    assert not left.exists()
    assert (repository / "dist/lamp/custom_components/lamp/manifest.json").is_file()
    assert "lamp.zip" in capsys.readouterr().out


def test_build_of_an_older_commit(
    mirrors: Path, repository: Path, tmp_path: Path
) -> None:
    """Later commits have no effect."""
    commit(repository, "custom_components/lamp/new.py", "")
    assert main(["--commit", "HEAD~1", "--output", str(tmp_path)], repository) == 0
    assert not (tmp_path / "lamp/custom_components/lamp/new.py").exists()


def test_notes_and_mirrors(
    mirrors: Path, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The workflow gets notes and mirrors."""
    assert main(["notes", "--tag", "v1.2.3"], repository) == 0
    lamp, horn = "- **Lamp**: it shines.\n", "- **Horn**: it sounds.\n"
    assert capsys.readouterr().out == lamp + horn
    assert main(["notes", "--integration", "lamp"], repository) == 0
    assert capsys.readouterr().out == lamp
    assert main(["notes", "--integration", "horn"], repository) == 0
    assert capsys.readouterr().out == horn
    assert main(["mirrors"], repository) == 0
    said = f"horn {mirrors}/horn.git\nlamp {mirrors}/lamp.git\n"
    assert capsys.readouterr().out == said


def test_publish(
    mirrors: Path, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both mirrors get the tag, with the source commit; a second run changes nothing."""
    assert main(["publish"], repository) == 0
    head = git.git(repository, "rev-parse", "HEAD").decode().strip()
    for name in "horn", "lamp":
        folder = mirrors / f"{name}.git"
        manifest = f"custom_components/{name}/manifest.json"
        assert manifest in git.files(folder, "v1.2.3")
        said = git.git(folder, "log", "--format=%B").decode()
        assert said.strip() == f"v1.2.3\n\nMade of {SOURCE}/tree/{head}"
    assert capsys.readouterr().out.count(" has v1.2.3\n") == 2
    assert main(["publish"], repository) == 0
    assert capsys.readouterr().out.count(" had v1.2.3\n") == 2


def test_notes_of_an_unknown_integration(
    mirrors: Path, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The error names the integrations that there are."""
    assert main(["notes", "--integration", "bell"], repository) == 1
    said = "error: bell is not one of ['horn', 'lamp']\n"
    assert capsys.readouterr().err == said


@pytest.mark.parametrize(
    ("path", "content", "tag", "error"),
    [
        ("LICENSE", "free", "v1.2.4", "CHANGELOG.md says nothing of 1.2.4"),
        ("LICENSE", " ", "v1.2.3", "lamp: LICENSE is missing"),
        (
            "CHANGELOG.md",
            "## [1.2.3] - 2026-01-02\n\n- It shines.",
            "v1.2.3",
            "CHANGELOG.md does not say what this is about: - It shines.",
        ),
        (
            "docs/lamp.md",
            "[x](gone.md)",
            "v1.2.3",
            "docs/lamp.md links to docs/gone.md, which is not there",
        ),
    ],
)
def test_invalid_release_is_not_published(
    *,
    mirrors: Path,
    repository: Path,
    capsys: pytest.CaptureFixture[str],
    path: str,
    content: str,
    tag: str,
    error: str,
) -> None:
    """The error has the reason, and no mirror is changed."""
    commit(repository, path, f"{content}\n")
    assert main(["publish", "--tag", tag], repository) == 1
    assert f"error: {error}\n" in capsys.readouterr().err
    assert not git.git(mirrors / "lamp.git", "tag")
