"""Build what is given to people, check it, and say what is new: see ``--help``."""

import argparse
import os
from pathlib import Path
import shutil
import sys

from . import changelog, git, mirror
from .distribution import Distribution, build
from .project import Project
from .rules import problems

REPOSITORY = Path(__file__).parents[1]


def main(arguments: list[str] | None = None, repository: Path = REPOSITORY) -> int:
    """Do what the command line says; return the exit code."""
    said = _parser().parse_args(arguments)
    source = git.files(repository, said.commit)
    project = Project.parse(source["pyproject.toml"].decode())
    tag = said.tag or project.tag
    version = tag.removeprefix("v")
    try:
        distributions = [build(domain, source, project) for domain in project.mirrors]
        news = {
            domain: changelog.notes(files["CHANGELOG.md"].decode(), version)
            for domain, files in (
                ("", source),
                *((found.domain, found.files) for found in distributions),
            )
        }
    except (FileNotFoundError, ValueError) as error:
        return _refused([str(error)])
    if said.integration not in news:
        return _refused([f"{said.integration} is not one of {list(project.mirrors)}"])
    if found := [
        f"{distribution.domain}: {problem}"
        for distribution in distributions
        for problem in problems(distribution, tag)
    ]:
        return _refused(found)
    if said.do == "notes":
        print(news[said.integration])
    elif said.do == "mirrors":
        for domain, address in project.mirrors.items():
            print(domain, address)
    elif said.do == "publish":
        for distribution in distributions:
            _publish(distribution, project, tag, repository, said.commit)
    else:
        for distribution in distributions:
            _write(distribution, said.output or repository / "dist")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="script/release",
        description="Build a tree and a zip for each integration from a commit, and check them.",
    )
    parser.add_argument(
        "do",
        nargs="?",
        default="build",
        choices=("build", "notes", "mirrors", "publish"),
        help="build: write them (default); notes: print the release notes of the version; "
        "mirrors: print where each integration is given out; "
        "publish: push the trees there, as git is allowed to",
    )
    parser.add_argument("--commit", default="HEAD", help="what to build (HEAD)")
    parser.add_argument(
        "--integration",
        default="",
        help="whose release notes to print, by its domain (those of this repository)",
    )
    parser.add_argument(
        "--tag", help="what it must be the version of (that of pyproject.toml)"
    )
    parser.add_argument(
        "--output", type=Path, help="the folder to write them to (dist)"
    )
    return parser


def _refused(found: list[str]) -> int:
    print("\n".join(f"error: {problem}" for problem in found), file=sys.stderr)
    return 1


def _write(distribution: Distribution, folder: Path) -> None:
    tree = folder / distribution.domain
    shutil.rmtree(tree, ignore_errors=True)
    distribution.write(tree)
    zipped = folder / distribution.zip_name
    zipped.write_bytes(distribution.zip())
    for path in tree, zipped:
        print(os.path.relpath(path))


def _publish(
    distribution: Distribution,
    project: Project,
    tag: str,
    repository: Path,
    commit: str,
) -> None:
    remote = project.mirrors[distribution.domain]
    made_of = git.git(repository, "rev-parse", commit).decode().strip()
    message = f"{tag}\n\nMade of {project.source}/tree/{made_of}"
    time = git.commit_time(repository, commit)
    done = mirror.publish(distribution, remote, tag, message, time)
    print(f"{remote} {'has' if done else 'had'} {tag}")


if __name__ == "__main__":
    sys.exit(main())
