"""``script/release``, in a repository with two integrations and two mirrors."""

from pathlib import Path

import pytest

from release import git
from release.__main__ import main

from .conftest import SOURCE, commit


def test_build(
    mirrors: Path, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A tree and a zip for each, and nothing of the last time."""
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
    """Whatever has come since."""
    commit(repository, "custom_components/lamp/new.py", "")
    assert main(["--commit", "HEAD~1", "--output", str(tmp_path)], repository) == 0
    assert not (tmp_path / "lamp/custom_components/lamp/new.py").exists()


def test_notes_and_mirrors(
    mirrors: Path, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a workflow asks for."""
    assert main(["notes", "--tag", "v1.2.3"], repository) == 0
    assert capsys.readouterr().out == "- It shines.\n"
    assert main(["mirrors"], repository) == 0
    said = f"horn {mirrors}/horn.git\nlamp {mirrors}/lamp.git\n"
    assert capsys.readouterr().out == said


def test_publish(
    mirrors: Path, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both mirrors have the tag, and say what they are made of; again, nothing happens."""
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


@pytest.mark.parametrize(
    ("path", "content", "tag", "error"),
    [
        ("LICENSE", "free", "v1.2.4", "CHANGELOG.md says nothing of 1.2.4"),
        ("LICENSE", " ", "v1.2.3", "lamp: LICENSE is missing"),
        (
            "docs/lamp.md",
            "[x](gone.md)",
            "v1.2.3",
            "docs/lamp.md links to docs/gone.md, which is not there",
        ),
    ],
)
def test_what_is_wrong_is_not_published(
    *,
    mirrors: Path,
    repository: Path,
    capsys: pytest.CaptureFixture[str],
    path: str,
    content: str,
    tag: str,
    error: str,
) -> None:
    """It says why, and nobody gets anything."""
    commit(repository, path, f"{content}\n")
    assert main(["publish", "--tag", tag], repository) == 1
    assert f"error: {error}\n" in capsys.readouterr().err
    assert not git.git(mirrors / "lamp.git", "tag")
