"""Tests of the C code of the encoder: warnings, size, and forbidden features."""

from pathlib import Path
import re
import shutil
import subprocess

import pytest

from .c_encoder import COMPILER, SOURCES, STRICT

CODE_AT_MOST = 3 * 1024
"""Bytes of code and constants."""

pytestmark = pytest.mark.skipif(COMPILER is None, reason="there is no C compiler")


def _compile(folder: Path, *options: str) -> Path:
    assert COMPILER
    objects = folder / "thermal_picture.o"
    source = SOURCES / "thermal_picture.c"
    command = [COMPILER, *STRICT, *options, "-c", str(source), "-o", str(objects)]
    subprocess.run(command, check=True)
    return objects


@pytest.mark.parametrize("level", ["-Os", "-O3", "-O0"])
def test_no_warnings(tmp_path: Path, level: str) -> None:
    """Conversions that lose bits, and shadowed names, would be warnings too."""
    _compile(tmp_path, level, "-Wconversion", "-Wshadow", "-Wundef")


@pytest.mark.skipif(shutil.which("size") is None, reason="there is no size program")
def test_size(tmp_path: Path) -> None:
    """The code has at most 3 KiB, and no static data."""
    output = subprocess.run(
        ["size", _compile(tmp_path, "-Os")], capture_output=True, text=True, check=True
    ).stdout
    code, data, zeroed = (int(number) for number in output.split()[6:9])
    assert code <= CODE_AT_MOST
    assert (data, zeroed) == (0, 0)


def test_integers_only() -> None:
    """The code uses neither floating-point types nor the heap."""
    for name in ("thermal_picture.c", "thermal_picture.h"):
        text = (SOURCES / name).read_text()
        code = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
        assert not re.search(r"\b(float|double|malloc|calloc|static \w+ \w+;)\b", code)
        assert set(re.findall(r"#include (\S+)", code)) <= {
            "<stdint.h>",
            '"thermal_picture.h"',
        }


def test_example_compiles(tmp_path: Path) -> None:
    """The example of the page compiles with stand-ins for the LoRaWAN library."""
    page = (SOURCES / "README.md").read_text()
    [example] = re.findall(r"```c\n(#include.*?)```", page, re.DOTALL)
    source = tmp_path / "example.c"
    # The parts of the reader's own program: the camera, and a caller.
    source.write_text(
        "#include <stdint.h>\nvoid camera_read(int16_t *frame);\n"
        + example
        + "void run(void) { take_picture(); send_picture(21); }\n"
    )
    folders = [f"-I{SOURCES}", f"-I{Path(__file__).parent}"]
    assert COMPILER
    command = [COMPILER, *STRICT, *folders, "-fsyntax-only", str(source)]
    subprocess.run(command, check=True)
