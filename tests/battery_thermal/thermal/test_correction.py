"""Tests of offset, emissivity and dead pixels."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.battery_thermal.thermal.correction import Correction

from .scenes import bank, images, thermal_image


def test_nothing_to_correct() -> None:
    """The image is left as it is."""
    image = images()["hot_cell"]
    assert Correction().apply(image, 20) is image


def test_offset() -> None:
    """Everything moves, the node's own extremes too."""
    image = images()["hot_cell"]
    warmer = Correction(offset=-1.5).apply(image, 20)
    assert (warmer.values == image.values - 15).all()
    assert warmer.maximum == pytest.approx(image.maximum - 1.5)
    assert warmer.minimum == pytest.approx(image.minimum - 1.5)


def test_offset_of_an_image_without_its_last_line() -> None:
    """What the node has not said stays unsaid."""
    image = images()["missing"]
    assert Correction(offset=1).apply(image, 20).node_maximum is None


@given(st.floats(-40, 300), st.floats(0.3, 1.0), st.floats(0, 50))
def test_emissivity_is_what_the_firmware_left_out(
    true: float, emissivity: float, reflected: float
) -> None:
    """From a temperature to what the firmware reads, and back to a tenth."""
    t, r = true + 273.15, reflected + 273.15
    sent = emissivity * t**4 + (1 - emissivity) * r**4
    reading = ((sent - 0.05 * r**4) / 0.95) ** 0.25 - 273.15
    image = thermal_image(np.full((32, 24), reading))
    corrected = Correction(emissivity=emissivity).apply(image, reflected)
    # A tenth in the reading is more than that if little of it is the surface's own.
    slack = 0.05 + 0.05 * 0.95 / emissivity * ((reading + 273.15) / t) ** 3 + 0.001
    assert corrected.maximum == pytest.approx(true, abs=slack)


def test_bare_metal_is_hotter_than_it_looks() -> None:
    """Emissivity 0.3 in surroundings of 20 °C."""
    image = thermal_image(np.full((32, 24), 30.0))
    assert Correction(emissivity=0.3).apply(image, 20).maximum == pytest.approx(
        48.7, abs=0.5
    )


def test_absurd_emissivity_does_not_end_below_zero_kelvin() -> None:
    """Whatever an owner writes."""
    image = thermal_image(np.full((32, 24), -40.0))
    assert Correction(emissivity=0.01).apply(image, 50).minimum == pytest.approx(
        -273.15, abs=0.06
    )


def test_dead_pixels_are_the_median_of_their_neighbours() -> None:
    """Two beside each other, and one in a corner; the node's maximum was one."""
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
    """The same for one that looks cold."""
    celsius = bank(24, 30)
    celsius[3, 3] = -40.0
    repaired = Correction(dead_pixels=((3, 3),)).apply(thermal_image(celsius), 20)
    assert repaired.node_minimum is None
    assert repaired.minimum > 20


def test_dead_pixel_without_neighbours() -> None:
    """Its column is all that has arrived, and its neighbours in it are dead too."""
    celsius = bank(24, 30)
    image = thermal_image(celsius, missing=tuple(n for n in range(24) if n != 5))
    dead = ((9, 5), (10, 5), (11, 5))
    repaired = Correction(dead_pixels=dead).apply(image, 20)
    assert repaired.values[10, 5] == image.values[10, 5]


def test_fast_image_hides_its_dead_pixels() -> None:
    """A maximum of 16 does not say of which."""
    image = images()["fast"]
    assert Correction(dead_pixels=((3, 3),)).apply(image, 20) is image
