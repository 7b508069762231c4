"""Tests of the orientation in which an image is displayed."""

import numpy as np
import pytest

from custom_components.battery_thermal.model.mode import HEIGHT, WIDTH
from custom_components.battery_thermal.model.orientation import Orientation

EVERY = [
    Orientation(quarters, mirror) for quarters in range(4) for mirror in (False, True)
]


@pytest.mark.parametrize("orientation", EVERY)
def test_a_point_is_where_its_pixel_is_displayed(orientation: Orientation) -> None:
    """The point in the middle of a pixel moves with the pixel, and back."""
    matrix = np.zeros((HEIGHT, WIDTH))
    matrix[3, 20] = 1
    shown = orientation.apply(matrix)
    assert shown.shape == orientation.size
    row, column = orientation.to_display(3.5, 20.5)
    assert shown[int(row), int(column)] == 1
    assert orientation.to_sensor(row, column) == (3.5, 20.5)


def test_mirrored_before_it_is_turned() -> None:
    """A quarter turns clockwise, after the mirror."""
    matrix = np.array([[1, 2], [3, 4]])
    assert Orientation(1).apply(matrix).tolist() == [[3, 1], [4, 2]]
    assert Orientation(0, True).apply(matrix).tolist() == [[2, 1], [4, 3]]
    assert Orientation(1, True).apply(matrix).tolist() == [[4, 2], [3, 1]]
