"""Drift: cells that become warmer or cooler than is usual for them, over days.

A fixed limit finds a cell that is far above the others. A joint that becomes loose shows
weeks earlier, in a deviation that is small but was not there before. Each cell is compared
with its own past at the same load (`baseline`). Each day has two figures (`day_figures`):
how far the cell is off at all loads, and what the load adds. A sum of each (`cusum`) is
watched. What many cells do at once is the air around the bank, and not a cell.

The load is what a sensor says, or else how far the bank is above ambient temperature: the
heat of the same losses.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any, Final

from .areas import AreaValues
from .cell_state import DAY, LEARNING_DAYS, CellDriftState
from .day_figures import DayFigures, Hour

_SLOT: Final = timedelta(hours=1)
"""Images of an hour count as one: a node that sends more of them knows no more."""

_BOUND: Final = 1.0
"""K: images whose pixels are known less exactly are not used."""

_FEWEST_OTHERS: Final = 2
"""Of two cells each is as far from their median as the other one."""


@dataclass(frozen=True, slots=True)
class DriftFinding:
    """A cell that drifts: by how many K (negative: it has cooled), and since when."""

    cell: int
    amount: float
    since: datetime


class DriftWatch:
    """Learns what is usual for each cell of one bank, and finds those that drift."""

    def __init__(self, cells: int, layout: str = "") -> None:
        """Initialize for a number of cells, with nothing learned.

        `layout`: a text that changes with whatever the temperatures of the cells depend
        on, such as their places. What was learned with another one is not used.
        """
        self._layout = layout
        self._cells = [CellDriftState() for _ in range(cells)]
        self._day: datetime | None = None
        """When the day under way began; its length is that of any 24 hours."""

    @property
    def findings(self) -> tuple[DriftFinding, ...]:
        """The cells that drift, those that have warmed most first."""
        found = [
            DriftFinding(number, state.amount or 0.0, state.since)
            for number, state in enumerate(self._cells)
            if state.since is not None
        ]
        return tuple(sorted(found, key=lambda one: -one.amount))

    @property
    def active(self) -> bool | None:
        """Whether a cell drifts; None while nothing can be compared yet."""
        if any(state.since for state in self._cells):
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
        amount = self._cells[cell].amount
        return None if amount is None else round(amount, 2)

    def learn_anew(self, cell: int | None = None) -> None:
        """Forget what is usual for a cell, or for all, and begin to learn."""
        for number in range(len(self._cells)) if cell is None else (cell,):
            self._cells[number] = CellDriftState()

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
            self._end_day(self._day, at - self._day)
            self._day += (at - self._day) // DAY * DAY
        return (at - self._day) // _SLOT

    def _end_day(self, begun_at: datetime, elapsed: timedelta) -> None:
        """Compare a day with what is usual, and learn from it."""
        days = [state.figures() for state in self._cells]
        for number, (state, day) in enumerate(zip(self._cells, days, strict=True)):
            if day is not None:
                others = [one for one in days[:number] + days[number + 1 :] if one]
                state.compare(day, begun_at, _others_off(others))
            state.end_day(elapsed)

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
            hours.setdefault((hour, circumstances), Hour()).add_image(
                load, maximum - bank
            )

    def as_dict(self) -> dict[str, Any]:
        """Return what has to survive a restart, for JSON."""
        return {
            "layout": self._layout,
            "day": self._day and self._day.isoformat(),
            "cells": [state.as_dict() for state in self._cells],
        }

    def restore(self, data: dict[str, Any]) -> None:
        """Restore what `as_dict` returned, unless it was learned with another layout."""
        if data["layout"] != self._layout or len(data["cells"]) != len(self._cells):
            return
        self._day = datetime.fromisoformat(data["day"]) if data["day"] else None
        self._cells = [CellDriftState.from_dict(state) for state in data["cells"]]


def _others_off(others: Sequence[DayFigures]) -> tuple[float, float]:
    """Return how far most other cells are off, in level and in steepness."""
    levels = [abs(one.level) for one in others]
    steep = [abs(one.steepness) for one in others if one.spread]
    return _middle(levels), _middle(steep)


def _middle(values: Sequence[float]) -> float:
    return median(values) if len(values) >= _FEWEST_OTHERS else 0.0
