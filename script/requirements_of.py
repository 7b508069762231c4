"""Print the packages that Home Assistant and the integrations of this repository need, one a line.

Usage: ``requirements_of.py DOMAIN...`` with the Python of an environment that has Home Assistant. Home Assistant would
install the same packages at its first start. If they are installed before, it starts sooner, and without a network.
"""

import json
from pathlib import Path
import sys

from homeassistant.bootstrap import DEFAULT_INTEGRATIONS
import homeassistant.components

OWN = Path(__file__).parents[1] / "custom_components"


def requirements_of(domains: list[str]) -> set[str]:
    """Return the requirements of ``domains`` and of everything they depend on."""
    core = Path(homeassistant.components.__path__[0])
    found: set[str] = set()
    seen: set[str] = set()
    waiting = list(domains)
    while waiting:
        domain = waiting.pop()
        if domain in seen:
            continue
        seen.add(domain)
        folder = OWN if (OWN / domain).is_dir() else core
        manifest = json.loads((folder / domain / "manifest.json").read_text())
        found.update(manifest.get("requirements", []))
        waiting += manifest.get("dependencies", [])
    return found


if __name__ == "__main__":
    print("\n".join(sorted(requirements_of([*DEFAULT_INTEGRATIONS, *sys.argv[1:]]))))
