"""Tests of areas: which pixels they have."""

from fractions import Fraction

from hypothesis import assume, given, settings, strategies as st
import numpy as np
import pytest

from custom_components.battery_thermal.model.area import (
    Area,
    AreaKind,
    Point,
    counting_areas,
    ignored_mask,
)
from custom_components.battery_thermal.model.orientation import Orientation

SLOW, FAST = (32, 24), (8, 6)


def area(*points: Point, kind: AreaKind = AreaKind.CELL) -> Area:
    """Return an area."""
    return Area("a", "A", kind, points)


def inside(
    corners: list[tuple[Fraction, Fraction]], row: Fraction, column: Fraction
) -> bool:
    """Return whether a point is in a polygon, by counting what a ray to the right crosses.

    Exact: in fractions, for points that are on no edge.
    """
    crossed = 0
    for (top, left), (bottom, right) in zip(
        corners, [*corners[1:], corners[0]], strict=True
    ):
        if top == bottom == row:
            assume(not min(left, right) <= column <= max(left, right))
        if (top > row) == (bottom > row):
            continue
        at = left + (row - top) * (right - left) / (bottom - top)
        assume(at != column)
        crossed += at > column
    return crossed % 2 == 1


ROWS = st.integers(0, 32 * 7).map(lambda at: at / 7)
COLUMNS = st.integers(0, 24 * 7).map(lambda at: at / 7)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(ROWS, COLUMNS), min_size=3, max_size=9),
    st.integers(0, 3),
    st.booleans(),
    st.sampled_from([SLOW, FAST]),
)
def test_polygon_has_the_pixels_whose_middle_is_inside(
    points: list[Point], quarters: int, mirror: bool, shape: tuple[int, int]
) -> None:
    """As displayed in every orientation, against a test of each pixel by itself."""
    orientation = Orientation(quarters, mirror)
    corners = [orientation.to_display(*point) for point in points]
    exact = [
        (
            Fraction(row).limit_denominator(1000),
            Fraction(column).limit_denominator(1000),
        )
        for row, column in corners
    ]
    displayed = orientation.apply(area(*points).mask(shape))
    size = Fraction(32, shape[0])
    expected = np.zeros_like(displayed)
    for row, column in np.ndindex(*displayed.shape):
        middle = (row + Fraction(1, 2)) * size, (column + Fraction(1, 2)) * size
        expected[row, column] = inside(exact, *middle)
    if expected.any():
        assert (displayed == expected).all()
    else:
        assert displayed.sum() == 1


@settings(max_examples=100, deadline=None)
@given(ROWS, COLUMNS, st.integers(0, 3), st.booleans())
def test_place_in_the_picture_and_back(
    row: float, column: float, quarters: int, mirror: bool
) -> None:
    """Each point of the sensor is displayed inside of the picture, and found again."""
    orientation = Orientation(quarters, mirror)
    displayed = orientation.to_display(row, column)
    assert all(
        0 <= at <= most for at, most in zip(displayed, orientation.size, strict=True)
    )
    assert orientation.to_sensor(*displayed) == pytest.approx((row, column))


def test_pixel_is_displayed_where_the_matrix_has_it() -> None:
    """The middle of a pixel is in the pixel that `apply` moves it to."""
    numbers = np.arange(32 * 24).reshape(32, 24)
    for quarters in range(4):
        for mirror in (False, True):
            orientation = Orientation(quarters, mirror)
            row, column = orientation.to_display(5.5, 3.5)
            assert orientation.apply(numbers)[int(row), int(column)] == numbers[5, 3]


def test_rectangle() -> None:
    """Two opposite corners, whichever; at least a pixel, also outside of all middles."""
    mask = area((10, 8), (2, 4)).mask(SLOW)
    assert (mask.sum(), mask[2:10, 4:8].all()) == (8 * 4, True)
    tiny = area((2.6, 4.6), (2.7, 4.7)).mask(SLOW)
    assert np.argwhere(tiny).tolist() == [[2, 4]]
    assert np.argwhere(area((31.9, 23.9), (32, 24)).mask(FAST)).tolist() == [[7, 5]]


def test_concave_polygon() -> None:
    """What is in the notch of an L is not inside."""
    mask = area((0, 0), (0, 4), (16, 4), (16, 12), (20, 12), (20, 0)).mask(SLOW)
    assert mask[:20, :4].all()
    assert mask[16:20, :12].all()
    assert mask.sum() == 20 * 4 + 4 * 8


def test_mask_is_shared_and_cannot_be_changed() -> None:
    """It is made once for all images."""
    one = area((0, 0), (4, 4))
    assert one.mask(SLOW) is one.mask(SLOW)
    with pytest.raises(ValueError, match="read-only"):
        one.mask(SLOW)[0, 0] = False


def test_block_is_ignored_only_if_all_of_it_is() -> None:
    """The value of a block may be that of any of its pixels."""
    ignore = [
        area((0, 0), (8, 6), kind=AreaKind.IGNORE),
        area((4, 6), (8, 8), kind=AreaKind.IGNORE),
        area((8, 0), (32, 24)),
    ]
    slow, fast = ignored_mask(ignore, SLOW), ignored_mask(ignore, FAST)
    assert slow is not None and fast is not None
    assert slow.sum() == 8 * 6 + 4 * 2
    assert np.argwhere(fast).tolist() == [[0, 0], [1, 0], [1, 1]]
    assert ignored_mask(ignore[2:], SLOW) is None


def test_areas_that_count() -> None:
    """Those of which a pixel is not ignored, in their order."""
    one, other = area((0, 0), (4, 4)), area((4, 4), (8, 8))
    part = area((0, 0), (4, 3), kind=AreaKind.IGNORE)
    rest = area((0, 3), (9, 4), kind=AreaKind.IGNORE)
    assert counting_areas([]) == []
    assert counting_areas([one, other]) == [one, other]
    assert counting_areas([part, one, other]) == [one, other]
    assert counting_areas([part, rest, one, other]) == [other]


def test_limits_of_its_own() -> None:
    """A polygon keeps its corners, a rectangle has four."""
    assert not area((0, 0), (4, 4)).has_limits
    assert Area("a", "A", AreaKind.OTHER, ((0, 0), (4, 4)), highest=60).has_limits
    assert area((0, 0), (4, 4)).corners == ((0, 0), (0, 4), (4, 4), (4, 0))
    triangle = ((0.0, 0.0), (4.0, 4.0), (4.0, 0.0))
    assert area(*triangle).corners == triangle
