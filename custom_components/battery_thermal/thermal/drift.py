"""Drift: cells that become warmer or cooler than is usual for them, over days.

A fixed limit finds a cell that is far above the others. A joint that becomes loose shows
weeks earlier, in a deviation that is small but was not there before. Each cell is compared
with its own past at the same load (`baseline`), one figure a day (`cusum`).

The load is what a sensor says, or else how far the bank is above ambient temperature: the
heat of the same losses.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
import math
from statistics import median
from typing import Any, Final

from .areas import AreaValues
from .baseline import Baseline
from .cusum import Cusum

DAY: Final = timedelta(days=1)

LEARNING_DAYS: Final = 10
"""Days with images before a cell is compared with its own past."""

_SLOT: Final = timedelta(hours=1)
"""Images of an hour count as one: a node that sends more of them knows no more."""

_HIGHEST_LOAD: Final = 1 / 6
"""Share of a day's hours that its figure is of: those with the highest load.

What is wrong with a cell or its joints shows under load.
"""

_FEWEST: Final = 3
"""Hours that the figure of a day is of at least, where there are as many."""

_BOUND: Final = 1.0
"""K: images whose pixels are known less exactly are not used."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A cell that drifts: by how many K (negative: it has cooled), and since when."""

    cell: int
    amount: float
    since: datetime


@dataclass(slots=True)
class _Hour:
    """Sums over the images of one hour of a cell: load, K over the bank, number.

    The load is not a number where it is unknown.
    """

    load: float = 0.0
    deviation: float = 0.0
    images: int = 0

    def add(self, load: float | None, deviation: float) -> None:
        """Add an image."""
        self.load += math.nan if load is None else load
        self.deviation += deviation
        self.images += 1

    @property
    def means(self) -> tuple[float | None, float]:
        """The load, None where it is unknown, and the K over the bank."""
        load = self.load / self.images
        return None if math.isnan(load) else load, self.deviation / self.images


@dataclass(slots=True)
class _CellState:
    """What is known of one cell."""

    baseline: Baseline = field(default_factory=Baseline)
    cusum: Cusum = field(default_factory=Cusum)
    days: int = 0
    """Days with images since learning began, up to `LEARNING_DAYS`."""
    hours: dict[tuple[int, str], _Hour] = field(default_factory=dict)
    """Of the day under way, by their number and their circumstances."""

    def end_day(self, begun_at: datetime) -> None:
        """Compare a day that began at a time with what is usual, and learn from it."""
        figure = self._figure()
        if self.days < LEARNING_DAYS:
            self.days += bool(self.hours)
        elif figure is not None:
            self.cusum.add(figure, begun_at)
        # What has drifted, or begins to, is not to become usual.
        if not self.cusum.moving:
            for (_, circumstances), hour in self.hours.items():
                self.baseline.learn(circumstances, *hour.means)
        self.hours = {}

    def _figure(self) -> float | None:
        """Return the K over what is usual in the hours with the highest load."""
        found = []
        for (_, circumstances), hour in self.hours.items():
            load, deviation = hour.means
            usual = self.baseline.usual(circumstances, load)
            if usual is not None:
                found.append((load or 0.0, deviation - usual))
        if not found:
            return None
        count = max(round(len(found) * _HIGHEST_LOAD), _FEWEST)
        least = sorted(load for load, _ in found)[-count:][0]
        return median(residual for load, residual in found if load >= least)


class DriftWatch:
    """Learns what is usual for each cell of one bank, and finds those that drift."""

    def __init__(self, cells: int, layout: str = "") -> None:
        """Initialize for a number of cells, with nothing learned.

        `layout`: a text that changes with whatever the temperatures of the cells depend
        on, such as their places. What was learned with another one is not used.
        """
        self._layout = layout
        self._cells = [_CellState() for _ in range(cells)]
        self._day: datetime | None = None
        """When the day under way began; its length is that of any 24 hours."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The cells that drift, those that have warmed most first."""
        found = [
            Finding(number, state.cusum.amount, state.cusum.since)
            for number, state in enumerate(self._cells)
            if state.cusum.since is not None
        ]
        return tuple(sorted(found, key=lambda one: -one.amount))

    @property
    def active(self) -> bool | None:
        """Whether a cell drifts; None while nothing can be compared yet."""
        if any(state.cusum.since for state in self._cells):
            return True
        return (
            None
            if all(self.learning(one) for one in range(len(self._cells)))
            else False
        )

    def learning(self, cell: int) -> bool:
        """Return whether a cell cannot be compared with its own past yet."""
        return self._cells[cell].days < LEARNING_DAYS

    def learned_days(self, cell: int) -> int:
        """Return how many of `LEARNING_DAYS` have been learned from."""
        return self._cells[cell].days

    def amount(self, cell: int) -> float | None:
        """Return how many K a cell is over what is usual for it, None if unknown."""
        state = self._cells[cell]
        return round(state.cusum.amount, 2) if state.cusum.recent else None

    def learn_anew(self, cell: int | None = None) -> None:
        """Forget what is usual for a cell, or for all, and begin to learn."""
        for number in range(len(self._cells)) if cell is None else (cell,):
            self._cells[number] = _CellState()

    def evaluate(
        self,
        at: datetime,
        cells: Sequence[AreaValues],
        *,
        circumstances: str,
        ambient: float | None,
        load: float | None = None,
    ) -> None:
        """Compare the cells of the next image with what is usual, and learn from it.

        `at`: when the image was taken. `circumstances`: what is not to be compared with
        anything else: the mode of the image, whose blocks are not pixels, and the fan,
        which cools some cells more than others. `ambient`: °C. `load`: of the bank, in
        any unit that stays the same; None: how far the bank is above ambient.
        """
        exact = all(cell.bound is None or cell.bound <= _BOUND for cell in cells)
        maxima = {
            number: cell.maximum
            for number, cell in enumerate(cells)
            if cell.complete and cell.maximum is not None and not cell.over_range
        }
        # Of fewer, the median is not that of the bank.
        if not exact or len(maxima) < max(2, len(self._cells) / 2):
            return
        elapsed = self._advance(at)
        if elapsed is None:
            return
        if load is None:
            if ambient is not None:
                load = median(maxima.values()) - ambient
        else:
            circumstances = f"{circumstances} load"
        self._compare(maxima, circumstances, load, elapsed)

    def _advance(self, at: datetime) -> int | None:
        """Return the hour of the day under way; end that day if it is over.

        None for an image that is older than the day.
        """
        if self._day is None:
            self._day = at
        if at < self._day:
            return None
        if at - self._day >= DAY:
            for state in self._cells:
                state.end_day(self._day)
                state.baseline.forget(min(at - self._day, 30 * DAY))
            self._day += (at - self._day) // DAY * DAY
        return (at - self._day) // _SLOT

    def _compare(
        self,
        maxima: dict[int, float],
        circumstances: str,
        load: float | None,
        hour: int,
    ) -> None:
        usual = {
            number: expected
            for number in maxima
            if (expected := self._cells[number].baseline.usual(circumstances, load))
            is not None
        }
        # With what is usual for each, some cells say what the bank's temperature is.
        if len(usual) * 2 >= len(self._cells):
            bank = median(maxima[number] - usual[number] for number in usual)
        else:
            bank = median(maxima.values())
        for number, maximum in maxima.items():
            hours = self._cells[number].hours
            hours.setdefault((hour, circumstances), _Hour()).add(load, maximum - bank)

    def as_dict(self) -> dict[str, Any]:
        """Return what has to survive a restart, for JSON."""
        return {
            "layout": self._layout,
            "day": self._day and self._day.isoformat(),
            "cells": [
                {
                    "baseline": state.baseline.as_dict(),
                    "cusum": state.cusum.as_dict(),
                    "days": state.days,
                    "hours": {
                        f"{number} {circumstances}": [
                            None if math.isnan(hour.load) else round(hour.load, 2),
                            round(hour.deviation, 3),
                            hour.images,
                        ]
                        for (number, circumstances), hour in state.hours.items()
                    },
                }
                for state in self._cells
            ],
        }

    def restore(self, data: dict[str, Any]) -> None:
        """Restore what `as_dict` returned, unless it was learned with another layout."""
        if data["layout"] != self._layout or len(data["cells"]) != len(self._cells):
            return
        self._day = datetime.fromisoformat(data["day"]) if data["day"] else None
        self._cells = [
            _CellState(
                Baseline.from_dict(state["baseline"]),
                Cusum.from_dict(state["cusum"]),
                state["days"],
                {
                    (int(number), circumstances): _Hour(
                        math.nan if load is None else load, deviation, images
                    )
                    for key, (load, deviation, images) in state["hours"].items()
                    for number, _, circumstances in [key.partition(" ")]
                },
            )
            for state in data["cells"]
        ]
