"""Tests of the workflows on GitHub: all versions are pinned, and they have no more rights than needed."""

from pathlib import Path
import re
import subprocess
from typing import Any

import pytest
import yaml

from release.__main__ import main

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"[\w-]+/[\w./-]+@[0-9a-f]{40}")
VERSION = re.compile(r"uses: \S+@[0-9a-f]{40} # (v\d+\.\d+\.\d+|\d+\.\d+\.\d+|master)$")

WRITES = {("release.yml", "publish"): {"contents": "write"}}
"""The only job that may change anything, and what."""

SECRETS = {"release.yml"}
"""The only workflow that sees secrets; it starts by tags alone."""


def load(path: Path) -> dict[Any, Any]:
    """Return a workflow; YAML reads its key ``on`` as true."""
    found: dict[Any, Any] = yaml.safe_load(path.read_text())
    return found


def steps(workflow: dict[Any, Any]) -> list[dict[str, Any]]:
    """Return all steps of all jobs."""
    return [step for job in workflow["jobs"].values() for step in job.get("steps", [])]


def test_they_are_there() -> None:
    """There are workflows for tests, distributions, HACS and releases."""
    names = [path.name for path in WORKFLOWS]
    assert names == ["distribution.yml", "hacs.yml", "release.yml", "test.yml"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned(path: Path) -> None:
    """Actions have the hash of a commit, with the version as a comment for dependabot."""
    lines = [line for line in path.read_text().splitlines() if "uses:" in line]
    for line in lines:
        if "uses: ./.github/workflows/" not in line:
            assert VERSION.search(line), line
    workflow = load(path)
    used = [step["uses"] for step in steps(workflow) if "uses" in step]
    used += [job["uses"] for job in workflow["jobs"].values() if "uses" in job]
    assert len(used) == len(lines)
    for action in used:
        assert PINNED.fullmatch(action) or action.startswith("./.github/workflows/")


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_rights_are_the_least(path: Path) -> None:
    """All workflows may read; those that may write are listed here."""
    workflow = load(path)
    assert workflow["permissions"] == {"contents": "read"}
    for name, job in workflow["jobs"].items():
        assert job.get("permissions") == WRITES.get((path.name, name))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_nothing_runs_for_ever(path: Path) -> None:
    """Each job has a time limit, and each workflow runs once at a time."""
    workflow = load(path)
    assert workflow["concurrency"]["group"]
    for job in workflow["jobs"].values():
        assert "uses" in job or job["timeout-minutes"] <= 90


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_strangers_get_no_secrets(path: Path) -> None:
    """A pull request gets no secrets, keeps no credentials, and its texts are never run as a command."""
    text, workflow = path.read_text(), load(path)
    starts = set(workflow[True])
    assert "pull_request_target" not in starts
    assert "workflow_run" not in starts
    if path.name in SECRETS:
        assert workflow[True] == {"push": {"tags": ["v*"]}}
    else:
        assert "secrets." not in text
        assert "secrets: inherit" not in text
    for step in steps(workflow):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
        assert "${{" not in step.get("run", ""), "values come in as environment"


def test_what_they_run_is_there() -> None:
    """Every script that a workflow calls exists."""
    called = {
        word
        for path in WORKFLOWS
        for step in steps(load(path))
        for word in re.findall(r"(?:script|\.ci)/[a-z]+", step.get("run", ""))
    }
    assert called == {".ci/run", "script/release"}
    for script in called:
        assert (ROOT / script).is_file()


def test_hassfest_finds_both_integrations(
    mirrors: Path, repository: Path, tmp_path: Path
) -> None:
    """The job copies them to where hassfest looks, and leaves no manifest anywhere else."""
    workspace = tmp_path / "workspace"
    assert main(["--output", str(workspace)], repository) == 0
    job = load(ROOT / ".github/workflows/distribution.yml")["jobs"]["hassfest"]
    download, *between, hassfest = job["steps"]
    assert download["uses"].startswith("actions/download-artifact@")
    assert download["with"] == {"name": "distribution"}
    assert hassfest["uses"].startswith("home-assistant/actions/hassfest@")
    for step in between:
        assert step.keys() == {"run"}
        # The command that GitHub runs if no shell is named.
        subprocess.run(["bash", "-e", "-c", step["run"]], cwd=workspace, check=True)
    found = {path.relative_to(workspace) for path in workspace.rglob("manifest.json")}
    assert found == {
        Path(f"custom_components/{domain}/manifest.json") for domain in ("horn", "lamp")
    }


def test_what_was_built_is_given_out_as_it_was() -> None:
    """Only the build uploads the artifact; hassfest's job moves its own copy, and HACS checks the mirrors."""
    uploads = {
        (path.name, name)
        for path in WORKFLOWS
        for name, job in load(path)["jobs"].items()
        for step in job.get("steps", [])
        if step.get("uses", "").startswith("actions/upload-artifact@")
        and step["with"]["name"] == "distribution"
    }
    assert uploads == {("distribution.yml", "build")}
    hacs = steps(load(ROOT / ".github/workflows/hacs.yml"))
    assert [step["uses"].split("@")[0] for step in hacs] == ["hacs/action"]


def test_dependabot_looks_after_all() -> None:
    """It updates actions and the packages of Python and Node.js."""
    found = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text())
    kinds = {update["package-ecosystem"] for update in found["updates"]}
    assert kinds == {"github-actions", "npm", "pip"}


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[!c]*.yml")),
    ids=lambda path: path.stem,
)
def test_issue_forms(path: Path) -> None:
    """Forms have the keys that GitHub requires and unique ids; bug reports ask for the needed data."""
    form = yaml.safe_load(path.read_text())
    assert {"name", "description", "body"} <= form.keys()
    asked = [part["id"] for part in form["body"] if part["type"] != "markdown"]
    assert len(set(asked)) == len(asked)
    for part in form["body"]:
        assert part["type"] in {"markdown", "input", "textarea", "dropdown"}
        assert part["attributes"].get("value") or part["attributes"]["label"]
    if path.stem.startswith("bug_"):
        assert {"version", "home-assistant", "diagnostics", "log"} <= set(asked)
