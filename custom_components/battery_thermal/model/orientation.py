"""Orientation in which an image is displayed."""

from dataclasses import dataclass

import numpy as np

from .mode import HEIGHT, WIDTH


@dataclass(frozen=True, slots=True)
class Orientation:
    """Rotation and mirroring of the matrix for display.

    Mirrored left to right first if asked for, then turned clockwise by `quarters` of
    a turn.
    """

    quarters: int = 0
    mirror: bool = False

    def apply(self, matrix: np.ndarray) -> np.ndarray:
        """Return a view of a (height, width) matrix as it is displayed."""
        if self.mirror:
            matrix = matrix[:, ::-1]
        return np.rot90(matrix, -self.quarters)

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of a slow image as it is displayed, in pixels."""
        return (WIDTH, HEIGHT) if self.quarters % 2 else (HEIGHT, WIDTH)

    def to_display(self, row: float, column: float) -> tuple[float, float]:
        """Return where a point of the sensor is displayed, both in pixels."""
        height, width = HEIGHT, WIDTH
        if self.mirror:
            column = width - column
        for _ in range(self.quarters % 4):
            row, column = column, height - row
            height, width = width, height
        return row, column

    def to_sensor(self, row: float, column: float) -> tuple[float, float]:
        """Return the point of the sensor that is displayed at a place, both in pixels."""
        height, width = self.size
        for _ in range(self.quarters % 4):
            row, column = width - column, row
            height, width = width, height
        return row, (width - column if self.mirror else column)
