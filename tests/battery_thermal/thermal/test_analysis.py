"""Tests of what images say about the bank."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.battery_thermal.model.orientation import Orientation
from custom_components.battery_thermal.model.updating_image import updating_image
from custom_components.battery_thermal.thermal.analysis import (
    Alarm,
    Limit,
    extreme_pixels,
    rate_of_rise,
    shows_extremes,
    spread,
)

from .scenes import TIME, bank, images, thermal_image

HOUR = timedelta(hours=1)


def test_spread() -> None:
    """From the coldest to the hottest."""
    assert spread(images()["hot_cell"]) == pytest.approx(60.4 - 24.3)


@pytest.mark.parametrize(
    ("orientation", "hottest", "coldest"),
    [
        (Orientation(), (5, 7), (30, 2)),
        (Orientation(1), (7, 26), (2, 1)),
        (Orientation(2), (26, 16), (1, 21)),
        (Orientation(3), (16, 5), (21, 30)),
        (Orientation(0, mirror=True), (5, 16), (30, 21)),
        (Orientation(1, mirror=True), (16, 26), (21, 1)),
    ],
)
def test_extreme_pixels(
    orientation: Orientation, hottest: tuple[int, int], coldest: tuple[int, int]
) -> None:
    """Where one sees them, however the image is turned; only arrived ones."""
    celsius = np.full((32, 24), 20.0)
    celsius[5, 7], celsius[30, 2] = 60.0, 10.0
    celsius[:, 12] = 99.0
    image = thermal_image(celsius, missing=(12,))
    assert extreme_pixels(image, orientation) == (hottest, coldest)


def test_extremes_that_no_pixel_has() -> None:
    """Those of a missing line, and the minimum of a pixel in a block of a fast image."""
    whole = images()["hot_cell"]
    assert shows_extremes(whole) == (True, True)
    fast = replace(images()["fast"], node_minimum=100)
    assert shows_extremes(fast) == (True, False)
    torn = replace(thermal_image(bank(24, 0), missing=(9,)), node_maximum=500)
    assert shows_extremes(torn) == (False, True)
    # Of a picture in one message the pixels are near to the node's own.
    assert shows_extremes(replace(torn, bound=200)) == (True, True)
    over = bank(24, 0)
    over[3, 3] = 320
    assert shows_extremes(replace(thermal_image(over), node_maximum=3500))[0]
    # What replaces it has the place of the maximum if it is hotter.
    assert shows_extremes(updating_image(torn, whole)) == (True, True)
    assert shows_extremes(updating_image(whole, fast)) == (True, True)


def test_rate_of_rise() -> None:
    """6 K in 12 minutes."""
    before = thermal_image(bank(24, 30))
    now = thermal_image(bank(24, 36), time=TIME + timedelta(minutes=12))
    assert rate_of_rise(before, now, HOUR) == pytest.approx(0.5, abs=0.01)


def test_no_rate_of_rise() -> None:
    """Nothing before, another mode, lines missing, a gap, or too little time between."""
    now = thermal_image(bank(24, 36), time=TIME + timedelta(minutes=12))
    slow, fast, torn = (images()[name] for name in ("hot_cell", "fast", "missing"))
    assert rate_of_rise(None, now, HOUR) is None
    assert rate_of_rise(fast, now, HOUR) is None
    assert rate_of_rise(torn, now, HOUR) is None
    assert rate_of_rise(now, torn, HOUR) is None
    assert rate_of_rise(slow, now, timedelta(minutes=11)) is None
    assert rate_of_rise(slow, slow, HOUR) is None
    soon = thermal_image(bank(24, 36), time=TIME + timedelta(seconds=59))
    assert rate_of_rise(slow, soon, HOUR) is None


def course(limit: Limit, *values: float | None) -> list[bool]:
    """Return the alarm after each of several images."""
    alarm = Alarm()
    states = []
    for value in values:
        alarm = alarm.next(value, limit)
        states.append(alarm.active)
    return states


def test_alarm_has_hysteresis() -> None:
    """On over 50, off at 49 or below."""
    states = course(Limit(50), 50, 50.1, 49.1, 49, 49.9, 51)
    assert states == [False, True, True, False, False, True]


def test_alarm_after_images_in_a_row() -> None:
    """Three, and nothing in between but images that change nothing."""
    states = course(Limit(50, images=3), 51, 51, 50, 51, 51, None, 51, None)
    assert states == [False] * 6 + [True, True]


@given(st.lists(st.floats(0, 100)), st.integers(1, 4))
def test_alarm_follows_its_limit(values: list[float], images_in_a_row: int) -> None:
    """On only after enough images over the limit, never on well below it."""
    limit = Limit(50, hysteresis=2, images=images_in_a_row)
    alarm, over = Alarm(), 0
    for value in values:
        before = alarm
        alarm = alarm.next(value, limit)
        over = over + 1 if value > 50 else 0
        assert alarm.active or over < images_in_a_row
        assert not alarm.active or value > 48
        if alarm.active and not before.active:
            assert over >= images_in_a_row


def test_extremes_while_the_next_image_arrives() -> None:
    """They stay where they were, unless the next image is hotter somewhere."""
    ended = thermal_image(bank(24, 30))
    places = extreme_pixels(ended, Orientation())
    cold = thermal_image(np.full((32, 24), 10.0), missing=range(12, 24))
    assert extreme_pixels(updating_image(ended, cold), Orientation()) == places
    hot = thermal_image(bank(24, 60))
    hottest, coldest = extreme_pixels(updating_image(ended, hot), Orientation())
    assert hottest == extreme_pixels(hot, Orientation())[0]
    assert coldest == places[1]


def test_alarm_of_values_within_a_bound() -> None:
    """It is raised for what may be over the limit, says so, and ends when that cannot be."""
    limit = Limit(50, hysteresis=2)
    alarm = Alarm().next(49.5, limit, 0.4)
    assert (alarm.active, alarm.certain) == (False, True)
    alarm = alarm.next(49.7, limit, 0.4)
    assert (alarm.active, alarm.certain) == (True, False)
    alarm = alarm.next(50.5, limit, 0.4)
    assert (alarm.active, alarm.certain) == (True, True)
    alarm = alarm.next(48.2, limit, 0.4)
    assert (alarm.active, alarm.certain) == (True, False)
    alarm = alarm.next(47.6, limit, 0.4)
    assert (alarm.active, alarm.certain) == (False, True)
