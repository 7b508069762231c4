"""Check the length of the modules and classes of the integrations.

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

# Modules and classes that may be longer, with their limits. They must not become longer.
NOT_SPLIT_YET: dict[str, int] = {}


def too_long(path: Path) -> list[str]:
    """Return a message for each limit that a module exceeds."""
    source = path.read_text()
    name = path.relative_to(ROOT)
    found = []
    lines = len(source.splitlines())
    limit = NOT_SPLIT_YET.get(str(name), MODULE_LINES)
    if lines > limit:
        found.append(f"{name}: {lines} lines, at most {limit}")
    if path.suffix == ".py":
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ClassDef) and node.end_lineno:
                lines = node.end_lineno - node.lineno + 1
                limit = NOT_SPLIT_YET.get(f"{name}:{node.name}", CLASS_LINES)
                if lines > limit:
                    found.append(
                        f"{name}: class {node.name}: {lines} lines, at most {limit}"
                    )
    return found


def main() -> int:
    """Check every module of both integrations."""
    modules = [
        path
        for pattern in ("*.py", "*.js")
        for path in sorted((ROOT / "custom_components").rglob(pattern))
        if VENDORED not in path.parts
    ]
    found = [sentence for path in modules for sentence in too_long(path)]
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
