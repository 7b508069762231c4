"""Tests of what is watched from one image to the next."""

from dataclasses import replace
from datetime import timedelta

import numpy as np

from custom_components.battery_thermal.model.orientation import Orientation
from custom_components.battery_thermal.model.thermal_image import ThermalImage
from custom_components.battery_thermal.protocol.layout import Layout
from custom_components.battery_thermal.thermal.cells import CellGrid
from custom_components.battery_thermal.thermal.watch import AlarmKind, Watch

from .scenes import TIME, bank, images, thermal_image

GAP = timedelta(minutes=30)
FEW_SECONDS = timedelta(seconds=5)
WARNING = AlarmKind.IMBALANCE_WARNING
OVER = AlarmKind.OVER_THRESHOLD


def watch() -> Watch:
    """Return a watch over the bank of the scenes."""
    return Watch(CellGrid(4, 3).areas(Orientation()))


def flat(celsius: float, *missing: int) -> ThermalImage:
    """Return an image that is the same all over, but for columns that are missing."""
    return thermal_image(np.full((32, 24), celsius), missing=missing)


def test_missing_lines_end_no_alarm() -> None:
    """What was hot may be in what has not arrived."""
    seen = watch()
    hot, part = thermal_image(bank(24, 30)), thermal_image(bank(24, 0), missing=(11,))
    seen.evaluate(hot, 50, GAP)
    assert seen.active(WARNING)
    assert seen.active(OVER)
    seen.evaluate(part, 50, GAP)
    assert seen.active(WARNING)
    assert seen.active(OVER)
    seen.evaluate(thermal_image(bank(24, 0)), 50, GAP)
    assert seen.active(WARNING) is False
    assert seen.active(OVER) is False


def test_missing_lines_raise_an_alarm() -> None:
    """What has arrived and is over a limit counts."""
    seen = watch()
    seen.evaluate(thermal_image(bank(24, 30), missing=(1,)), 50, GAP)
    assert seen.active(WARNING)
    assert seen.active(OVER)


def test_imbalance_of_a_part() -> None:
    """An alarm only if it is one whatever the pixels are that have not arrived."""
    half = np.full((32, 24), 30.0)
    half[:8] = 20.0
    seen = watch()
    # Two of the columns of cells are missing but for what is cold in them.
    seen.evaluate(thermal_image(half, missing=range(4, 24)), None, GAP)
    assert seen.hottest
    assert seen.hottest.deviation == 0
    assert seen.active(WARNING) is None
    torn = np.full((32, 24), 30.0)
    torn[0], torn[16] = 20.0, 20.0
    cold = thermal_image(torn, layout=Layout.SLOW_32, missing=range(17, 32))
    cold = replace(cold, present=cold.present & (torn < 30) | (np.arange(24) > 20))
    seen.evaluate(cold, None, GAP)
    assert seen.hottest.deviation == 10
    assert seen.active(WARNING) is None
    # The node says that nothing is hotter than the hottest: half of all are so warm.
    seen.evaluate(replace(cold, node_maximum=300), None, GAP)
    assert seen.active(WARNING) is None
    seen.evaluate(thermal_image(bank(24, 30), missing=(1,)), None, GAP)
    assert seen.active(WARNING)


def test_what_the_node_says_counts() -> None:
    """With its last line the node says the maximum of lines that were lost."""
    seen = watch()
    seen.evaluate(replace(flat(20, 3), node_maximum=600), 50, GAP)
    assert seen.active(OVER)
    seen.evaluate(replace(flat(20, 3), node_maximum=200), 50, GAP)
    assert seen.active(OVER) is False


def test_unknown_threshold() -> None:
    """Nothing is said about a threshold that nobody knows."""
    seen = watch()
    seen.evaluate(flat(90), None, GAP)
    assert seen.active(OVER) is None


def test_without_cells() -> None:
    """Nothing is said about cells."""
    seen = Watch(())
    seen.evaluate(thermal_image(bank(24, 30)), None, GAP)
    assert seen.active(WARNING) is None
    assert seen.hottest is None


def test_rise_of_images_that_come_fast() -> None:
    """Measured over a minute: a step of a tenth of a degree is no fast rise."""
    seen = watch()
    rises = []
    for number in range(40):
        warmer = flat(20 + number % 2 / 10)
        seen.evaluate(
            replace(warmer, started_at=TIME + number * FEW_SECONDS), None, GAP
        )
        rises.append(seen.rise)
    assert rises[:12] == [None] * 12
    assert all(rise is not None and abs(rise) <= 0.1 for rise in rises[12:])
    assert seen.active(AlarmKind.RISE_WARNING) is False


def test_rise_over_torn_images() -> None:
    """One with lines missing shows nothing, and takes nothing from the next."""
    seen = watch()
    for minutes, image in ((0, flat(20)), (10, flat(25, 3)), (20, flat(30))):
        later = TIME + timedelta(minutes=minutes)
        seen.evaluate(replace(image, started_at=later), None, GAP)
        assert (seen.rise is None) == (minutes < 20)
    assert seen.rise == 0.5


def test_rise_of_the_node_s_own_maximum() -> None:
    """The last line has it, whichever others were lost, unless it may be an ignored one's."""
    image = replace(flat(25, 3), node_minimum=250, node_maximum=300)
    ignored = np.zeros((32, 24), np.bool_)
    ignored[4, 3] = True
    elsewhere = np.roll(ignored, 1, axis=1)
    for corrected, rise in (
        (image, 0.5),
        (replace(image, ignored=elsewhere), 0.5),
        (replace(image, ignored=ignored), None),
    ):
        seen = watch()
        for minutes, one in ((0, flat(25)), (10, corrected)):
            later = TIME + timedelta(minutes=minutes)
            seen.evaluate(replace(one, started_at=later), None, GAP)
        assert seen.rise == rise


def test_no_rise_to_hidden_heat() -> None:
    """No rise is computed from a maximum that hides something hotter; the alarm stays."""
    hole = np.full((32, 24), 25.0)
    hole[10, 10] = -20
    hiding = replace(thermal_image(hole), node_minimum=250)
    assert hiding.hides_heat
    seen = watch()
    for minutes, one, rise, alarm in (
        (0, flat(25), None, None),
        (10, flat(90), 6.5, True),
        (20, hiding, None, True),
        (30, flat(90), 0, False),
    ):
        later = TIME + timedelta(minutes=minutes)
        seen.evaluate(replace(one, started_at=later), None, GAP)
        assert (seen.rise, seen.active(AlarmKind.RISE_ALARM)) == (rise, alarm)


def test_rise_never_mixes_modes() -> None:
    """A fast image between two slow ones starts anew."""
    seen = watch()
    fast = images()["fast"]
    for minutes, image in enumerate((flat(20), fast, flat(30))):
        later = TIME + timedelta(minutes=minutes)
        seen.evaluate(replace(image, started_at=later), None, GAP)
        assert seen.rise is None


def test_restored() -> None:
    """What survives a restart: limits, alarms, and how many images in a row."""
    seen = watch()
    seen.set_limits(images=2, imbalance_warning=3)
    seen.evaluate(thermal_image(bank(24, 30)), 50, GAP)
    after = watch()
    after.restore(seen.as_dict())
    assert after.limits == seen.limits
    assert after.active(OVER) is False
    after.evaluate(thermal_image(bank(24, 30)), 50, GAP)
    assert after.active(OVER)
