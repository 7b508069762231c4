"""What is usual for a cell: how far it is above the bank, by the load of the bank.

The heat of a cell and of its joints grows with the losses of the load, so a cell that is
a little warmer than the others is so in proportion. Its usual deviation is a curve over
the load, known at knots and interpolated between them. Each knot is an average that
forgets, into which a single value goes only so far.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
import math
from typing import Any, Final

FORGETS_IN: Final = timedelta(days=20)
"""After this time a value counts for 1/e.

Longer, and the seasons are taken for a drift; shorter, and a drift is taken for usual.
"""

_KNOWN: Final = 6.0
"""How many values a knot needs before anything is compared with it."""

_ALMOST: Final = 0.9
"""Share of a known knot that is enough: the curve is steep between 7 and 15 K."""

_FARTHEST: Final = 1.0
"""K: how far a single value is taken to be from the curve, once the curve is known."""

_MOST_KNOTS: Final = 32
"""Knots are at 0, 1, 3, 7, 15... of the unit of the load: the last is 4 thousand million."""


@dataclass(slots=True)
class Knot:
    """The usual deviation in K at one load, and how many values it is the average of."""

    usual: float
    values: float = 0.0


def shares_of(load: float | None) -> tuple[tuple[int, float], ...]:
    """Return the knots around a load, and the share of each; -1: the load is unknown."""
    if load is None or not math.isfinite(load):
        return ((-1, 1.0),)
    load = max(load, 0.0)
    number = min(int(math.log2(1 + load)), _MOST_KNOTS - 1)
    low, high = 2.0**number - 1, 2.0 ** (number + 1) - 1
    share = min((load - low) / (high - low), 1.0)
    return tuple(
        (knot, part)
        for knot, part in ((number, 1 - share), (number + 1, share))
        if part
    )


@dataclass(slots=True)
class Baseline:
    """The usual deviation of one cell, by circumstances and load.

    `curves`: by the name of the circumstances that are not compared with one another
    (mode of the image, fan), the knots of each.
    """

    curves: dict[str, dict[int, Knot]] = field(default_factory=dict)

    def usual(self, circumstances: str, load: float | None) -> float | None:
        """Return the usual deviation in K, None while too little is known of it."""
        curve = self.curves.get(circumstances, {})
        shares = shares_of(load)
        known = sum(
            share
            for number, share in shares
            if number in curve and curve[number].values >= _KNOWN
        )
        # One of two knots may be new if the load is almost at the other one.
        if known < _ALMOST:
            return None
        return (
            sum(
                share * curve[number].usual
                for number, share in shares
                if number in curve and curve[number].values >= _KNOWN
            )
            / known
        )

    def learn(self, circumstances: str, load: float | None, deviation: float) -> None:
        """Take a deviation in K into the average of the knots around its load."""
        curve = self.curves.setdefault(circumstances, {})
        shares = shares_of(load)
        nearest = next((curve[one] for one, _ in shares if one in curve), None)
        for number, _ in shares:
            if number not in curve:
                curve[number] = Knot(nearest.usual if nearest else deviation)
        found = sum(share * curve[number].usual for number, share in shares)
        error = deviation - found
        for number, share in shares:
            knot = curve[number]
            known = knot.values >= _KNOWN
            knot.values += share
            counted = max(min(error, _FARTHEST), -_FARTHEST) if known else error
            knot.usual += counted * share / knot.values

    def forget(self, elapsed: timedelta) -> None:
        """Let what was learned count for less after some time."""
        rest = math.exp(-elapsed / FORGETS_IN)
        for curve in self.curves.values():
            for knot in curve.values():
                # Still known when the same load comes back after half a year.
                knot.values = max(knot.values * rest, min(knot.values, _KNOWN))

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            circumstances: {
                str(number): [round(knot.usual, 3), round(knot.values, 2)]
                for number, knot in curve.items()
            }
            for circumstances, curve in self.curves.items()
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Baseline:
        """Return the baseline that `as_dict` was called on."""
        return cls(
            {
                circumstances: {
                    int(number): Knot(usual, values)
                    for number, (usual, values) in curve.items()
                }
                for circumstances, curve in data.items()
            }
        )
