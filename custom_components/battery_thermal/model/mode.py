"""Modes of a node, and the number of its pixels."""

from enum import StrEnum

# The MLX90640 has 32 x 24 pixels (data sheet, section 1). The node holds it upright.
WIDTH = 24
HEIGHT = 32


class Mode(StrEnum):
    """What the node sends: every pixel, or the maxima of blocks of 4 x 4 pixels."""

    SLOW = "slow"
    FAST = "fast"
