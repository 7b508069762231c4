"""Check that each module with rules has a test of its name in the mirrored folder.

A module needs none if

- it decides nothing: no function in it has a branch, a loop or a comprehension;
- it is a part of another module: one module alone imports it, from the same folder, and
  the test of that one is its test;
- Home Assistant loads it for its entities: what these show is pinned by the snapshots of
  every platform, and entities have no state of their own.
"""

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
import re
from typing import Final

from homeassistant.const import Platform

ROOT: Final = Path(__file__).parent.parent

DECISIONS: Final = (
    ast.Assert,
    ast.AsyncFor,
    ast.BoolOp,
    ast.For,
    ast.If,
    ast.IfExp,
    ast.Match,
    ast.Try,
    ast.While,
    ast.With,
    ast.comprehension,
)


def modules() -> dict[str, ast.Module]:
    """Return the modules of the integrations and of the simulator, by their path."""
    paths = [
        path
        for folder in ("custom_components", "simulator")
        for path in sorted((ROOT / folder).rglob("*.py"))
    ]
    return {
        str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8"))
        for path in paths
    }


def imported(path: str, tree: ast.Module) -> Iterator[str]:
    """Yield the paths, without suffix, of all that a module imports or may import."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name.replace(".", "/") for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            folder = path.split("/")[: -node.level] if node.level else []
            module = [*folder, *(node.module or "").split(".")]
            base = "/".join(part for part in module if part)
            yield base
            yield from (f"{base}/{name.name}" for name in node.names)


def decides(tree: ast.Module) -> bool:
    """Return whether a function of a module has a branch or a loop."""
    return any(
        isinstance(inner, DECISIONS)
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        for inner in ast.walk(node)
    )


def test_each_module_with_rules_has_a_test_of_its_name() -> None:
    """Or it decides nothing, is a part of another one, or a platform."""
    trees = modules()
    users = defaultdict(set)
    for path, tree in trees.items():
        for name in imported(path, tree):
            if path != f"{name}.py" and not path.endswith("/__init__.py"):
                users[f"{name}.py"].add(path)
    without = set()
    for path, tree in trees.items():
        folder, _, name = path.rpartition("/")
        mirrored = f"tests/{folder}/test_{name}".replace("custom_components/", "")
        is_part = [user.rpartition("/")[0] for user in users[path]] == [folder]
        is_platform = folder.count("/") == 1 and name[:-3] in list(Platform)
        if not (
            name.startswith("__")
            or (ROOT / mirrored).exists()
            or not decides(tree)
            or is_part
            or is_platform
        ):
            without.add(path)
    assert without == set()


FRONTENDS: Final = {
    "common/frontend": "common",
    "custom_components/battery_thermal/frontend": "battery_thermal",
    "custom_components/esp32_sensors/frontend": "esp32_sensors",
}
"""Folders of modules of dashboards, and those of their tests below `tests/frontend`."""

JS_DECISIONS: Final = re.compile(r"\b(?:if|for|while|switch|catch)\b|\?\?|&&|\|\||\? ")
JS_COMMENTS: Final = re.compile(r"/\*.*?\*/|//[^\n]*|\bcss`[^`]*`", re.DOTALL)
JS_IMPORTS: Final = re.compile(r'(?:from|import)\s*\(?\s*"\./([\w-]+)\.js"')


def test_each_module_of_a_dashboard_with_rules_has_a_test_of_its_name() -> None:
    """As for Python; what is only imported by one other module is a part of that one."""
    without = set()
    for folder, tests in FRONTENDS.items():
        code = {
            path.stem: JS_COMMENTS.sub("", path.read_text(encoding="utf-8"))
            for path in sorted((ROOT / folder).glob("*.js"))
        }
        users = Counter(
            name for text in code.values() for name in set(JS_IMPORTS.findall(text))
        )
        without |= {
            f"{folder}/{name}.js"
            for name, text in code.items()
            if JS_DECISIONS.search(text)
            and users[name] != 1
            and not (ROOT / "tests/frontend" / tests / f"{name}.test.js").exists()
        }
    assert without == set()
