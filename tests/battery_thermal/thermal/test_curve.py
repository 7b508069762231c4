"""Tests of curves: few points that hide no peak, and gaps."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.battery_thermal.thermal.curve import (
    HIDDEN,
    HIGHEST_PARTLY,
    MOST_POINTS,
    PARTLY,
    Curve,
    Timeline,
    make_curve,
    medians,
)

ABSENT = -32768
HOUR = 3_600_000
DAY = 24 * HOUR


def line(*times: int, end: int = DAY) -> Timeline:
    """Return a timeline from 0 on."""
    return Timeline(np.array(times, np.int64), 0, end)


def values(*tenths: int) -> np.ndarray:
    """Return values in tenths of a °C."""
    return np.array(tenths, np.int16)


def test_every_image_of_a_short_span_is_a_point() -> None:
    """At its own time, without what has not arrived."""
    times = line(HOUR, 2 * HOUR, 3 * HOUR)
    assert make_curve(times, values(200, ABSENT, 215), ABSENT).points == [
        (HOUR, 20.0, 20.0, 20.0),
        (3 * HOUR, 21.5, 21.5, 21.5),
    ]
    assert make_curve(times, values(ABSENT, ABSENT, ABSENT), ABSENT).points == []
    assert make_curve(line(), values(), ABSENT) == Curve([], [])
    alone = make_curve(line(HOUR), values(200), ABSENT)
    assert alone == Curve([(HOUR, 20.0, 20.0, 20.0)], [])


def test_many_images_in_a_point() -> None:
    """It has the lowest, the mean and the highest, at the time of the first hottest."""
    times = line(10, 20, 30, 40, end=1000 * MOST_POINTS)
    drawn = make_curve(times, values(200, 230, 230, 210), ABSENT)
    assert drawn.points == [(20, 20.0, 21.75, 23.0)]


@pytest.mark.parametrize(
    ("tenths", "shown"),
    [
        # A part that is as warm as the whole, or colder, says nothing.
        ((300, 220 - PARTLY, 300), (30.0, 30.0)),
        ((300, 300 - PARTLY, 250), (30.0, 25.0)),
        ((300, 220 - PARTLY, 320 - PARTLY, 310), (30.0, 32.0, 31.0)),
        ((ABSENT, 220 - PARTLY, HIDDEN, 230 - PARTLY), (22.0, 23.0)),
        ((310 - PARTLY, 300, 290 - PARTLY), (31.0, 30.0)),
        ((HIGHEST_PARTLY - PARTLY, -400, -1024 - PARTLY), (999.9, -40.0)),
    ],
)
def test_values_of_a_part(tenths: tuple[int, ...], shown: tuple[float, ...]) -> None:
    """One counts if it is above the whole ones beside it, or if there are none."""
    times = line(*(hour * HOUR for hour in range(len(tenths))))
    points = make_curve(times, values(*tenths), ABSENT).points
    assert tuple(point[3] for point in points if point) == shown


def test_gap() -> None:
    """Where images are three times as far apart as usual; a lost image is none."""
    at = [hour * HOUR for hour in (0, 1, 2, 4, 5, 6, 12, 13)]
    points = make_curve(line(*at), values(*range(200, 208)), ABSENT).points
    assert points.index(None) == 6
    assert points.count(None) == 1


@given(
    st.lists(
        st.tuples(st.integers(0, DAY - 1), st.integers(-400, 3072)),
        min_size=1,
        max_size=2000,
        unique_by=lambda image: image[0],
    )
)
def test_no_peak_is_hidden(images: list[tuple[int, int]]) -> None:
    """At most 500 points, in order, and the extremes of all images are among them."""
    images.sort()
    times, tenths = zip(*images, strict=True)
    drawn = make_curve(line(*times), values(*tenths), ABSENT)
    points = [one for one in drawn.points if one is not None]
    assert len(points) <= MOST_POINTS
    assert [one[0] for one in points] == sorted({one[0] for one in points})
    assert max(one[3] for one in points) == max(tenths) / 10
    assert min(one[1] for one in points) == min(tenths) / 10
    assert all(one[1] <= one[2] + 0.006 and one[2] <= one[3] + 0.006 for one in points)
    by_time = dict(images)
    assert all(by_time[at] / 10 == highest for at, _, _, highest in points)


def test_hidden_heat_is_no_value() -> None:
    """It is said when there was some, once in each part of the span."""
    times = line(10, 20, 30, 40, 5000, end=1000 * MOST_POINTS)
    drawn = make_curve(times, values(200, HIDDEN, HIDDEN, ABSENT, HIDDEN), ABSENT)
    assert drawn == Curve([(10, 20.0, 20.0, 20.0)], [20, 5000])


@given(
    st.lists(
        st.lists(
            st.sampled_from([ABSENT, HIDDEN, 200 - PARTLY, 200, 210, 250, 300]),
            min_size=3,
            max_size=3,
        ),
        min_size=1,
        max_size=20,
    )
)
def test_median(rows: list[list[int]]) -> None:
    """Of the columns that are compared, as far as they have arrived."""
    found = medians(np.array(rows, np.int16), [0, 2], ABSENT)
    for row, median in zip(rows, found, strict=True):
        known = [value for value in (row[0], row[2]) if 0 < value < HIDDEN]
        assert median == (np.median(known) if known else ABSENT)


def test_usual_distance() -> None:
    """Without two images it is the width of a point."""
    assert line(5).longest == pytest.approx(DAY / MOST_POINTS)
