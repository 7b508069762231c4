"""Tests of what is watched from one image to the next."""

from dataclasses import replace
from datetime import timedelta

import numpy as np

from custom_components.battery_thermal.thermal.cells import CellGrid
from custom_components.battery_thermal.thermal.image import ThermalImage
from custom_components.battery_thermal.thermal.orientation import Orientation
from custom_components.battery_thermal.thermal.watch import AlarmKind, Watch

from .scenes import bank, thermal_image

GAP = timedelta(minutes=30)
WARNING = AlarmKind.IMBALANCE_WARNING
OVER = AlarmKind.OVER_THRESHOLD


def watch() -> Watch:
    """Return a watch over the bank of the scenes."""
    return Watch(CellGrid(4, 3), Orientation())


def flat(celsius: float, *missing: int) -> ThermalImage:
    """Return an image that is the same all over, but for columns that are missing."""
    return thermal_image(np.full((32, 24), celsius), missing=missing)


def test_missing_lines_end_no_alarm() -> None:
    """What was hot may be in what has not arrived."""
    seen = watch()
    hot, part = thermal_image(bank(24, 30)), thermal_image(bank(24, 0), missing=(11,))
    seen.see(hot, 50, GAP)
    assert seen.active(WARNING)
    assert seen.active(OVER)
    seen.see(part, 50, GAP)
    assert seen.active(WARNING)
    assert seen.active(OVER)
    seen.see(thermal_image(bank(24, 0)), 50, GAP)
    assert seen.active(WARNING) is False
    assert seen.active(OVER) is False


def test_missing_lines_raise_an_alarm() -> None:
    """What has arrived and is over a limit counts."""
    seen = watch()
    seen.see(thermal_image(bank(24, 30), missing=(1,)), 50, GAP)
    assert seen.active(WARNING)
    assert seen.active(OVER)


def test_what_the_node_says_counts() -> None:
    """With its last line the node says the maximum of lines that were lost."""
    seen = watch()
    seen.see(replace(flat(20, 3), node_maximum=600), 50, GAP)
    assert seen.active(OVER)
    seen.see(replace(flat(20, 3), node_maximum=200), 50, GAP)
    assert seen.active(OVER) is False


def test_unknown_threshold() -> None:
    """Nothing is said about a threshold that nobody knows."""
    seen = watch()
    seen.see(flat(90), None, GAP)
    assert seen.active(OVER) is None


def test_without_cells() -> None:
    """Nothing is said about cells."""
    seen = Watch(None, Orientation())
    seen.see(thermal_image(bank(24, 30)), None, GAP)
    assert seen.active(WARNING) is None
    assert seen.hottest is None


def test_restored() -> None:
    """What survives a restart: limits, alarms, and how many images in a row."""
    seen = watch()
    seen.limit(images=2, imbalance_warning=3)
    seen.see(thermal_image(bank(24, 30)), 50, GAP)
    after = watch()
    after.restore(seen.as_dict())
    assert after.limits == seen.limits
    assert after.active(OVER) is False
    after.see(thermal_image(bank(24, 30)), 50, GAP)
    assert after.active(OVER)
