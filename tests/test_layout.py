"""Check that each module with rules has a test of its name in the mirrored folder.

A module needs none if

- it decides nothing: no function in it has a branch, a loop or a comprehension;
- it is a part of another module: one module alone imports it, from the same folder, and
  the test of that one is its test;
- Home Assistant loads it for its entities: what these show is pinned by the snapshots of
  every platform, and entities have no state of their own.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
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

PENDING: Final = {
    "custom_components/battery_thermal/api/actions.py",
    "custom_components/battery_thermal/api/archive_progress.py",
    "custom_components/battery_thermal/api/archive_view.py",
    "custom_components/battery_thermal/api/drift_actions.py",
    "custom_components/battery_thermal/api/report_files.py",
    "custom_components/battery_thermal/api/serialisation.py",
    "custom_components/battery_thermal/api/target_nodes.py",
    "custom_components/battery_thermal/archive/curves.py",
    "custom_components/battery_thermal/device/archive_search.py",
    "custom_components/battery_thermal/device/node_options.py",
    "custom_components/battery_thermal/lorawan/http_client.py",
    "custom_components/battery_thermal/lorawan/mqtt_connection.py",
    "custom_components/battery_thermal/lorawan/network_server.py",
    "custom_components/battery_thermal/render/canvas.py",
    "simulator/chirpstack/attempts.py",
    "simulator/the_things_stack/attempts.py",
    "simulator/the_things_stack/broker.py",
}
"""Modules that are only tested through those that use them: none may be added."""


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
    """And none is listed as pending that has one, or needs none."""
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
    assert without == PENDING
