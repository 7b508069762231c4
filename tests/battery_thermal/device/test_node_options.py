"""Tests of the reading of a node's options."""

from typing import Any

import numpy as np
import pytest

from custom_components.battery_thermal.device.node_options import ROOM, node_options
from custom_components.battery_thermal.render.palettes import Palette
from custom_components.battery_thermal.render.style import FileFormat, Scale
from tests.battery_thermal.thermal.scenes import bank, thermal_image

AREA: dict[str, Any] = {
    "key": "plus",
    "name": "Plus",
    "kind": "terminal",
    "points": [[10, 4], [12, 6]],
}


def test_defaults() -> None:
    """A subentry without options has the defaults of the table."""
    options = node_options({})
    assert (options.style.palette, options.style.scale) == (
        Palette.INFERNO,
        Scale.AUTOMATIC,
    )
    assert options.style.file_format is FileFormat.JPEG
    assert (options.areas, options.cells, options.cell_names) == ((), [], [])
    assert options.measured_cells == (0, "")
    assert not (options.compares or options.has_area_limit or options.only_ended)
    assert (options.bounds.days, options.bounds.megabytes) == (365, 100)


def test_style() -> None:
    """Areas are drawn unless the owner does not want them."""
    data: dict[str, Any] = {"areas": [AREA]}
    assert node_options(data).style.areas == node_options(data).areas != ()
    hidden = node_options(data | {"picture": {"show_cells": False}})
    assert (hidden.style.areas, len(hidden.areas)) == ((), 1)


@pytest.mark.parametrize(
    ("scale", "low", "high", "fails"),
    [
        ("fixed", 20, 40, False),
        ("fixed", 40, 40, True),
        ("fixed", 50, 40, True),
        ("automatic", 50, 40, False),
    ],
)
def test_ends_of_the_scale(scale: str, low: int, high: int, fails: bool) -> None:
    """Only a fixed scale has ends, and the low one has to be lower."""
    data = {"picture": {"scale": scale, "low": low, "high": high}}
    if not fails:
        assert (node_options(data).style.low, node_options(data).style.high) == (
            low,
            high,
        )
        return
    with pytest.raises(ValueError, match="low_over_high"):
        node_options(data)


@pytest.mark.parametrize(
    ("text", "pixel"),
    [
        ("1, 1", (0, 0)),
        ("32,24", (31, 23)),
        (" 3;4 ", (2, 3)),
        ("3 4", (2, 3)),
        ("0, 1", None),
        ("33, 1", None),
        ("1, 25", None),
        ("1", None),
        ("1, 2, 3", None),
        ("-1, 2", None),
        ("one, two", None),
        ("", None),
    ],
)
def test_dead_pixel(text: str, pixel: tuple[int, int] | None) -> None:
    """Row and column are counted from 1, in several spellings."""
    data = {"correction": {"dead_pixels": [text]}}
    if pixel is None:
        with pytest.raises(ValueError, match="not_a_pixel"):
            node_options(data)
    else:
        assert node_options(data).correction.dead_pixels == (pixel,)


def test_dead_pixels_once() -> None:
    """A pixel that is listed twice is one, and their order does not matter."""
    data = {"correction": {"dead_pixels": ["5, 6", "3, 4", "3;4"]}}
    assert node_options(data).correction.dead_pixels == ((2, 3), (4, 5))


def test_kinds_of_areas() -> None:
    """Cells are compared, ignored parts are not measured, limits are those of the rest."""
    cell = AREA | {"key": "a", "name": "A", "kind": "cell"}
    ignored = AREA | {"key": "b", "name": "B", "kind": "ignore", "highest": 50}
    options = node_options({"areas": [AREA, cell, ignored]})
    assert options.cell_names == ["A"]
    assert [area.key for area in options.counted_areas] == ["plus", "a"]
    assert (options.compares, options.has_area_limit) == (True, False)
    assert [area.key for area in options.correction.areas] == ["b"]
    hot = node_options({"areas": [AREA | {"highest": 60}]})
    assert hot.has_area_limit


def test_what_cells_measure() -> None:
    """The text changes with places and corrections, and not with names or looks."""
    cell = AREA | {"kind": "cell"}

    def measured(**changes: Any) -> tuple[int, str]:
        return node_options({"areas": [cell | changes]}).measured_cells

    usual = measured()
    assert usual[0] == 1
    assert measured(name="Other") == usual
    assert measured(points=[[1, 1], [5, 5]]) != usual
    warmer = node_options({"areas": [cell], "correction": {"offset": 1}})
    assert warmer.measured_cells != usual


def test_corrected() -> None:
    """Without a known ambient temperature the surroundings are at room temperature."""
    options = node_options({"correction": {"emissivity": 0.8}})
    image = thermal_image(bank(40, 5))
    unknown = options.corrected(image, None)
    assert (unknown.values == options.corrected(image, ROOM).values).all()
    assert (unknown.values > image.values).all()
    assert not np.array_equal(unknown.values, options.corrected(image, 0).values)
