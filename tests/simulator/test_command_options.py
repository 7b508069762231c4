"""Tests of the options of the commands."""

import pytest

from simulator.networks import NETWORKS
from tests.simulator.cli.command import command


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("the-things-stack", "--host", "203.0.113.1"), "203.0.113.1"),
        (("node", "--broker", "localhost:none"), "none"),
    ],
)
async def test_says_what_is_wrong(arguments: tuple[str, ...], complaint: str) -> None:
    """An error is one line and an exit status."""
    async with command(*arguments) as failing:
        _, said = await failing.process.communicate()
        assert complaint in said.decode() and "Traceback" not in said.decode()
        assert failing.process.returncode == 1


@pytest.mark.parametrize(
    "name", ["", "boards", "node", *(key.replace("_", "-") for key in NETWORKS)]
)
async def test_help(name: str) -> None:
    """The help of every command is printed without an error."""
    async with command(*name.split(), "--help") as helping:
        said, _ = await helping.process.communicate()
        assert helping.process.returncode == 0
        assert "usage: python -m simulator" in said.decode()
