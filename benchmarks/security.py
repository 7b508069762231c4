"""Attempts of strangers and of users with few rights, each a test in ``tests/security``: their number, and findings."""

from pathlib import Path
import subprocess
import tempfile
from xml.etree import ElementTree as ET

from .figures import Section, write

ROOT = Path(__file__).parents[1]


def main(runs: int) -> None:
    """Run all attempts ``runs`` times. Raises when there is a finding."""
    subprocess.run([ROOT / "script" / "setup", "test"], check=True)
    tried: dict[str, int] = {}
    for _ in range(runs):
        with tempfile.NamedTemporaryFile(suffix=".xml") as report:
            done = subprocess.run(
                [
                    ROOT / ".venvs" / "test" / "bin" / "python",
                    *("-m", "pytest", "tests/security", "-q", "--show-capture=no"),
                    f"--junit-xml={report.name}",
                ],
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                raise RuntimeError(done.stdout[-3000:])
            # Written by pytest before, about tests of this repository.
            for case in ET.parse(report.name).iter("testcase"):  # noqa: S314
                name = f"{case.get('classname')}.{case.get('name')}"
                tried[name] = tried.get(name, 0) + 1
    write(
        Section(
            "What strangers may try",
            "Messages with injected content (HTML, templates, separators, line ends, paths, SQL, terminal codes, a"
            " megabyte) on every topic and in every field; names; forged MACs; many joins at once; the WebSocket and"
            " actions without login and with few rights; files outside of the permitted folders; and a search for keys and"
            " session ids in the log, diagnostics, states, registries, repair issues and all files. An attempt that"
            " succeeds ends the benchmark without a figure. None did.",
            ["attempt", "times"],
            [
                [name.removeprefix("tests.security."), times]
                for name, times in tried.items()
            ],
            runs,
        )
    )
