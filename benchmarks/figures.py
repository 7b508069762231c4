"""The tables of docs/figures.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
import os
from pathlib import Path
import platform
import re
import statistics
import subprocess
from typing import override

PAGE = Path(__file__).parents[1] / "docs" / "figures.md"
HEAD = """\
# Figures

Written by `script/bench`, never by hand: `script/bench NAME` runs one benchmark again and replaces its section. Below each
table is of how many runs it is; a figure with brackets is the median of them, with the lowest and the highest.
"""


@dataclass(frozen=True)
class Spread:
    """Values of one figure in several runs."""

    values: Sequence[float]
    unit: str
    digits: int = 1

    @override
    def __str__(self) -> str:
        """Return the median with the lowest and the highest value."""
        low, middle, high = (
            f"{value:.{self.digits}f}"
            for value in (
                min(self.values),
                statistics.median(self.values),
                max(self.values),
            )
        )
        unit = f" {self.unit}" if self.unit else ""
        return f"{middle}{unit} ({low} to {high})"


@dataclass(frozen=True)
class Section:
    """One benchmark's section of the page."""

    title: str
    text: str
    header: Sequence[str]
    rows: Sequence[Sequence[object]]
    runs: int
    """Of how many it is."""

    @override
    def __str__(self) -> str:
        """Return it as Markdown."""
        table = [
            " | ".join(str(cell) for cell in row)
            for row in (self.header, ["---"] * len(self.header), *self.rows)
        ]
        lines = "\n".join(f"| {line} |" for line in table)
        return f"## {self.title}\n\n{self.text}\n\n{lines}\n\n{self._made()}\n"

    def _made(self) -> str:
        """Return when, how often and on which machine it was measured."""
        mosquitto = subprocess.run(
            ["mosquitto", "-h"],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {"PATH": f"{os.environ['PATH']}:/usr/sbin"},
        ).stdout.partition("\n")[0]
        home_assistant = __import__("homeassistant.const").const.__version__
        day = datetime.now(UTC).strftime("%Y-%m-%d")
        return (
            f"*{day}, {self.runs} run{'s' * (self.runs != 1)}, {os.cpu_count()} cores ({platform.machine()}),"
            f" Python {platform.python_version()}, Home Assistant {home_assistant}, {mosquitto}.*"
        )


def write(section: Section) -> None:
    """Write a section to the page, replacing the one with the same title."""
    before = PAGE.read_text() if PAGE.exists() else HEAD
    page = HEAD + "".join(before.partition("\n## ")[1:])
    pattern = re.compile(
        rf"^## {re.escape(section.title)}\n.*?(?=^## |\Z)", re.DOTALL | re.MULTILINE
    )
    text = str(section)
    if pattern.search(page):
        page = pattern.sub(lambda _: f"{text}\n", page)
    else:
        page = f"{page}\n{text}"
    PAGE.write_text(f"{page.rstrip()}\n")
