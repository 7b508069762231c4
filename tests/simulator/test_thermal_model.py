"""Tests of the thermal model of the bank."""

import numpy as np
import pytest

from simulator.thermal_model import ThermalModel


def test_same_seed_same_pictures() -> None:
    """The same seed gives the same frames, independently of earlier calls."""
    first, second = ThermalModel(7), ThermalModel(7)
    first.frame(10)
    assert np.array_equal(first.frame(5000), second.frame(5000))
    assert not np.array_equal(first.frame(5000), ThermalModel(8).frame(5000))


def test_frame() -> None:
    """Over a day frames have 32 x 24 plausible temperatures."""
    model = ThermalModel()
    for t in range(0, 86_400, 1800):
        frame = model.frame(t)
        assert frame.shape == (32, 24)
        assert 17 < frame.min() <= frame.max() < 45
        assert 18 <= model.ambient(t) <= 24


def test_warms_under_load_and_later_than_it() -> None:
    """Temperature follows the load with a delay, and stays below the steady state."""
    model = ThermalModel(noise=0)
    times = range(0, 3 * 3600, 60)
    means = [model.frame(t).mean() - model.ambient(t) for t in times]
    hottest = times[int(np.argmax(means))]
    full = times[int(np.argmax([model.load(t) for t in times]))]
    assert full == 5400
    assert full + 600 < hottest < full + 3600


def test_hot_cell() -> None:
    """One cell can be heated and cooled again."""
    model = ThermalModel(noise=0)
    before = model.frame(100)
    model.heat((2, 1), 30)
    difference = model.frame(100) - before
    row, column = np.unravel_index(difference.argmax(), difference.shape)
    assert (row // 8, column // 8) == (2, 1)
    assert difference.max() == pytest.approx(30, abs=0.5)
    assert np.count_nonzero(difference) == 64
    model.heat((2, 1), 0)
    assert np.allclose(model.frame(100), before)


def test_hot_cell_takes_its_time() -> None:
    """A heated cell warms up with the requested time constant."""
    model = ThermalModel(noise=0, warming=0, heating_time=60)
    model.frame(1000)
    model.heat((0, 0), 10)
    start = model.frame(1000).max()
    middle = model.frame(1060).max()
    assert middle - start == pytest.approx(10 * (1 - np.exp(-1)), abs=0.1)
    assert model.frame(2000).max() - start == pytest.approx(10, abs=0.2)


def test_noise_is_the_sensors() -> None:
    """The sensor's noise is a tenth of a kelvin."""
    noise = ThermalModel(1).frame(50) - ThermalModel(1, noise=0).frame(50)
    assert noise.std() == pytest.approx(0.1, rel=0.1)


@pytest.mark.parametrize("size", [(0, 1), (11, 1), (1, 9)])
def test_bank_must_be_visible(size: tuple[int, int]) -> None:
    """A cell needs at least three pixels."""
    with pytest.raises(ValueError):
        ThermalModel(rows=size[0], columns=size[1])


@pytest.mark.parametrize("cell", [(4, 0), (0, 3), (-1, 0)])
def test_no_such_cell(cell: tuple[int, int]) -> None:
    """A cell outside the grid of 4 x 3 raises IndexError."""
    with pytest.raises(IndexError):
        ThermalModel().heat(cell, 1)


def test_looked_at_with_a_clock_that_runs_fast() -> None:
    """A clock that runs fast gives the frames of a normal clock."""
    usual = ThermalModel(noise=0)
    slower = ThermalModel(noise=0, start=3600.0, pace=0.1)
    np.testing.assert_allclose(slower.frame(6000.0), usual.frame(4200.0))
    assert slower.ambient(6000.0) == usual.ambient(4200.0)
    assert slower.load(6000.0) == usual.load(4200.0)
