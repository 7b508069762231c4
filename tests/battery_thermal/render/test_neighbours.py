"""Tests of the filling of missing pixels."""

import numpy as np
import pytest

from custom_components.battery_thermal.render.neighbours import fill_from_neighbours


def _quarters(*quarters: int) -> np.ndarray:
    present = np.zeros((32, 24), np.bool_)
    for quarter in quarters:
        present[quarter >> 1 :: 2, quarter & 1 :: 2] = True
    return present


def test_pixels_that_are_there_stay() -> None:
    """Only missing pixels are filled."""
    values = np.random.default_rng(1).integers(200, 300, (32, 24))
    present = _quarters(0, 3)
    filled = fill_from_neighbours(values, present)
    np.testing.assert_array_equal(filled[present], values[present])


def test_weights_of_edges_and_corners() -> None:
    """Pixels beside a pixel count twice those across its corners."""
    values = np.array([[1, 0, 3], [0, 0, 0], [5, 8, 7]])
    present = np.array([[1, 0, 1], [0, 0, 0], [1, 1, 1]], np.bool_)
    expected = (1 + 3 + 5 + 7 + 2 * 8) / (4 + 2)
    assert fill_from_neighbours(values, present)[1, 1] == pytest.approx(expected)


@pytest.mark.parametrize("quarter", range(4))
def test_slope_of_one_quarter(quarter: int) -> None:
    """A gradient is restored from one pixel in four, except at the rim."""
    rows, columns = np.mgrid[:32, :24]
    slope = 10 * rows + columns
    filled = fill_from_neighbours(slope, _quarters(quarter))
    inside = (slice(2, -2), slice(2, -2))
    np.testing.assert_allclose(filled[inside], slope[inside], atol=1e-9)


def test_one_pixel_fills_all() -> None:
    """One known pixel determines the whole field."""
    present = np.zeros((32, 24), np.bool_)
    present[3, 5] = True
    assert (fill_from_neighbours(np.full((32, 24), 605), present) == 605).all()
