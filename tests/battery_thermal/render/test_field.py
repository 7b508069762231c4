"""Tests of the field of temperatures behind a picture."""

import json
from pathlib import Path

from hypothesis import given, strategies as st
from hypothesis.extra import numpy as hnp
import numpy as np
import pytest

from custom_components.battery_thermal.render.field import enlarge, fill

FIELDS = hnp.arrays(
    np.int16, st.sampled_from([(32, 24), (8, 6)]), elements=st.integers(-400, 3000)
)


@given(FIELDS, st.data())
@pytest.mark.parametrize("by_row", [False, True])
def test_fill_keeps_existing_pixels(
    by_row: bool, field: np.ndarray, data: st.DataObject
) -> None:
    """Existing pixels stay, and filled ones are between their neighbours."""
    lines = field.shape[0 if by_row else 1]
    there = np.array(
        data.draw(st.lists(st.booleans(), min_size=lines, max_size=lines).filter(any))
    )
    present = np.zeros(field.shape, np.bool_)
    if by_row:
        present[there] = True
    else:
        present[:, there] = True
    filled = fill(np.where(present, field, 0), present)
    assert filled.shape == field.shape
    assert (filled[present] == field[present]).all()
    assert filled.min() >= field[present].min() - 1e-9
    assert filled.max() <= field[present].max() + 1e-9


def test_fill_goes_straight_from_line_to_line() -> None:
    """Missing columns are interpolated linearly; at the rim, the next value continues."""
    values = np.array([[0, 10, 0, 0, 40, 0]] * 2)
    present = np.array([[False, True, False, False, True, False]] * 2)
    assert fill(values, present).tolist() == [[10, 10, 20, 30, 40, 40]] * 2
    assert fill(values.T, present.T).T.tolist() == [[10, 10, 20, 30, 40, 40]] * 2


@given(FIELDS, st.integers(1, 90), st.integers(1, 90))
def test_enlarge_stays_within_the_measured(
    field: np.ndarray, height: int, width: int
) -> None:
    """Unlike bicubic interpolation, it does not exceed the measured range."""
    large = enlarge(field, height, width)
    assert large.shape == (height, width)
    assert large.min() >= field.min()
    assert large.max() <= field.max()


def test_enlarge_keeps_a_plateau() -> None:
    """Flat areas of 22 °C and 60 °C keep their values to a thousandth of a digit."""
    field = np.full((32, 24), 220)
    field[8:16, 8:16] = 600
    large = enlarge(field, 640, 480)
    assert large[200:280, 200:280] == pytest.approx(600, abs=1e-3)
    assert large[:120] == pytest.approx(220, abs=1e-3)


def test_the_dashboards_fill_alike() -> None:
    """The cases of the dashboards' tests are what the camera's picture shows."""
    file = Path(__file__).parents[2] / "frontend/battery_thermal/filling.json"
    for case in json.loads(file.read_text()):
        values = np.array(case["rows"], float)
        present = ~np.isnan(values)
        filled = fill(np.where(present, values, 0), present)
        np.testing.assert_allclose(
            filled, case["expected"], atol=1e-6, err_msg=case["name"]
        )
