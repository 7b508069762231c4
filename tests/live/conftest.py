"""Fixtures of the live tests: they run in the demo's environment, each Home Assistant in its own process."""

import os
from pathlib import Path
import shutil
import subprocess

import pytest

from demo.broker import find_mosquitto
from demo.browser import find_chromium

ORDER = ("test_boards.py", "demo", "dashboards")
"""The longest tests, below this folder."""

# What is only for looking at takes long: script/screenshots names it, and script/test does not run it.
collect_ignore = [] if os.environ.get("GALLERY") else ["dashboards/test_gallery.py"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start with the longest tests, to shorten the run."""
    here = Path(__file__).parent

    def place(item: pytest.Item) -> int:
        first = item.path.relative_to(here).parts[0]
        return ORDER.index(first) if first in ORDER else len(ORDER)

    items.sort(key=place)


@pytest.fixture(autouse=True)
def auto_enable_custom_integrations() -> None:
    """Replace the fixture of the other tests: here the integrations are linked into a configuration folder."""


def missing(what: str) -> None:
    """Skip if a program is missing; on a CI machine, where it has to be installed, fail."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is not installed, and CI skips no live test")
    pytest.skip(f"{what} is not installed")


@pytest.fixture(scope="session")
def mosquitto() -> str:
    """Return the path of mosquitto."""
    program = find_mosquitto()
    if program is None:
        missing("mosquitto")
    assert program
    return program


@pytest.fixture(scope="session")
def nats_server() -> str:
    """Return the path of NATS, a broker that supports QoS 1 at most (2.9, in Debian 12)."""
    program = shutil.which(
        "nats-server", path=f"{os.environ.get('PATH', '')}:/usr/sbin"
    )
    if program is None:
        missing("nats-server")
    assert program
    return program


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of Chromium."""
    program = find_chromium()
    if program is None:
        missing("Chromium")
    assert program
    return program


@pytest.fixture(scope="session")
def micropython() -> str:
    """Return the path of MicroPython's Unix port."""
    script = Path(__file__).parents[2] / "script/micropython"
    found = subprocess.run([script], capture_output=True, text=True, check=False)
    if found.returncode:
        missing(f"MicroPython {found.stderr.strip()[-200:]}")
    return found.stdout.strip()
