"""Battery banks over months, as a thermal camera sees their cells, for the benchmark of drift.

Not the product's simulator: no pixels, so that years are simulated in seconds. Every bank
has seasons, weather, days, load cycles, cells that age and cool differently, air that
moves, a sensor whose pattern depends on its own temperature, lost and partial images.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from math import exp

import numpy as np

from custom_components.battery_thermal.model.area import Area, AreaKind
from custom_components.battery_thermal.thermal.areas import AreaValues

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
ROWS, COLUMNS = 4, 3
CELLS = ROWS * COLUMNS
EVERY = timedelta(minutes=30)
A_DAY = timedelta(days=1) // EVERY

_FULL_CURRENT = 100.0
"""A, under full load."""


class Fault(StrEnum):
    """What happens to one cell from a day on."""

    NONE = "none"
    OFFSET = "offset"
    """It warms by so many K a week, whatever the load is."""
    JOINT = "joint"
    """Its joint warms by so many K more a week under full load."""
    REPLACED = "replaced"
    """Another cell is in its place, with another resistance."""
    FULL_LOAD = "full load"
    """The whole bank, which is healthy, is under full load for ten days."""


@dataclass(frozen=True, slots=True)
class Course:
    """A bank and what happens to it. `warming`: K over ambient under full load for long.

    `a_week`: K. `since`: day on which the fault begins.
    """

    seed: int
    days: int
    fault: Fault = Fault.NONE
    a_week: float = 0.5
    since: int = 120
    warming: float = 12.0
    loss: float = 0.1


@dataclass(frozen=True, slots=True)
class Seen:
    """An image: when it was taken, its cells, ambient °C, and the current then."""

    at: datetime
    day: float
    cells: tuple[AreaValues, ...]
    ambient: int
    current: float
    added: float
    """K that it adds in this image."""


@dataclass(slots=True)
class Bank:
    """The course of one bank."""

    course: Course

    @property
    def faulty(self) -> int:
        """The cell that the fault is in."""
        return self.course.seed % CELLS

    def images(self) -> Iterator[Seen]:
        """Yield the images that arrive."""
        course = self.course
        random = np.random.default_rng(course.seed)
        row, column = np.divmod(np.arange(CELLS), COLUMNS)
        centrality = 1 - (np.abs(row - 1.5) / 1.5 + np.abs(column - 1)) / 2
        resistance = random.normal(1.0, 0.06, CELLS) * (1 + 0.15 * centrality)
        # Emissivity and reflections of each cell; pattern of the sensor, by its temperature.
        offsets = random.normal(0.0, 0.3, CELLS)
        pattern = random.normal(0.0, 0.02, CELLS)
        across = (column - 1) * random.choice((-1, 1))
        # A wall that is cold in winter, on one side.
        wall = random.uniform(0.0, 0.5)
        phase, peak = random.uniform(0, 365), random.uniform(0.7, 1.0)
        joint = 0.0
        other = random.normal(1.0, 0.06) * (1 + 0.15 * centrality[self.faulty])
        weather, air, heat = 0.5, 0.0, 0.0
        outage_until = -1.0
        for number in range(course.days * A_DAY):
            day = number / A_DAY
            hour = day % 1 * 24
            season = np.cos(2 * np.pi * (day + phase) / 365)
            if number % A_DAY == 0:
                weather = min(max(0.7 * weather + random.normal(0.15, 0.2), 0), 1)
                if random.random() < 0.01:
                    outage_until = day + random.uniform(0.5, 4)
            air += -air / (2 * A_DAY) + random.normal(0, 0.15 / A_DAY**0.5)
            share = _current(hour, weather, season, peak)
            if course.fault is Fault.FULL_LOAD:
                if course.since <= day < course.since + 10:
                    share = 1.0
            share = min(max(share + random.normal(0, 0.03), 0), 1)
            # Losses by the square of the current, and heat that lags by an hour.
            heat += (share**2 - heat) * (1 - exp(-0.5))
            added = 0.0
            begun = max(day - course.since, 0.0)
            excess = course.a_week / 7 * begun
            if course.fault is Fault.REPLACED and begun:
                resistance[self.faulty] = other
            room = 21 - 5 * season - 3 * np.cos(2 * np.pi * hour / 24)
            over = course.warming * heat * resistance + offsets
            over += pattern * (room - 21)
            over += across * (wall * season + air)
            if course.fault is Fault.OFFSET:
                added = excess
            elif course.fault is Fault.JOINT:
                joint += (excess * share**2 - joint) * (1 - exp(-0.5))
                added = joint
            over[self.faulty] += added
            values = room + over + random.normal(0, 0.06, CELLS)
            if day < outage_until or random.random() < course.loss:
                continue
            yield Seen(
                BEGIN + number * EVERY,
                day,
                _cells(
                    values,
                    missing=int(random.integers(COLUMNS))
                    if random.random() < 0.2
                    else -1,
                ),
                round(room + random.normal(0, 0.3)),
                share * _FULL_CURRENT,
                added,
            )


def _current(hour: float, weather: float, season: float, peak: float) -> float:
    """Return the current, as a share of the largest: charged by day, used in the evening."""
    charge = max(1 - ((hour - 13) / (4 - season)) ** 2, 0) * (0.3 + 0.7 * weather)
    evening = np.exp(-(((hour - 20) / 1.5) ** 2)) * (0.6 + 0.3 * season)
    return float(max(charge * peak * (0.75 - 0.25 * season), evening, 0.05))


def _cells(values: np.ndarray, missing: int) -> tuple[AreaValues, ...]:
    """Return the cells as they are measured: tenths of a K, one column not all received."""
    usual = float(np.median(values))
    return tuple(
        AreaValues(
            area=Area(str(number), str(number), AreaKind.CELL, ()),
            maximum=round(float(value), 1),
            mean=None,
            deviation=round(float(value) - usual, 2),
            complete=number % COLUMNS != missing,
        )
        for number, value in enumerate(values)
    )
