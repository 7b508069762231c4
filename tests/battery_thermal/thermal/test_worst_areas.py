"""Which area is worst in view of its limit."""

import math

import pytest

from custom_components.battery_thermal.model.area import Area, AreaKind
from custom_components.battery_thermal.thermal.areas import AreaValues
from custom_components.battery_thermal.thermal.worst_areas import (
    most_over_limit,
    most_uneven,
    over_limit,
    uneven_by,
)


def values(
    name: str,
    maximum: float | None,
    kind: AreaKind = AreaKind.CELL,
    *,
    over_range: bool = False,
    **limits: float,
) -> AreaValues:
    """Return the values of an area."""
    area = Area(name, name, kind, ((0, 0), (1, 1)), **limits)
    return AreaValues(area, maximum, None, None, complete=True, over_range=over_range)


@pytest.mark.parametrize(
    ("areas", "name", "expected", "by"),
    [
        ([], "warning", None, None),
        # Others have no limit unless the owner has set one.
        ([values("a", 30, AreaKind.OTHER)], "warning", None, None),
        ([values("a", 30, AreaKind.OTHER, alarm=2)], "warning", None, None),
        ([values("a", 30, AreaKind.OTHER, alarm=2)], "alarm", "a", 8.0),
        # By how far each is over its own limit.
        ([values("a", 30), values("b", 30, alarm=2)], "alarm", "b", 8.0),
        ([values("a", 30), values("b", 30, warning=9)], "warning", "a", 5.0),
    ],
)
def test_most_uneven(
    areas: list[AreaValues], name: str, expected: str | None, by: float | None
) -> None:
    """The area that is farthest above its limit, each being 5 K over the median."""
    least = {one.area.key: 5.0 for one in areas}
    worst = most_uneven(areas, least, name, 5)
    assert (worst and worst.name) == expected
    assert uneven_by(areas, least, name, 5) == by


def test_most_over_limit() -> None:
    """Only areas that have a highest temperature, and of which something is known."""
    below, above = values("below", 20, highest=50), values("above", 90, highest=80)
    hot = values("hot", 307.2, highest=300, over_range=True)
    others = [values("free", 300), values("unknown", None, highest=10)]
    assert most_over_limit(others) is None
    assert most_over_limit([*others, below]) is below
    assert most_over_limit([*others, below, above]) is above
    assert most_over_limit([*others, below, above, hot]) is hot
    assert (over_limit(below), over_limit(above)) == (-30, 10)
    assert over_limit(hot) == math.inf
