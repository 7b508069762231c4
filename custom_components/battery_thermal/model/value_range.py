"""Values above what 12 bits can say.

Published nodes do not clamp. Their sensor's formula gives more than 300 °C, and a value
above 307.1 °C loses its highest bit on the way: it arrives 409.6 K too low. The program
of published nodes was run to find that out.

    true value, °C      arrives as
    -40.0 .. 307.1      itself
    307.2 .. 369.5      -102.4 .. -40.1: the sensor measures nothing below -40 °C
    369.6 .. 409.5      -40.0 .. -0.1
    409.6 and more      0.0 and more

All numbers here are tenths of a °C.
"""

from typing import Final

WRAP: Final = 0x1000
"""What a value that does not fit 12 bits is too low by: 409.6 K."""

LOWEST: Final = -400
"""What an MLX90640 measures at least (data sheet, chapter 1)."""

HIGHEST: Final = 3071
"""The highest value that a message can say."""

HIGHEST_CERTAIN: Final = LOWEST - 1 + WRAP
"""The highest value that can be distinguished from a low one by itself: 369.5 °C."""


def unwrapped(value: int) -> int:
    """Return what the sensor measured, given what a message says.

    Only for values below -40 °C is that certain; others are returned as they are.
    """
    return value + WRAP if value < LOWEST else value
