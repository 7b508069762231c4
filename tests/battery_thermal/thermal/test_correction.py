"""Tests of offset, emissivity and dead pixels."""

from dataclasses import replace
from functools import partial

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.battery_thermal.model.area import Area, AreaKind
from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.thermal.correction import Correction

from .scenes import bank, images, thermal_image


def test_nothing_to_correct() -> None:
    """Without a correction the image is unchanged."""
    image = images()["hot_cell"]
    assert Correction().apply(image, 20) is image


def test_offset() -> None:
    """The offset is added to all pixels and to the node's own extremes."""
    image = images()["hot_cell"]
    warmer = Correction(offset=-1.5).apply(image, 20)
    assert (warmer.values == image.values - 15).all()
    assert warmer.maximum == pytest.approx(image.maximum - 1.5)
    assert warmer.minimum == pytest.approx(image.minimum - 1.5)


def test_offset_of_an_image_without_its_last_line() -> None:
    """Extremes that the node has not sent stay unknown."""
    image = images()["missing"]
    assert Correction(offset=1).apply(image, 20).node_maximum is None


@given(st.floats(-40, 300), st.floats(0.3, 1.0), st.floats(0, 50))
def test_emissivity(true: float, emissivity: float, reflected: float) -> None:
    """A temperature is restored from the reading of a firmware that ignores emissivity, to a tenth."""
    t, r = true + 273.15, reflected + 273.15
    sent = emissivity * t**4 + (1 - emissivity) * r**4
    reading = ((sent - 0.05 * r**4) / 0.95) ** 0.25 - 273.15
    image = thermal_image(np.full((32, 24), reading))
    corrected = Correction(emissivity=emissivity).apply(image, reflected)
    # At low emissivity, a tenth of a degree in the reading is a larger difference of the surface.
    slack = 0.05 + 0.05 * 0.95 / emissivity * ((reading + 273.15) / t) ** 3 + 0.001
    assert corrected.maximum == pytest.approx(true, abs=slack)


def test_emissivity_of_bare_metal() -> None:
    """With emissivity 0.3 in surroundings of 20 °C, the surface is hotter than the reading."""
    image = thermal_image(np.full((32, 24), 30.0))
    assert Correction(emissivity=0.3).apply(image, 20).maximum == pytest.approx(
        48.7, abs=0.5
    )


def test_extreme_emissivity() -> None:
    """No correction results in less than 0 K."""
    image = thermal_image(np.full((32, 24), -40.0))
    assert Correction(emissivity=0.01).apply(image, 50).minimum == pytest.approx(
        -273.15, abs=0.06
    )


def test_extremes_of_pixels_that_have_not_arrived() -> None:
    """They are corrected with the emissivity of where they may be."""
    metal = Area("bar", "Bar", AreaKind.BUS_BAR, ((0, 0), (32, 4)), emissivity=0.1)
    correction = Correction(areas=(metal,))
    celsius = np.full((32, 24), 20.0)
    celsius[5, 20] = 45.0
    said = partial(replace, node_minimum=150, node_maximum=450)
    lost = said(thermal_image(celsius, missing=(20,)))
    corrected = correction.apply(lost, 20)
    assert (corrected.maximum, corrected.minimum) == (45.0, 15.0)
    # A line of the area has not arrived either.
    lost = said(thermal_image(celsius, missing=(2, 20)))
    corrected = correction.apply(lost, 20)
    assert corrected.maximum > 150 and corrected.minimum < -40
    # The maxima of blocks show the maximum, and nothing of the minimum.
    blocks = celsius.reshape(8, 4, 6, 4).max((1, 3))
    fast = said(thermal_image(blocks, mode=Mode.FAST, missing=(1,)))
    corrected = correction.apply(fast, 20)
    assert corrected.maximum == 45.0 and corrected.minimum < -40


def test_dead_pixels_are_the_median_of_their_neighbours() -> None:
    """Also two neighbouring dead pixels, one in a corner, and one that was the node's maximum."""
    celsius = bank(24, 30)
    alive = thermal_image(celsius)
    dead = ((10, 10), (10, 11), (0, 0))
    for pixel in dead:
        celsius[pixel] = 299.0
    image = thermal_image(celsius)
    assert image.maximum == 299.0
    repaired = Correction(dead_pixels=dead).apply(image, 20)
    assert repaired.maximum == alive.maximum
    assert repaired.node_maximum is None
    assert repaired.node_minimum == image.node_minimum
    difference = np.abs(repaired.values - alive.values)
    assert np.count_nonzero(difference) <= 3
    assert difference.max() < 60


def test_dead_minimum() -> None:
    """A dead pixel that was the node's minimum is replaced too."""
    celsius = bank(24, 30)
    celsius[3, 3] = -40.0
    repaired = Correction(dead_pixels=((3, 3),)).apply(thermal_image(celsius), 20)
    assert repaired.node_minimum is None
    assert repaired.minimum > 20


def test_dead_pixel_without_neighbours() -> None:
    """A dead pixel whose received neighbours are all dead is missing."""
    celsius = bank(24, 30)
    image = thermal_image(celsius, missing=tuple(n for n in range(24) if n != 5))
    dead = ((9, 5), (10, 5), (11, 5))
    repaired = Correction(dead_pixels=dead).apply(image, 20)
    assert repaired.values[10, 5] == image.values[10, 5]


def test_fast_image_hides_its_dead_pixels() -> None:
    """The maximum of a block of 16 does not show which pixel it is."""
    image = images()["fast"]
    assert Correction(dead_pixels=((3, 3),)).apply(image, 20) is image


def test_dead_pixel_below_the_range() -> None:
    """In a fast image it changes only the minimum, which then counts as unknown."""
    fast = replace(images()["fast"], node_minimum=3000, node_maximum=500)
    dead = Correction(dead_pixels=((0, 0),))
    corrected = dead.apply(fast, 20)
    assert (corrected.node_minimum, corrected.node_maximum) == (None, 500)
    ordinary = images()["fast"]
    assert dead.apply(ordinary, 20).node_minimum == ordinary.node_minimum


@pytest.mark.parametrize(
    ("bound", "emissivity", "corrected"), [(None, 0.5, None), (0, 0.5, 0), (2, 0.95, 2)]
)
def test_bound_that_stays(
    bound: int | None, emissivity: float, corrected: int | None
) -> None:
    """Exact pixels stay exact, and an offset does not change the bound."""
    image = replace(images()["hot_cell"], bound=bound)
    correction = Correction(offset=3, emissivity=emissivity)
    assert correction.apply(image, 20).bound == corrected


def test_bound_grows_with_the_correction() -> None:
    """At emissivity 0.5, differences are twice those of the readings."""
    image = replace(images()["hot_cell"], bound=5)
    bound = Correction(emissivity=0.475).apply(image, 20).bound
    assert bound is not None and 8 <= bound <= 10
