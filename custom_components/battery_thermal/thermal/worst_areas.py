"""The areas of an image that are worst in view of their limits."""

from collections.abc import Mapping, Sequence
from functools import partial

from .area_alarms import own_limit
from .areas import AreaValues


def most_uneven(
    areas: Sequence[AreaValues], least: Mapping[str, float], name: str, over: float
) -> AreaValues | None:
    """Return the area that is farthest above its limit, None if none has one.

    `least`: how far each is at least over the median of its kind, in K, by key. `name`:
    warning or alarm; `over`: the limit of the areas without one of their own.
    """
    known = [
        one
        for one in areas
        if one.area.key in least and own_limit(one.area, name, over) is not None
    ]
    return max(known, key=partial(_excess, least, name, over), default=None)


def uneven_by(
    areas: Sequence[AreaValues], least: Mapping[str, float], name: str, over: float
) -> float | None:
    """Return the K of the worst area over the median of its kind.

    Of an area with a limit of its own it is how far it is over that, as if the limit was
    `over`. Arguments as in `most_uneven`.
    """
    worst = most_uneven(areas, least, name, over)
    return None if worst is None else _excess(least, name, over, worst) + over


def most_over_limit(areas: Sequence[AreaValues]) -> AreaValues | None:
    """Return the area that is farthest above its highest temperature, or nearest to it."""
    known = [one for one in areas if over_limit(one) is not None]
    return max(known, key=lambda one: over_limit(one) or 0.0, default=None)


def over_limit(one: AreaValues) -> float | None:
    """Return how far, in K, an area is over its highest temperature, None if unknown."""
    if one.area.highest is None or one.judged is None:
        return None
    return one.judged - one.area.highest


def _excess(
    least: Mapping[str, float], name: str, over: float, one: AreaValues
) -> float:
    """Return how far, in K, an area is over its limit at least."""
    own = own_limit(one.area, name, over)
    return round(least[one.area.key] - (over if own is None else own), 2)
