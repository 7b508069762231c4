"""The encoder in C, compiled with sanitizers and run in its own process."""

from pathlib import Path
import shutil
import subprocess
from typing import Self

import numpy as np

SOURCES = Path(__file__).parents[3] / "firmware" / "thermal_picture"
PROGRAM = Path(__file__).with_name("encode.c")
STRICT = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic"]
SANITIZED = ["-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]

COMPILER = shutil.which("cc") or shutil.which("gcc")


class CEncoder:
    """A process of the program `encode.c`."""

    def __init__(self, folder: Path) -> None:
        """Compile and start the program."""
        assert COMPILER
        program = folder / "encode"
        source = SOURCES / "thermal_picture.c"
        command = [COMPILER, *STRICT, *SANITIZED, f"-I{SOURCES}", str(source)]
        subprocess.run([*command, str(PROGRAM), "-o", str(program)], check=True)
        self._process = subprocess.Popen(
            [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def __enter__(self) -> Self:
        """Return the encoder."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the program. An error that a sanitizer has found raises an exception."""
        self._process.communicate()
        assert self._process.returncode == 0

    def encode(
        self,
        pixels: list[int],
        *,
        part: int,
        step: int,
        coarsest: int = 0,
        status: int = 0,
        number: int = 0,
        capacity: int = 255,
    ) -> bytes | None:
        """Return the message; with `coarsest`, the message with the finest step that fits."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(
            bytes((part, step, coarsest, status, number, capacity))
            + np.array(pixels, np.int16).tobytes()
        )
        self._process.stdin.flush()
        length = self._process.stdout.read(1)
        assert length, "the encoder has ended"
        return self._process.stdout.read(length[0]) or None
