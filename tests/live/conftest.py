"""What the live tests share: they run in the demo's environment, each Home Assistant in a process of its own."""

import os
from pathlib import Path
import subprocess

import pytest

from demo.broker import find_mosquitto
from demo.browser import find_chromium

STORM = Path(__file__).with_name("test_boards.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest test: begun last, it would keep everybody waiting."""
    items.sort(key=lambda item: item.path != STORM)


@pytest.fixture(autouse=True)
def auto_enable_custom_integrations() -> None:
    """Nothing to switch on: the integrations are linked into a real configuration folder."""


def missing(what: str) -> None:
    """Skip for want of a program; on a CI machine, where it has to be, fail."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is not installed, and CI skips no live test")
    pytest.skip(f"{what} is not installed")


@pytest.fixture(scope="session")
def mosquitto() -> str:
    """Mosquitto's program."""
    program = find_mosquitto()
    if program is None:
        missing("mosquitto")
    assert program
    return program


@pytest.fixture(scope="session")
def chromium() -> str:
    """Chromium's program."""
    program = find_chromium()
    if program is None:
        missing("Chromium")
    assert program
    return program


@pytest.fixture(scope="session")
def micropython() -> str:
    """MicroPython's program, the port for this machine."""
    script = Path(__file__).parents[2] / "script/micropython"
    found = subprocess.run([script], capture_output=True, text=True, check=False)
    if found.returncode:
        missing(f"MicroPython {found.stderr.strip()[-200:]}")
    return found.stdout.strip()
