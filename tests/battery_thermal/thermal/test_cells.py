"""Tests of a grid of cells: which areas it makes, and what is measured of them."""

from dataclasses import replace
from itertools import pairwise
import math

from hypothesis import example, given, strategies as st
import numpy as np
import pytest

from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.model.orientation import Orientation
from custom_components.battery_thermal.model.thermal_image import ThermalImage
from custom_components.battery_thermal.model.updating_image import updating_image
from custom_components.battery_thermal.thermal.areas import (
    AreaValues,
    hottest_area,
    measure_areas,
)
from custom_components.battery_thermal.thermal.cells import CellGrid

from .scenes import bank, images, thermal_image

UPRIGHT = Orientation()


def measure_cells(
    image: ThermalImage, grid: CellGrid, orientation: Orientation
) -> tuple[AreaValues, ...]:
    """Return the temperatures of the cells of a grid."""
    return measure_areas(image, grid.areas(orientation))


def test_hot_cell_stands_out() -> None:
    """Third row, second column, 30 K over the others."""
    cells = measure_cells(images()["hot_cell"], CellGrid(4, 3), UPRIGHT)
    hottest = hottest_area(cells)
    assert hottest is cells[7]
    assert hottest.name == "C2"
    assert hottest.maximum == 60.4
    assert hottest.mean is not None and 24 < hottest.mean < 60.4
    assert hottest.deviation == pytest.approx(30.1, abs=0.3)
    others = [cell.deviation for cell in cells if cell is not hottest]
    assert all(other is not None and abs(other) < 1 for other in others)
    assert all(cell.complete for cell in cells)


def test_cells_of_a_fast_image_agree() -> None:
    """The maxima of blocks have the same maxima."""
    grid = CellGrid(4, 3)
    slow = measure_cells(images()["hot_cell"], grid, UPRIGHT)
    fast = measure_cells(images()["fast"], grid, UPRIGHT)
    assert [cell.maximum for cell in fast] == [cell.maximum for cell in slow]


def test_lost_lines_are_not_measured() -> None:
    """A cell without any pixel is unknown, one with some is incomplete."""
    image = thermal_image(bank(24, 30), missing=(*range(8), 20))
    cells = measure_cells(image, CellGrid(4, 3), UPRIGHT)
    assert [cell.maximum is None for cell in cells[:3]] == [True, False, False]
    assert (cells[0].mean, cells[0].deviation) == (None, None)
    assert [cell.complete for cell in cells[:3]] == [False, True, False]


def test_nothing_has_arrived_where_the_bank_is() -> None:
    """Then nothing is known of it."""
    image = thermal_image(bank(24, 30), missing=tuple(range(12)))
    cells = measure_cells(image, CellGrid(2, 1, right=0.5), UPRIGHT)
    assert hottest_area(cells) is None
    assert [cell.deviation for cell in cells] == [None, None]


def test_cells_are_those_of_the_picture_as_it_is_looked_at() -> None:
    """Turned by a quarter, the third row of four is the second column of four."""
    cells = measure_cells(images()["hot_cell"], CellGrid(3, 4), Orientation(1))
    hottest = hottest_area(cells)
    assert hottest is not None
    assert hottest.name == "B2"


@example(1, 2, (0, 0.2, 0, 0.075), Orientation(), Mode.SLOW)
@given(
    st.integers(1, 16),
    st.integers(1, 16),
    st.tuples(*[st.integers(0, 90).map(lambda half: half / 200)] * 4),
    st.builds(Orientation, st.integers(0, 3), st.booleans()),
    st.sampled_from(Mode),
)
def test_areas_have_the_pixels_that_cells_of_earlier_releases_had(
    rows: int,
    columns: int,
    margins: tuple[float, float, float, float],
    orientation: Orientation,
    mode: Mode,
) -> None:
    """The pixels whose middle is between two edges of the picture as it is displayed.

    One where there is none, which may be either of two that are as near.
    """
    top, right, bottom, left = margins
    grid = CellGrid(rows, columns, top=top, right=right, bottom=bottom, left=left)
    shape = (32, 24) if mode is Mode.SLOW else (8, 6)
    height, width = orientation.apply(np.empty(shape)).shape
    down = edges(top, 1 - bottom, rows, height)
    across = edges(left, 1 - right, columns, width)
    for area in grid.areas(orientation):
        row, column = divmod(int(area.key), columns)
        expected = np.zeros((height, width), np.bool_)
        expected[down[row], across[column]] = True
        mask = orientation.apply(area.mask(shape))
        if expected.any():
            assert (mask == expected).all(), area
        else:
            assert mask.any()


def edges(start: float, end: float, count: int, size: int) -> list[slice]:
    """Return the pixels between the edges of rows or columns of cells."""
    at = [
        (start + (end - start) * number / count) * size for number in range(count + 1)
    ]
    # An edge in the middle of a pixel is computed with an error, to either side of it.
    first = [math.ceil(round(edge - 0.5, 9)) for edge in at]
    return [slice(*pair) for pair in pairwise(first)]


def test_names() -> None:
    """The owner's, else row letter and column number."""
    grid = CellGrid(28, 2, names=("left", "", "L2"))
    assert [grid.name(0, 0), grid.name(0, 1), grid.name(1, 0)] == ["left", "A2", "L2"]
    assert [grid.name(25, 0), grid.name(26, 0), grid.name(27, 1)] == [
        "Z1",
        "AA1",
        "AB2",
    ]


@given(
    st.integers(1, 32),
    st.integers(1, 24),
    st.floats(0, 0.4),
    st.floats(0, 0.4),
    st.sampled_from(Mode),
)
def test_any_grid_measures_every_cell(
    rows: int, columns: int, top: float, left: float, mode: Mode
) -> None:
    """Even cells smaller than a pixel."""
    image = images()["hot_cell" if mode is Mode.SLOW else "fast"]
    grid = CellGrid(rows, columns, top=top, left=left, bottom=top, right=left)
    cells = measure_cells(image, grid, UPRIGHT)
    assert len(cells) == rows * columns
    assert all(cell.maximum is not None for cell in cells)


@pytest.mark.parametrize(
    ("grid", "rows", "columns"),
    [
        (CellGrid(5, 7), range(32), range(24)),
        (
            CellGrid(5, 7, top=0.1, right=0.2, bottom=0.15, left=0.05),
            range(3, 27),
            range(1, 19),
        ),
    ],
)
def test_whole_bank_is_divided(grid: CellGrid, rows: range, columns: range) -> None:
    """No pixel of the bank is in two cells or in none, and none of the margins is in any."""
    for row, column in np.ndindex(32, 24):
        celsius = np.full((32, 24), 20.0)
        celsius[row, column] = 60
        cells = measure_cells(thermal_image(celsius), grid, UPRIGHT)
        maxima = [cell.maximum for cell in cells]
        assert maxima.count(60) == (row in rows and column in columns), (row, column)


def test_cells_while_the_next_image_arrives() -> None:
    """They are those of the last image; a cell that is hotter in the next one counts at once."""
    grid, ended = CellGrid(4, 3), thermal_image(bank(24, 0))
    hotter = thermal_image(bank(24, 30), missing=range(12, 24))
    before = measure_cells(ended, grid, Orientation())
    colder = updating_image(
        ended, thermal_image(np.full((32, 24), 10.0), missing=range(12, 24))
    )
    assert measure_cells(colder, grid, Orientation()) == before
    after = measure_cells(updating_image(ended, hotter), grid, Orientation())
    assert {cell.name for cell in after if cell.deviation and cell.deviation > 20} == {
        "C2"
    }
    nothing = replace(ended, present=np.zeros((32, 24), np.bool_))
    cells = measure_cells(updating_image(nothing, nothing), grid, Orientation())
    assert {cell.maximum for cell in cells} == {None}
