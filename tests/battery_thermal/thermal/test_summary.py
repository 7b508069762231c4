"""Tests of what images of a span say together."""

from dataclasses import replace
from datetime import timedelta

import numpy as np

from custom_components.battery_thermal.model.archived_image import ArchivedImage
from custom_components.battery_thermal.model.orientation import Orientation
from custom_components.battery_thermal.model.thermal_image import ThermalImage
from custom_components.battery_thermal.thermal.cells import CellGrid
from custom_components.battery_thermal.thermal.summary import POINTS, Summary

from .scenes import TIME, bank, thermal_image

SPAN = timedelta(days=10)


def summary(*images: ThermalImage, threshold: int | None = 50) -> Summary:
    """Return the summary of images."""
    found = Summary(TIME, TIME + SPAN, CellGrid(4, 3).areas(Orientation()))
    for image in images:
        found.add_image(ArchivedImage(image, None, None, threshold))
    return found


def test_parts_of_the_span() -> None:
    """Images of one part are one point, with minimum, mean and maximum."""
    later = [TIME + SPAN * number / POINTS / 4 for number in range(8)]
    found = summary(
        *(
            thermal_image(np.full((32, 24), 20.0 + number), time=time)
            for number, time in enumerate(later)
        )
    )
    assert list(found.maximum.points) == [0, 1]
    point = found.maximum.points[0]
    assert (point.low, point.mean, point.high) == (20, 21.5, 23)
    assert found.maximum.mean == 23.5
    assert found.areas[3].lowest == (20, TIME)
    # The last moment belongs to the last part.
    end = thermal_image(bank(20, 5), time=TIME + SPAN)
    assert list(summary(end).maximum.points) == [POINTS - 1]


def test_partly_received() -> None:
    """What has arrived is reached at least; what is missing is in no minimum or mean."""
    part = thermal_image(bank(24, 30), missing=range(20))
    found = summary(part)
    assert found.maximum.highest
    assert found.maximum.points == {}
    assert found.maximum.mean is None
    assert found.minimum.lowest is None
    assert found.areas[0].highest is None
    assert found.areas[2].highest
    assert found.median.points == {}
    # With its last line the node says the maximum of those that were lost.
    said = replace(part, node_maximum=700, node_minimum=100)
    assert summary(said).maximum.points[0].high == 70.0


def test_suspect_images() -> None:
    """They are counted; their temperatures count only where they are too hot."""
    suspect = replace(thermal_image(bank(24, 30)), suspect=True)
    found = summary(suspect)
    assert (found.count, found.suspect) == (1, 1)
    assert found.hottest is None
    hot = bank(24, 30)
    hot[0, 0] = 350.0
    found = summary(replace(thermal_image(hot), suspect=True))
    assert found.hottest
    assert found.maximum.over_range
    assert found.areas[0].over_range
    assert not found.areas[1].over_range


def test_hidden_heat() -> None:
    """An image that may be far hotter than it says is the hottest, and in no curve."""
    warm = thermal_image(bank(24, 30))
    hole = np.full((32, 24), 25.0)
    hole[4, 5] = -30.0
    hidden = replace(
        thermal_image(hole, missing=(23,), time=TIME + SPAN / 2), suspect=True
    )
    assert hidden.hides_heat and not hidden.is_over_range
    found = summary(warm, hidden)
    assert found.hottest is not None and found.hottest.image is hidden
    assert found.maximum.over_range
    assert found.maximum.highest == (307.2, hidden.started_at)
    assert found.minimum.lowest == (warm.minimum, warm.started_at)
    # Of the areas it is the one with the pixel.
    assert [area.over_range for area in found.areas] == [True] + 11 * [False]
    for track in (found.maximum, found.minimum, found.areas[0]):
        assert list(track.points) == [0]


def test_bounded() -> None:
    """However often the threshold changes, and however many images there are."""
    found = Summary(TIME, TIME + SPAN, ())
    image = thermal_image(np.full((8, 6), 20.0))
    for number in range(2000):
        at = TIME + SPAN * number / 2000
        found.add_image(ArchivedImage(replace(image, started_at=at), 20, True, number))
    assert len(found.thresholds) == 50
    assert len(found.ambient.points) == POINTS
    assert found.with_fan == 2000
    assert found.areas == []
