"""The steps of the release workflow, run as GitHub would, with a ``gh`` that only writes down what it is asked."""

import os
from pathlib import Path
import shutil
import subprocess
import sys

import pytest
import yaml

from release import git

ROOT = Path(__file__).parents[2]

GH = """\
#!/bin/sh
echo "$GH_TOKEN: gh $*" >>"$ASKED"
[ "$1 $2" != "release view" ] || [ -n "$RELEASED" ]
"""


def program(path: Path, text: str) -> None:
    """Write a program."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def run_steps(repository: Path, bin_folder: Path, **environment: str) -> list[str]:
    """Run what the workflow's job runs; return what ``gh`` was asked."""
    workflow = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text())
    assert workflow["defaults"]["run"]["shell"] == "bash"
    asked = bin_folder / "asked"
    asked.write_text("")
    tokens = {
        "${{ secrets.MIRROR_TOKEN }}": "mirrors",
        "${{ github.token }}": "here",
    }
    for step in workflow["jobs"]["publish"]["steps"]:
        if "run" in step:
            own = {name: tokens[value] for name, value in step.get("env", {}).items()}
            subprocess.run(
                # What GitHub runs for "shell: bash".
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
                cwd=repository,
                env={
                    **os.environ,
                    **environment,
                    **own,
                    "ASKED": str(asked),
                    "PATH": f"{bin_folder}:{os.environ['PATH']}",
                    "TAG": "v1.2.3",
                },
                check=True,
            )
    return asked.read_text().splitlines()


@pytest.fixture
def with_programs(repository: Path, tmp_path: Path) -> Path:
    """Put the release's code into the repository, and ``gh`` beside it; return its folder."""
    for module in (ROOT / "release").glob("*.py"):
        shutil.copy(module, repository / "release")
    program(
        repository / "script" / "release",
        f'#!/bin/sh\nexec {sys.executable} -m release "$@"\n',
    )
    (repository / "dist").mkdir()
    program(tmp_path / "bin" / "gh", GH)
    return tmp_path / "bin"


def test_publishes_everywhere(
    mirrors: Path, repository: Path, with_programs: Path
) -> None:
    """Each mirror gets its tree, its tag and its own zip; this repository both zips. The notes are the changelog's."""
    for name in "horn", "lamp":
        (repository / "dist" / f"{name}.zip").touch()
    asked = run_steps(repository, with_programs, RELEASED="")
    rest = "--verify-tag --title v1.2.3 --notes-file dist/notes.md"
    horn, lamp = mirrors / "horn.git", mirrors / "lamp.git"
    assert asked == [
        "mirrors: gh auth setup-git",
        f"mirrors: gh release view v1.2.3 --repo {horn}",
        f"mirrors: gh release create v1.2.3 dist/horn.zip --repo {horn} {rest}",
        f"mirrors: gh release view v1.2.3 --repo {lamp}",
        f"mirrors: gh release create v1.2.3 dist/lamp.zip --repo {lamp} {rest}",
        "here: gh release view v1.2.3",
        f"here: gh release create v1.2.3 dist/horn.zip dist/lamp.zip {rest}",
    ]
    assert (repository / "dist" / "notes.md").read_text() == "- It shines.\n"
    for mirror in horn, lamp:
        assert git.git(mirror, "tag").decode() == "v1.2.3\n"


def test_run_again_it_changes_nothing(
    mirrors: Path, repository: Path, with_programs: Path
) -> None:
    """What is there already is only looked at."""
    run_steps(repository, with_programs, RELEASED="")
    first = git.git(mirrors / "lamp.git", "rev-parse", "main")
    asked = run_steps(repository, with_programs, RELEASED="yes")
    assert not [line for line in asked if "create" in line]
    assert git.git(mirrors / "lamp.git", "rev-parse", "main") == first
