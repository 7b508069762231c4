"""Tests of pushing distributions to their repositories."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
import subprocess

import pytest

from release import git
from release.distribution import Distribution
from release.mirror import publish

TIME = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    """Return an empty repository to push to."""
    folder = tmp_path / "mirror.git"
    subprocess.run(
        ["git", "init", "-q", "--bare", "--initial-branch=main", folder], check=True
    )
    return folder


def history(mirror: Path) -> list[str]:
    """Return the subjects of the commits, newest first."""
    return git.git(mirror, "log", "--format=%s", "main").decode().split()


def test_releases_follow_each_other(lamp: Distribution, mirror: Path) -> None:
    """Each release is a commit with its tag; removed files are deleted."""
    assert publish(lamp, str(mirror), "v1", "v1", TIME)
    assert git.files(mirror, "v1") == lamp.files
    smaller = {
        path: content for path, content in lamp.files.items() if "docs" not in path
    }
    assert publish(replace(lamp, files=smaller), str(mirror), "v2", "v2", TIME)
    assert git.files(mirror, "main") == git.files(mirror, "v2") == smaller
    assert git.files(mirror, "v1") == lamp.files
    assert history(mirror) == ["v2", "v1"]


def test_a_release_that_broke_off_is_run_again(
    lamp: Distribution, mirror: Path
) -> None:
    """A second run keeps what the first one has pushed."""
    publish(lamp, str(mirror), "v1", "v1", TIME)
    first = git.git(mirror, "rev-parse", "v1")
    assert not publish(lamp, str(mirror), "v1", "v1", TIME)
    assert git.git(mirror, "rev-parse", "v1", "main") == first * 2


def test_a_tag_is_never_moved(lamp: Distribution, mirror: Path) -> None:
    """Users of the tag would get other files under the same name."""
    publish(lamp, str(mirror), "v1", "v1", TIME)
    other = replace(lamp, files={**lamp.files, "LICENSE": b"dear"})
    with pytest.raises(RuntimeError, match="has another v1 already"):
        publish(other, str(mirror), "v1", "v1", TIME)
    assert git.files(mirror, "main") == lamp.files


def test_a_version_without_changes_has_its_tag(
    lamp: Distribution, mirror: Path
) -> None:
    """Only the other integration may have changed."""
    publish(lamp, str(mirror), "v1", "v1", TIME)
    assert publish(lamp, str(mirror), "v2", "v2", TIME)
    assert history(mirror) == ["v2", "v1"]


def test_error_of_git(lamp: Distribution, tmp_path: Path) -> None:
    """The error of git is shown, for example for a missing mirror."""
    with pytest.raises(RuntimeError, match="git fetch failed: .*nowhere"):
        publish(lamp, str(tmp_path / "nowhere"), "v1", "v1", TIME)
