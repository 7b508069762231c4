"""Drift of single cells: how soon it is found, how often nothing is, against a fixed limit."""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
import math
from statistics import median

from custom_components.battery_thermal.thermal.drift import DriftWatch
from custom_components.battery_thermal.thermal.limits import Limits
from custom_components.battery_thermal.thermal.load import LoadHistory

from .figures import Section, write
from .ground.drift_banks import CELLS, Bank, Course, Fault

BANKS = 20
YEAR = 365
MONTHS = 200
"""Days of a bank with a fault, which begins between the 60th and the 120th."""

FIRST_SEED = 50_000
"""The rule was tuned with seeds below 10,000."""

FIXED_LIMIT = Limits().imbalance_warning


@dataclass
class Outcome:
    """What was found in one bank. `false`: findings of cells that have no fault."""

    false: int = 0
    days: float = math.inf
    """From the begin of the fault until it was found."""
    heat: float = math.inf
    """K that the fault had added at most in any image until then."""
    fixed_days: float = math.inf
    """The same with the fixed limit."""
    fixed_heat: float = math.inf
    fixed_false: int = 0
    found: set[int] = field(default_factory=set)


def run(course: Course, *, sensor: bool) -> Outcome:
    """Send the images of a bank through the rule. `sensor`: with that of the current."""
    bank, drift, outcome, load = (
        Bank(course),
        DriftWatch(CELLS),
        Outcome(),
        LoadHistory(),
    )
    faulty = bank.faulty if course.fault in (Fault.OFFSET, Fault.JOINT) else None
    highest, learned, over = 0.0, False, [False] * CELLS
    for seen in bank.images():
        begun = seen.day - course.since
        highest = max(highest, seen.added)
        if course.fault is Fault.REPLACED and begun >= 0 and not learned:
            drift.learn_anew(bank.faulty)
            learned = True
        load.note_value(seen.at, seen.current)
        drift.evaluate(
            seen.at,
            seen.cells,
            circumstances="slow",
            ambient=seen.ambient,
            load=load.at(seen.at) if sensor else None,
        )
        now = {finding.cell for finding in drift.findings}
        for cell in now - outcome.found:
            if cell == faulty and begun > 0:
                if outcome.days == math.inf:
                    outcome.days, outcome.heat = begun, highest
            else:
                outcome.false += 1
        outcome.found = now
        for number, cell_seen in enumerate(seen.cells):
            above = (cell_seen.deviation or 0.0) > FIXED_LIMIT
            if above and not over[number]:
                if number != faulty or begun <= 0:
                    outcome.fixed_false += 1
                elif outcome.fixed_days == math.inf:
                    outcome.fixed_days, outcome.fixed_heat = begun, highest
            over[number] = above
    return outcome


def _text(values: Sequence[float], form: Callable[[float], str]) -> str:
    """Return the median of what was found, the slowest of ten, and how many were not."""
    ordered = sorted(values)
    missed = sum(value == math.inf for value in ordered)
    middle, late = median(ordered), ordered[int(0.9 * len(ordered))]
    shown = ["never" if value == math.inf else form(value) for value in (middle, late)]
    rest = f"; {missed} of {len(ordered)} not found" if missed else ""
    return f"{shown[0]} ({shown[1]}){rest}"


def _courses(fault: Fault, count: int, first: int) -> list[Course]:
    if fault is Fault.NONE:
        return [Course(seed=first + number, days=YEAR) for number in range(count)]
    return [
        Course(
            seed=first + number, days=MONTHS, fault=fault, since=60 + 7 * number % 60
        )
        for number in range(count)
    ]


def main(runs: int) -> None:
    """Run banks of each kind, ``BANKS`` in all ``runs`` together."""
    count = max(BANKS // runs, 1) * runs
    rows: list[list[object]] = []
    with ProcessPoolExecutor() as pool:
        for sensor in (False, True):
            for kind, fault in enumerate(Fault):
                courses = _courses(fault, count, FIRST_SEED + 1000 * kind)
                outcomes = list(chain(pool.map(partial(run, sensor=sensor), courses)))
                years = sum(course.days for course in courses) / YEAR
                faulty = fault in (Fault.OFFSET, Fault.JOINT)
                rows.append(
                    [
                        f"{NAMES[fault]}",
                        "current" if sensor else "none",
                        _text([one.days for one in outcomes], "{:.1f} d".format)
                        if faulty
                        else "",
                        _text([one.heat for one in outcomes], "{:.1f} K".format)
                        if faulty
                        else "",
                        f"{sum(one.false for one in outcomes) / years:.2f}",
                        _text([one.fixed_days for one in outcomes], "{:.1f} d".format)
                        if faulty
                        else "",
                        _text([one.fixed_heat for one in outcomes], "{:.1f} K".format)
                        if faulty
                        else "",
                        f"{sum(one.fixed_false for one in outcomes) / years:.2f}",
                    ]
                )
    write(
        Section(
            "Drift of a cell",
            f"Simulated banks of 4 x 3 cells with seasons, weather, load cycles, moving air, a sensor with a pattern of its"
            f" own, one image in ten lost, one in five partial, an image each half hour; {count} banks in each row, of a year"
            f" each where they are healthy and of {MONTHS} days where not. Cells are up to 12 K above ambient under full load."
            " *Offset*: one cell warms by 0.5 K a week. *Joint*: the heat of one joint grows with the square of the current"
            " and by 0.5 K a week under full load, which the bank seldom reaches. *Replaced*: another cell is put in, and that"
            " cell learns anew. *Full load*: all of a healthy bank for ten days. *Added heat* is the most that the fault has"
            f" added in any image until it was found; the fixed limit is the default of {FIXED_LIMIT:.0f} K above the median."
            " Medians, with the slowest of ten in brackets. The rule was tuned with other seeds.",
            [
                "bank",
                "load sensor",
                "found after",
                "added heat then",
                "false alarms a bank and year",
                "fixed limit finds it after",
                "added heat then",
                "its false alarms",
            ],
            rows,
            runs,
        )
    )


NAMES = {
    Fault.NONE: "healthy",
    Fault.OFFSET: "offset, 0.5 K a week",
    Fault.JOINT: "joint",
    Fault.REPLACED: "cell replaced",
    Fault.FULL_LOAD: "healthy, full load for ten days",
}
