"""Tests of the Node.js packages that check the dashboards' modules, and that all modules are checked."""

import json
from pathlib import Path
import re
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
MODULES = [
    *sorted(ROOT.glob("common/frontend/*.js")),
    *sorted(ROOT.glob("custom_components/*/frontend/**/*.js")),
    *sorted(ROOT.glob("tests/frontend/**/*.js")),
]


def load(name: str) -> dict[str, Any]:
    """Return a JSON file of the repository."""
    found: dict[str, Any] = json.loads((ROOT / name).read_text())
    return found


def test_versions_are_pinned() -> None:
    """Each package has one exact version, the same in both files."""
    wanted = load("package.json")["devDependencies"]
    for name, version in wanted.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), name
    lock = load("package-lock.json")["packages"]
    assert lock[""]["devDependencies"] == wanted
    for name, version in wanted.items():
        assert lock[f"node_modules/{name}"]["version"] == version


def test_the_lock_file_names_no_registry() -> None:
    """Packages are downloaded from the registry of each machine, and checked by their hashes."""
    for name, package in load("package-lock.json")["packages"].items():
        if name:
            assert "resolved" not in package, name
            assert package["integrity"].startswith("sha512-"), name
    settings = (ROOT / ".npmrc").read_text().splitlines()
    assert "omit-lockfile-registry-resolved=true" in settings


def test_every_module_is_checked_strictly() -> None:
    """Both projects are strict, and together have every module."""
    options = load("jsconfig.json")["compilerOptions"]
    assert all(options[key] for key in ("allowJs", "checkJs", "noEmit", "strict"))
    product = load("jsconfig.json")
    assert "common/frontend/**/*.js" in product["include"]
    assert "custom_components/*/frontend/**/*.js" in product["include"]
    # Vendored modules have their own types.
    assert product["exclude"] == ["**/vendor/lit.js"]
    tests = load("tests/frontend/jsconfig.json")
    assert tests["extends"] == "../../jsconfig.json"
    assert not {"checkJs", "strict"} & tests["compilerOptions"].keys()
    assert "**/*.js" in tests["include"]
    assert "exclude" not in tests


@pytest.mark.parametrize(
    "module", MODULES, ids=lambda path: str(path.relative_to(ROOT))
)
def test_no_module_switches_a_check_off(module: Path) -> None:
    """A module that fails a check has to be changed."""
    text = module.read_text()
    assert not re.search(r"@ts-(nocheck|ignore|expect-error)|eslint-disable", text)


def test_script_lint_runs_them() -> None:
    """script/lint runs the linter and checks both projects."""
    script = (ROOT / "script" / "lint").read_text()
    for call in (
        "script/setup test node",
        'tsc" --project jsconfig.json',
        'tsc" --project tests/frontend/jsconfig.json',
        'eslint" --max-warnings 0 common custom_components script tests/frontend',
    ):
        assert call in script
