"""Tests of rectangles of a picture."""

import pytest

from custom_components.battery_thermal.render.rectangle import Rectangle

BOX = Rectangle(10, 20, 30, 40)


@pytest.mark.parametrize(
    ("x", "y", "reach", "near"),
    [
        (10, 20, 0, False),
        (11, 21, 0, True),
        (8, 30, 3, True),
        (7, 30, 3, False),
        (42, 30, 3, True),
        (43, 30, 3, False),
        (20, 62, 3, True),
        (20, 63, 3, False),
        (20, 17, 3, False),
    ],
)
def test_near(x: float, y: float, reach: float, near: bool) -> None:
    """A point at the distance itself is not near any more."""
    assert BOX.is_near(x, y, reach) is near


@pytest.mark.parametrize(
    ("other", "meets"),
    [
        (Rectangle(0, 0, 100, 100), True),
        (Rectangle(20, 30, 1, 1), True),
        (Rectangle(40, 20, 5, 5), False),
        (Rectangle(10, 60, 5, 5), False),
        (Rectangle(0, 20, 10, 5), False),
        (Rectangle(10, 0, 5, 20), False),
    ],
)
def test_meets(other: Rectangle, meets: bool) -> None:
    """Rectangles that only touch do not meet."""
    assert BOX.meets(other) is meets
    assert other.meets(BOX) is meets


@pytest.mark.parametrize(
    ("height", "width", "fitted"),
    [
        (40, 30, BOX),
        (10, 10, Rectangle(10, 25, 30, 30)),
        (40, 10, Rectangle(20, 20, 10, 40)),
    ],
)
def test_fit(height: int, width: int, fitted: Rectangle) -> None:
    """The largest one of some proportions is in the middle."""
    assert BOX.fit(height, width) == fitted
    assert (BOX.right, BOX.bottom) == (40, 60)
