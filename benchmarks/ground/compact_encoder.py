"""The encoder of the compact format in C (`firmware/thermal_picture`), called with ctypes."""

import ctypes
from pathlib import Path
import subprocess
from tempfile import TemporaryDirectory
from typing import Self

import numpy as np
import numpy.typing as npt

SOURCES = Path(__file__).parents[2] / "firmware" / "thermal_picture"
WHOLE = 4
QUARTERS = (0, 3, 1, 2)
LARGEST_STEP = 255


class _Picture(ctypes.Structure):
    _fields_ = (
        ("pixels", ctypes.POINTER(ctypes.c_int16)),
        ("status", ctypes.c_uint8),
        ("number", ctypes.c_uint8),
    )


class CompactEncoder:
    """Compiled encoder."""

    def __init__(self) -> None:
        """Compile the encoder. Needs a C compiler."""
        self._folder = TemporaryDirectory()
        library = Path(self._folder.name) / "thermal_picture.so"
        command = ["cc", "-O2", "-shared", "-fPIC", f"-I{SOURCES}"]
        source = SOURCES / "thermal_picture.c"
        subprocess.run([*command, source, "-o", library], check=True)
        self._fit = ctypes.CDLL(str(library)).thermal_picture_fit
        self._fit.restype = ctypes.c_uint8
        self._fit.argtypes = [
            ctypes.POINTER(_Picture),
            *[ctypes.c_uint8] * 3,
            ctypes.c_char_p,
            ctypes.c_uint8,
        ]

    def __enter__(self) -> Self:
        """Return the encoder."""
        return self

    def __exit__(self, *_: object) -> None:
        """Delete the compiled library."""
        self._folder.cleanup()

    def fit(
        self,
        frame: npt.NDArray[np.int16],
        part: int,
        capacity: int,
        *,
        number: int = 0,
        finest: int = 5,
    ) -> bytes | None:
        """Return the message with the finest step that fits, None if no step does.

        ``frame``: tenths of a °C. ``part``: WHOLE or a quarter. ``capacity``: bytes.
        ``finest``: smallest step to try, in tenths of a K.
        """
        pixels = np.ascontiguousarray(frame, np.int16).ravel()
        picture = _Picture(
            pixels.ctypes.data_as(ctypes.POINTER(ctypes.c_int16)), 21, number & 7
        )
        message = ctypes.create_string_buffer(256)
        length = self._fit(
            ctypes.byref(picture), part, finest, LARGEST_STEP, message, capacity
        )
        return message.raw[:length] or None
