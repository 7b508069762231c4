"""Check the length of modules and classes.

The limits are those of docs/architecture.md: 300 lines for a module in Python or
JavaScript, 250 for a class. Prints those that are longer, and exits with 1 then.
"""

import ast
from pathlib import Path
import sys

MODULE_LINES = 300
CLASS_LINES = 250
ROOT = Path(__file__).parent.parent
VENDORED = "vendor"
FOLDERS = ("custom_components", "common", "simulator", "demo", "benchmarks", "release")
"""Not the programs of firmware/: a device gets each as one file."""


def too_long(path: Path) -> list[str]:
    """Return a message for each limit that a module exceeds."""
    source = path.read_text()
    name = path.relative_to(ROOT)
    found = []
    lines = len(source.splitlines())
    if lines > MODULE_LINES:
        found.append(f"{name}: {lines} lines, at most {MODULE_LINES}")
    if path.suffix == ".py":
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ClassDef) and node.end_lineno:
                lines = node.end_lineno - node.lineno + 1
                if lines > CLASS_LINES:
                    text = f"{node.name}: {lines} lines, at most {CLASS_LINES}"
                    found.append(f"{name}: class {text}")
    return found


def main() -> int:
    """Check every module but the tests."""
    modules = [
        path
        for folder in FOLDERS
        for pattern in ("*.py", "*.js")
        for path in sorted((ROOT / folder).rglob(pattern))
        if VENDORED not in path.parts
    ]
    found = [sentence for path in modules for sentence in too_long(path)]
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
