"""What strangers and users with few rights may try, each attempt a test in ``tests/security``: how many, and what was found."""

from pathlib import Path
import subprocess
import tempfile
from xml.etree import ElementTree as ET

from .figures import Section, write

ROOT = Path(__file__).parents[1]


def main(runs: int) -> None:
    """Try everything ``runs`` times; raise when anything is found."""
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
            # Written by pytest a moment ago, of tests of this repository.
            for case in ET.parse(report.name).iter("testcase"):  # noqa: S314
                name = f"{case.get('classname')}.{case.get('name')}"
                tried[name] = tried.get(name, 0) + 1
    write(
        Section(
            "What strangers may try",
            "Messages crafted to inject (HTML, templates, separators, line ends, paths, SQL, terminal codes, a megabyte) on every"
            " topic and in every field, names, spoofed MACs, floods of joins, the WebSocket and actions without login and with few"
            " rights, files outside of where files may be written, and a search for keys and session ids in log, diagnostics,"
            " states, registries, repair issues and every file. Whatever gets further than it may ends the benchmark without a"
            " figure: nothing was found in any of these.",
            ["attempt", "times"],
            [
                [name.removeprefix("tests.security."), times]
                for name, times in tried.items()
            ],
            runs,
        )
    )
