"""Tests of areas: what is measured, compared, ignored, corrected and judged."""

from dataclasses import replace
from datetime import timedelta
import math

import numpy as np
import pytest

from custom_components.battery_thermal.model.area import Area, AreaKind, Point
from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.model.thermal_image import ThermalImage
from custom_components.battery_thermal.model.updating_image import updating_image
from custom_components.battery_thermal.thermal.analysis import extreme_pixels
from custom_components.battery_thermal.thermal.areas import (
    area_maxima,
    least_deviations,
    measure_areas,
)
from custom_components.battery_thermal.thermal.correction import Correction
from custom_components.battery_thermal.thermal.watch import AlarmKind, Watch

from .scenes import thermal_image
from .test_cells import UPRIGHT

GAP = timedelta(minutes=30)


def area(
    key: str, *points: Point, kind: AreaKind = AreaKind.CELL, **more: float
) -> Area:
    """Return an area."""
    return Area(key, key.upper(), kind, points, **more)


LEFT = area("left", (0, 0), (32, 8))
MIDDLE = area("middle", (0, 8), (32, 16))
RIGHT = area("right", (0, 16), (32, 24))
BANK = (LEFT, MIDDLE, RIGHT)
LAMP = area("lamp", (0, 0), (4, 4), kind=AreaKind.IGNORE)


def field(**celsius: float) -> np.ndarray:
    """Return 20 °C, but for some areas: left, middle, right, lamp."""
    values = np.full((32, 24), 20.0)
    for one in (*BANK, LAMP):
        if one.key in celsius:
            values[one.mask((32, 24))] = celsius[one.key]
    return values


def blocks(celsius: np.ndarray) -> np.ndarray:
    """Return the maxima of blocks."""
    maxima: np.ndarray = celsius.reshape(8, 4, 6, 4).max((1, 3))
    return maxima


def ignoring(image: ThermalImage, *areas: Area) -> ThermalImage:
    """Return an image of which parts are ignored."""
    return Correction(areas=areas or (LAMP,)).apply(image, 20)


def test_areas_are_compared_with_their_own_kind() -> None:
    """Terminals with terminals, whatever the cells are."""
    terminals = [
        area(
            f"t{number}",
            (10, 8 * number + 2),
            (12, 8 * number + 4),
            kind=AreaKind.TERMINAL,
        )
        for number in range(3)
    ]
    celsius = field(left=20, middle=21, right=26)
    celsius[10:12, 18:20] = 40
    found = measure_areas(thermal_image(celsius), [*BANK, *terminals, LAMP])
    assert [one.name for one in found] == ["LEFT", "MIDDLE", "RIGHT", "T0", "T1", "T2"]
    assert [one.maximum for one in found] == [20, 21, 40, 20, 21, 40]
    assert [one.deviation for one in found] == [-1, 0, 19, -1, 0, 19]


def test_ignored_parts_count_nowhere() -> None:
    """Neither in the image's figures nor in those of an area, in both modes."""
    celsius = field(lamp=90)
    celsius[31, 23] = 10
    for mode, values in ((Mode.SLOW, celsius), (Mode.FAST, blocks(celsius))):
        image = ignoring(thermal_image(values, mode=mode))
        assert image.maximum == 20
        assert image.highest == 90
        assert image.minimum == (10 if mode is Mode.SLOW else 20)
        assert image.counts
        assert extreme_pixels(image, UPRIGHT)[0] == (
            (0, 4) if mode is Mode.SLOW else (0, 1)
        )
        (left,) = measure_areas(image, [LEFT])
        assert (left.maximum, left.mean, left.complete) == (20, 20, True)
        assert area_maxima(image, [LEFT]) == [200]
    cold = ignoring(thermal_image(field(lamp=-10)))
    assert (cold.minimum, cold.mean) == (20, 20)


def test_area_of_which_all_is_ignored() -> None:
    """Nothing is known of it, and the others are compared without it."""
    image = ignoring(thermal_image(field(right=26)))
    gone = area("gone", (0, 0), (2, 2))
    found = measure_areas(image, [gone, *BANK])
    assert (found[0].maximum, found[0].complete) == (None, True)
    assert least_deviations(found, math.inf) == {"left": 0, "middle": 0, "right": 6}
    assert area_maxima(image, [gone]) == [None]


def test_maximum_of_the_node_counts_unless_an_ignored_pixel_is_as_hot() -> None:
    """Heat in a line that was lost is never taken for that of what is ignored."""
    lost = replace(thermal_image(field(lamp=90), missing=(20,)), node_maximum=900)
    assert ignoring(lost).maximum == 20
    hotter = replace(lost, node_maximum=950)
    assert ignoring(hotter).maximum == 95
    # The lamp itself was lost: nobody knows whether it was the lamp.
    dark = replace(
        thermal_image(field(lamp=90), missing=(0, 1, 2, 3)), node_maximum=900
    )
    assert ignoring(dark).maximum == 90


def test_nothing_but_ignored_pixels_has_arrived() -> None:
    """The figures are theirs, and no alarm is raised."""
    band = area("band", (0, 0), (32, 4), kind=AreaKind.IGNORE)
    image = ignoring(thermal_image(field(lamp=90), missing=range(2, 24)), band)
    assert not image.counts
    assert image.maximum == 90
    seen = Watch(BANK)
    seen.evaluate(image, 50, GAP)
    assert seen.active(AlarmKind.OVER_THRESHOLD) is None
    ended = ignoring(thermal_image(field()), band)
    updating = updating_image(ended, image)
    assert (updating.maximum, updating.upcoming_is_hotter) == (20, False)


def test_ignored_in_an_image_of_the_other_mode() -> None:
    """While a fast image follows a slow one, and the other way round."""
    slow = ignoring(thermal_image(field(lamp=90)))
    fast = ignoring(thermal_image(blocks(field(lamp=95)), mode=Mode.FAST))
    assert updating_image(slow, fast).maximum == 20
    assert updating_image(fast, slow).maximum == 20


def test_over_range_in_an_ignored_part() -> None:
    """It is marked in the picture, and raises nothing."""
    image = ignoring(thermal_image(field(lamp=320)))
    assert image.over_range.sum() == 16
    assert not image.is_over_range
    assert not image.hides_heat
    seen = Watch(BANK)
    seen.evaluate(image, 50, GAP)
    assert seen.active(AlarmKind.OVER_THRESHOLD) is False
    hot = field(lamp=320)
    hot[20, 20] = 315
    assert ignoring(thermal_image(hot)).is_over_range
    lost = replace(thermal_image(field(lamp=20), missing=(20,)), node_maximum=3200)
    assert ignoring(lost).is_over_range


def test_picture_whose_hottest_pixel_is_ignored() -> None:
    """In the compact format the maximum is judged first, and then with all pixels."""
    image = replace(ignoring(thermal_image(field(lamp=90, right=55))), bound=4)
    seen = Watch(BANK)
    seen.evaluate_maximum(image, 50)
    assert seen.active(AlarmKind.OVER_THRESHOLD) is None
    seen.evaluate(image, 50, GAP)
    assert seen.active(AlarmKind.OVER_THRESHOLD)
    assert seen.is_certain(AlarmKind.OVER_THRESHOLD)
    near = replace(ignoring(thermal_image(field(lamp=90, right=49.8))), bound=4)
    other = Watch(BANK)
    other.evaluate(near, 50, GAP)
    assert other.active(AlarmKind.OVER_THRESHOLD)
    assert not other.is_certain(AlarmKind.OVER_THRESHOLD)


def test_emissivity_of_an_area() -> None:
    """Metal that reads 30 °C in a room of 20 °C is hotter; the rest is as it was."""
    shiny = area("metal", (10, 8), (12, 10), kind=AreaKind.BUS_BAR, emissivity=0.3)
    celsius = field()
    celsius[10:12, 8:10] = 30
    image = Correction(areas=(shiny,)).apply(thermal_image(celsius), 20)
    assert image.values[0, 0] == 200
    assert image.maximum == pytest.approx(48.6, abs=0.2)
    assert image.minimum == 20
    whole = Correction(emissivity=0.3).apply(thermal_image(celsius), 20)
    assert whole.values[10, 8] == image.values[10, 8]
    # The hottest pixel was lost: it may have been the metal.
    lost = replace(thermal_image(celsius, missing=(8, 9)), node_maximum=300)
    assert Correction(areas=(shiny,)).apply(lost, 20).maximum == image.maximum
    bounded = replace(thermal_image(celsius), bound=2)
    stretched = Correction(areas=(shiny,)).apply(bounded, 20)
    assert stretched.bound is not None and stretched.bound > 4


def test_hotter_in_the_next_image() -> None:
    """A terminal that becomes hotter counts at once, over the median of its kind."""
    ended = thermal_image(field(left=22))
    hotter = thermal_image(field(right=50), missing=range(16))
    found = measure_areas(updating_image(ended, hotter), BANK)
    assert [one.maximum for one in found] == [22, 20, 50]
    assert [one.deviation for one in found] == [0, -2, 28]
