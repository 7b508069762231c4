"""Tests of an image that has ended while the lines of the next one replace its pixels."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.model.thermal_image import ThermalImage
from custom_components.battery_thermal.model.updating_image import updating_image
from tests.battery_thermal.thermal.scenes import TIME, bank, thermal_image

LATER = TIME + timedelta(minutes=3)


def fast(celsius: np.ndarray) -> np.ndarray:
    """Return the maxima of blocks of 4 x 4."""
    blocks: np.ndarray = celsius.reshape(8, 4, 6, 4).max((1, 3))
    return blocks


def growing(celsius: np.ndarray, lines: int = 3) -> ThermalImage:
    """Return an image of which the given number of lines has arrived."""
    missing = range(lines, 24)
    return replace(thermal_image(celsius, missing=missing, time=LATER), closed=False)


def test_colder_lines_change_pixels_and_no_figure() -> None:
    """Pixels are the newest; maximum, minimum and mean are those of the last image."""
    ended = thermal_image(bank(24, 30))
    image = updating_image(ended, growing(np.full((32, 24), 20.0)))
    assert (image.values[:, 0] == 200).sum() + (image.values[0] == 200).sum() > 0
    assert image.present.all()
    assert (image.maximum, image.minimum) == (ended.maximum, ended.minimum)
    assert image.mean == ended.mean
    assert not image.upcoming_is_hotter
    assert not image.shows_more_heat
    assert image.lines_upcoming == (3, 24)
    assert (image.lines_received, image.closed) == (24, True)
    assert (image.started_at, image.updated_at) == (TIME, LATER)
    assert image.verdict is ended.verdict


def test_hotter_lines_show_at_once() -> None:
    """The maximum is that of the next image as soon as it is higher."""
    image = updating_image(thermal_image(bank(24, 0)), growing(bank(60, 30)))
    assert image.upcoming_is_hotter
    assert image.shows_more_heat
    assert image.maximum == image.upcoming.maximum
    assert image.maximum > 60


def test_above_the_range() -> None:
    """Values above the range of both images count; marked pixels are those that are shown."""
    hot = thermal_image(np.full((32, 24), 320.0))
    cold = thermal_image(np.full((32, 24), 20.0))
    few = growing(np.full((32, 24), 320.0))
    assert updating_image(hot, growing(np.full((32, 24), 20.0))).is_over_range
    image = updating_image(cold, few)
    assert image.is_over_range
    assert image.shows_more_heat
    assert (image.over_range == few.present).all()
    assert not image.doubtful.any()


def test_suspect_image() -> None:
    """The image is suspect as soon as one of the two is."""
    ended, upcoming = thermal_image(bank(24, 0)), growing(bank(24, 0))
    assert not updating_image(ended, upcoming).suspect
    assert updating_image(replace(ended, suspect=True), upcoming).suspect
    assert updating_image(ended, replace(upcoming, suspect=True)).suspect


@pytest.mark.parametrize("corrected", [False, True])
def test_image_of_the_other_mode(corrected: bool) -> None:
    """Blocks replace their pixels, and pixels give their block its maximum."""
    slow, blocks = bank(24, 30), fast(bank(24, 30)) + 20
    upcoming = thermal_image(blocks, mode=Mode.FAST, time=LATER)
    if corrected:
        upcoming = replace(upcoming, reading=upcoming)
    image = updating_image(thermal_image(slow), upcoming)
    assert image.values.shape == (32, 24)
    assert (image.values[::4, ::4] == upcoming.values).all()
    assert image.mode is Mode.SLOW
    assert image.maximum == upcoming.maximum
    few = growing(slow + 20)
    image = updating_image(thermal_image(fast(slow), mode=Mode.FAST), few)
    assert image.values.shape == (8, 6)
    assert image.maximum == max(image.ended.maximum, few.maximum)
    assert image.upcoming.present.any()
    assert not image.upcoming.present.all()
    assert not image.doubtful.any()


@pytest.mark.parametrize(
    ("ended", "upcoming", "bound"), [(None, None, None), (None, 2, 2), (5, 2, 5)]
)
def test_bound(ended: int | None, upcoming: int | None, bound: int | None) -> None:
    """The bound is the larger one of the two images."""
    before = replace(thermal_image(bank(24, 30)), bound=ended)
    after = replace(growing(bank(24, 30)), bound=upcoming)
    assert updating_image(before, after).bound == bound
