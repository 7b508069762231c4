"""The firmware's page names what is there, and all of it is put on the board."""

from pathlib import Path
import re

FIRMWARE = Path(__file__).parents[2] / "firmware"
PAGE = (FIRMWARE / "README.md").read_text(encoding="utf-8")
FILES = {file.name for file in FIRMWARE.glob("*.py")}


def test_files_are_described() -> None:
    """Each file has a line, and no line is about a file that is gone."""
    assert set(re.findall(r"^\| `([\w.]+\.py)` \|", PAGE, re.MULTILINE)) == FILES


def test_all_files_are_copied() -> None:
    """The command that fills the board leaves nothing out; config.py is its owner's copy of the example."""
    [command] = re.findall(r"mpremote cp (.*) :", PAGE)
    assert set(command.split()) == FILES - {"config.example.py"} | {"config.py"}


def test_pins() -> None:
    """The wiring is that of the example."""
    example = (FIRMWARE / "config.example.py").read_text(encoding="utf-8")
    for part, setting in (
        ("LED", "LED"),
        ("button", "BUTTON"),
        ("photoresistor", "LIGHT"),
    ):
        [pin] = re.findall(rf"^{setting}_PIN = (\d+)", example, re.MULTILINE)
        assert f"| {part} | GPIO {pin} |" in PAGE
