"""Which way up an image is looked at."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Orientation:
    """How the matrix is turned to match what the owner sees.

    Mirrored left to right first if asked for, then turned clockwise by `quarters` of
    a turn.
    """

    quarters: int = 0
    mirror: bool = False

    def apply(self, matrix: np.ndarray) -> np.ndarray:
        """Return a view of a (height, width) matrix as it is looked at."""
        if self.mirror:
            matrix = matrix[:, ::-1]
        return np.rot90(matrix, -self.quarters)
