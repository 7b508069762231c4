"""Tests of the release workflow, run like by GitHub with a ``gh`` that records its commands."""

import os
from pathlib import Path
import shutil
import subprocess
import sys

import pytest
import yaml

from release import git
from release.__main__ import main

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
    """Run the workflow's job; return the commands of ``gh``."""
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
                # The command that GitHub runs for "shell: bash".
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
    """Copy the release's code into the repository, and ``gh`` beside it; return its folder."""
    for module in (ROOT / "release").glob("*.py"):
        shutil.copy(module, repository / "release")
    program(
        repository / "script" / "release",
        f'#!/bin/sh\nexec {sys.executable} -m release "$@"\n',
    )
    assert main(["--output", str(repository / "checked")], repository) == 0
    program(tmp_path / "bin" / "gh", GH)
    return tmp_path / "bin"


def test_publishes_everywhere(
    mirrors: Path, repository: Path, with_programs: Path
) -> None:
    """Each mirror gets its tree, tag, zip and notes; this repository gets both zips and all notes."""
    asked = run_steps(repository, with_programs, RELEASED="")
    rest = "--verify-tag --title v1.2.3 --notes-file"
    horn, lamp = mirrors / "horn.git", mirrors / "lamp.git"
    assert asked == [
        "mirrors: gh auth setup-git",
        f"mirrors: gh release view v1.2.3 --repo {horn}",
        f"mirrors: gh release create v1.2.3 dist/horn.zip --repo {horn} {rest} dist/horn.md",
        f"mirrors: gh release view v1.2.3 --repo {lamp}",
        f"mirrors: gh release create v1.2.3 dist/lamp.zip --repo {lamp} {rest} dist/lamp.md",
        "here: gh release view v1.2.3",
        f"here: gh release create v1.2.3 dist/horn.zip dist/lamp.zip {rest} dist/notes.md",
    ]
    notes = {path.name: path.read_text() for path in (repository / "dist").glob("*.md")}
    lamp_notes, horn_notes = "- **Lamp**: it shines.\n", "- **Horn**: it sounds.\n"
    assert notes == {
        "horn.md": horn_notes,
        "lamp.md": lamp_notes,
        "notes.md": lamp_notes + horn_notes,
    }
    for mirror in horn, lamp:
        assert git.git(mirror, "tag").decode() == "v1.2.3\n"
    for name in "horn", "lamp":
        built = (repository / "dist" / f"{name}.zip").read_bytes()
        assert built == (repository / "checked" / f"{name}.zip").read_bytes()


@pytest.mark.parametrize(
    "path", ["lamp.zip", "lamp/custom_components/lamp/__init__.py", "lamp/added.txt"]
)
def test_another_distribution_is_not_published(
    mirrors: Path, repository: Path, with_programs: Path, path: str
) -> None:
    """If the artifact differs from the build of the tag's source, nothing is published."""
    changed = repository / "checked" / path
    changed.write_bytes(
        (changed.read_bytes() if changed.exists() else b"") + b"\n# changed"
    )
    with pytest.raises(subprocess.CalledProcessError):
        run_steps(repository, with_programs, RELEASED="")
    assert (with_programs / "asked").read_text() == ""
    for name in "horn.git", "lamp.git":
        assert not git.git(mirrors / name, "tag")


def test_only_what_was_built_here_is_published() -> None:
    """No step publishes a file of the artifact, which another job has made."""
    workflow = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text())
    steps = workflow["jobs"]["publish"]["steps"]
    (download,) = [
        step for step in steps if "download-artifact" in step.get("uses", "")
    ]
    folder = download["with"]["path"]
    assert folder != "dist"
    runs = [step["run"] for step in steps if "run" in step]
    assert [run for run in runs if folder in run] == [runs[0]]
    assert runs[0].splitlines() == [
        "rm -rf dist",
        'script/release --tag "$TAG"',
        f"diff --recursive {folder} dist",
    ]


def test_second_run(mirrors: Path, repository: Path, with_programs: Path) -> None:
    """A second run changes nothing."""
    run_steps(repository, with_programs, RELEASED="")
    first = git.git(mirrors / "lamp.git", "rev-parse", "main")
    asked = run_steps(repository, with_programs, RELEASED="yes")
    assert not [line for line in asked if "create" in line]
    assert git.git(mirrors / "lamp.git", "rev-parse", "main") == first
