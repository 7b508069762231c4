"""Tests of the grid of a node's cells in a picture that is turned and mirrored."""

from hypothesis import given, strategies as st
import pytest

from custom_components.battery_thermal.device.cell_grid import turned
from custom_components.battery_thermal.model.area import Area
from custom_components.battery_thermal.model.orientation import Orientation
from custom_components.battery_thermal.thermal.cells import CellGrid

ORIENTATIONS = st.builds(Orientation, st.integers(0, 3), st.booleans())

MARGIN = st.integers(0, 90).map(lambda half: half / 200)


def ends(area: Area) -> list[float]:
    """Return the edges of a rectangle on the sensor."""
    return [end for axis in zip(*area.points, strict=True) for end in sorted(axis)]


@given(
    st.integers(1, 16),
    st.integers(1, 16),
    st.tuples(MARGIN, MARGIN, MARGIN, MARGIN),
    ORIENTATIONS,
    ORIENTATIONS,
)
def test_turned(
    rows: int,
    columns: int,
    margins: tuple[float, float, float, float],
    before: Orientation,
    after: Orientation,
) -> None:
    """The cells of the turned grid are where they were on the sensor, with keys and names."""
    grid = CellGrid(rows, columns, *margins, names=("First", "", "Third"))
    cells = {cell.key: cell for cell in grid.areas(before)}
    other = turned(grid, before, after)
    found = {cell.key: cell for cell in other.areas(after)}
    assert found.keys() == cells.keys()
    for key, cell in cells.items():
        assert found[key].name == cell.name
        # An edge in the middle of pixels is moved by 0.001, to either side.
        assert ends(found[key]) == pytest.approx(ends(cell), abs=0.0025)
    back = turned(other, after, before)
    assert [back.key(*place) for place in back.places] == [
        grid.key(*place) for place in grid.places
    ]
