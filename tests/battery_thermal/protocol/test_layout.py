"""Tests of the division of images into lines."""

import numpy as np
import pytest

from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.protocol.layout import Layout, grid_with_lines_of


@pytest.mark.parametrize("layout", Layout.AUTO.candidates)
@pytest.mark.parametrize("mode", Mode)
def test_lines_fill_the_image_once(layout: Layout, mode: Mode) -> None:
    """Every pixel belongs to exactly one line."""
    grid = layout.grid(mode)
    hits = np.zeros((grid.height, grid.width), int)
    for line in range(grid.lines):
        block = grid.block(tuple(range(grid.values)))
        assert hits[grid.area(line)].shape == block.shape
        hits[grid.area(line)] += 1
    assert (hits == 1).all()


def test_slow_24_sends_columns() -> None:
    """A line of a published node is a column, from top to bottom."""
    grid = Layout.SLOW_24.grid(Mode.SLOW)
    matrix = np.zeros((32, 24), int)
    matrix[grid.area(5)] = grid.block(tuple(range(32)))
    assert matrix[:, 5].tolist() == list(range(32))
    assert not matrix[:, [4, 6]].any()


def test_slow_32_sends_rows() -> None:
    """A line as in the owner's document is a row, from left to right."""
    grid = Layout.SLOW_32.grid(Mode.SLOW)
    matrix = np.zeros((32, 24), int)
    matrix[grid.area(5)] = grid.block(tuple(range(24)))
    assert matrix[5].tolist() == list(range(24))
    assert not matrix[[4, 6]].any()


@pytest.mark.parametrize("layout", Layout.AUTO.candidates)
def test_fast_sends_three_columns_at_a_time(layout: Layout) -> None:
    """Message 1 holds block columns 3, 4 and 5, each from top to bottom."""
    grid = layout.grid(Mode.FAST)
    matrix = np.zeros((8, 6), int)
    matrix[grid.area(1)] = grid.block(tuple(range(24)))
    assert matrix[:, 3].tolist() == list(range(8))
    assert matrix[:, 5].tolist() == list(range(16, 24))
    assert not matrix[:, :3].any()


@pytest.mark.parametrize("layout", Layout.AUTO.candidates)
@pytest.mark.parametrize("mode", Mode)
def test_length_of_a_line_tells_the_grid(layout: Layout, mode: Mode) -> None:
    """For a known mode, the length of a line determines the grid."""
    grid = layout.grid(mode)
    assert grid_with_lines_of(mode, grid.values) == grid
