"""Tests of nodes and images as JSON."""

import json
from typing import Any

import numpy as np
import pytest

from custom_components.battery_thermal.api.serialisation import (
    area_as_dict,
    grid_as_dict,
    image_as_dict,
    look_as_dict,
)
from custom_components.battery_thermal.device.node_options import node_options
from custom_components.battery_thermal.model.thermal_image import ThermalImage
from custom_components.battery_thermal.model.updating_image import updating_image
from custom_components.battery_thermal.model.value_range import HIGHEST
from custom_components.battery_thermal.thermal.cells import CellGrid
from custom_components.battery_thermal.thermal.limits import Limits
from tests.battery_thermal.thermal.scenes import TIME, bank, images, thermal_image

AREA: dict[str, Any] = {
    "key": "plus",
    "name": "Plus",
    "kind": "terminal",
    "points": [[10, 4], [12, 6]],
    "highest": 60.0,
}


def as_json(image: ThermalImage, **data: Any) -> dict[str, Any]:
    """Return an image as a browser receives it, with the options in some data."""
    sent: dict[str, Any] = json.loads(
        json.dumps(image_as_dict(image, node_options(data)))
    )
    return sent


def test_image() -> None:
    """Values are °C with one decimal, where nothing has arrived there is None."""
    sent = as_json(images()["missing"])
    assert (len(sent["rows"]), sent["width"]) == (32, 24)
    assert [value is None for value in sent["rows"][0]] == [
        column in (3, 10, 11) for column in range(24)
    ]
    assert sent["missing_lines"] == [3, 10, 11]
    assert (sent["lines_received"], sent["lines_expected"]) == (21, 24)
    assert sent["started_at"] == sent["updated_at"] == TIME.timestamp()
    assert (sent["mode"], sent["closed"], sent["suspect"]) == ("slow", True, False)
    assert sent["maximum"] == max(value or 0 for row in sent["rows"] for value in row)
    assert not {"bound", "next", "extremes"} & sent.keys()


def test_row_without_values() -> None:
    """A row of which nothing has arrived is None as a whole."""
    turned = {"picture": {"rotation": "90"}}
    sent = as_json(images()["missing"], **turned)
    assert (len(sent["rows"]), sent["width"]) == (24, 32)
    assert [row is None for row in sent["rows"]].count(True) == 3


def test_over_range() -> None:
    """The places of pixels that are above the node's range are those of the picture."""
    celsius = bank(20, 0)
    celsius[5, 7] = (HIGHEST + 1) / 10
    image = thermal_image(celsius)
    assert as_json(image)["over"] == [[5, 7]]
    assert as_json(image)["over_range"]
    assert as_json(image, picture={"rotation": "180"})["over"] == [[31 - 5, 23 - 7]]


def test_lines_of_the_next_image() -> None:
    """The extremes are those of the image that has ended, until a line is hotter."""
    ended = thermal_image(bank(20, 5))
    started = thermal_image(bank(15, 0), missing=range(1, 24))
    sent = as_json(updating_image(ended, started))
    assert sent["next"] == {"lines_received": 1, "lines_expected": 24}
    row, column = (sent["extremes"]["hottest"][name] for name in ("row", "column"))
    assert sent["extremes"]["hottest"]["value"] == ended.maximum
    assert sent["rows"][row][column] == ended.maximum
    hotter = thermal_image(bank(40, 0), missing=range(2, 24))
    sent = as_json(updating_image(ended, hotter))
    assert sent["next"] == {"lines_received": 2, "lines_expected": 24}
    assert sent["extremes"]["hottest"]["value"] == hotter.maximum
    assert sent["extremes"]["coldest"]["value"] == ended.minimum


@pytest.mark.parametrize("kind", ["terminal", "ignore"])
def test_areas(kind: str) -> None:
    """Areas that count are measured; of pixels that do not count the extremes are not."""
    image = images()["hot_cell"]
    area = AREA | {"kind": kind, "points": [[16, 8], [24, 16]]}
    sent = as_json(image, areas=[area])
    if kind == "ignore":
        assert sent["areas"] == []
        return
    (measured,) = sent["areas"]
    hottest = float(image.values[16:24, 8:16].max()) / 10
    assert (measured["key"], measured["maximum"]) == ("plus", hottest)
    assert measured["complete"]
    assert "over_range" not in measured


def test_area_as_the_owner_has_set_it() -> None:
    """Points are lists, and what was not set is None."""
    (area,) = node_options({"areas": [AREA]}).areas
    unset = {"emissivity": None, "warning": None, "alarm": None}
    assert area_as_dict(area) == AREA | unset


def test_grid() -> None:
    """Margins are percents, keys are those of the areas, row by row."""
    assert grid_as_dict(CellGrid(0, 3)) is None
    assert grid_as_dict(CellGrid(2, 2, top=0.125)) == {
        "rows": 2,
        "columns": 2,
        "top": 12.5,
        "right": 0.0,
        "bottom": 0.0,
        "left": 0.0,
        "keys": ["0", "1", "2", "3"],
    }


def test_look() -> None:
    """The look has all that pictures depend on."""
    data = {
        "picture": {"palette": "ironbow", "rotation": "270", "show_cells": False},
        "correction": {"offset": 1.5, "dead_pixels": ["3, 4"]},
        "cells": {"rows": 2, "columns": 3},
    }
    look = look_as_dict(node_options(data), Limits())
    assert (look["palette"], look["quarters"], look["mirror"]) == ("ironbow", 3, False)
    assert (len(look["areas"]), look["areas_drawn"]) == (6, False)
    assert look["correction"] == [1.5, 0.95, ((2, 3),)]
    limits = Limits()
    assert look["imbalance"] == [limits.imbalance_warning, limits.imbalance_alarm]
    assert look["grid"]["keys"] == [str(number) for number in range(6)]


def test_values_are_exact() -> None:
    """Tenths of a degree arrive as they are, over the whole range of values."""
    celsius = np.linspace(-40, 300, 32 * 24).round(1).reshape(32, 24)
    assert as_json(thermal_image(celsius))["rows"] == celsius.tolist()
