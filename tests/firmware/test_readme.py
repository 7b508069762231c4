"""Tests of the firmware's page: it describes every file, and every file is copied to the board."""

from pathlib import Path
import re

FIRMWARE = Path(__file__).parents[2] / "firmware"
PAGE = (FIRMWARE / "README.md").read_text(encoding="utf-8")
FILES = {file.name for file in FIRMWARE.glob("*.py")}


def test_files_are_described() -> None:
    """Each file has a line, and each line a file."""
    assert set(re.findall(r"^\| `([\w.]+\.py)` \|", PAGE, re.MULTILINE)) == FILES


def test_all_files_are_copied() -> None:
    """The command copies all files; config.py is the owner's copy of the example."""
    [command] = re.findall(r"mpremote cp (.*) :", PAGE)
    assert set(command.split()) == FILES - {"config.example.py"} | {"config.py"}


def test_pins() -> None:
    """The described wiring is that of the example."""
    example = (FIRMWARE / "config.example.py").read_text(encoding="utf-8")
    for part, setting in (
        ("LED", "LED"),
        ("button", "BUTTON"),
        ("photoresistor", "LIGHT"),
    ):
        [pin] = re.findall(rf"^{setting}_PIN = (\d+)", example, re.MULTILINE)
        assert f"| {part} | GPIO {pin} |" in PAGE
