"""Tests of the thermal image."""

from dataclasses import replace
import json

import numpy as np

from custom_components.battery_thermal.model.thermal_image import ThermalImage
from tests.battery_thermal.thermal.scenes import bank, images, thermal_image


def test_only_what_has_arrived_counts() -> None:
    """Pixels of lost lines do not count."""
    celsius = np.full((32, 24), 20.0)
    celsius[:, 3] = 80.0
    celsius[:, 4] = 10.0
    celsius[0, 0] = 44.0
    image = thermal_image(celsius, missing=(3, 4))
    assert (image.maximum, image.minimum) == (44.0, 20.0)
    assert image.mean == 20 + 24 / (32 * 22)
    assert (image.lines_received, image.complete) == (22, False)


def test_extremes_of_the_node_count() -> None:
    """The node's extremes are those of the whole image, also if lines were lost."""
    whole = thermal_image(bank(24, 30))
    data = whole.as_dict() | {"node_minimum": -50, "node_maximum": 700}
    image = ThermalImage.from_dict(data)
    assert (image.maximum, image.minimum) == (70.0, -5.0)
    assert image.mean == whole.mean


def test_what_images_are_compared_by() -> None:
    """A value that has wrapped is hotter than any that has not."""
    celsius = np.full((32, 24), 25.0)
    celsius[4, 5] = 60.0
    hot = thermal_image(celsius, missing=(23,))
    celsius[4, 5] = -30.0
    hidden = replace(thermal_image(celsius, missing=(23,)), suspect=True)
    assert hidden.maximum < hot.maximum
    assert hidden.hotness > hot.hotness


def test_extremes_that_are_known() -> None:
    """All lines are there, or the node has said them of what is not ignored."""
    whole, part = (thermal_image(bank(24, 30), missing=lost) for lost in ((), (3,)))
    assert whole.knows_extremes and not part.knows_extremes
    said = replace(part, node_minimum=200, node_maximum=700)
    assert said.knows_extremes
    ignored = np.zeros((32, 24), np.bool_)
    ignored[:4] = True
    values = said.values.copy()
    values[0, 0] = 700
    assert not replace(said, values=values, ignored=ignored).knows_extremes


def test_images_survive_json() -> None:
    """An image with missing pixels is stored as JSON and restored."""
    for image in images().values():
        again = ThermalImage.from_dict(json.loads(json.dumps(image.as_dict())))
        assert again.as_dict() == image.as_dict()
        assert (again.values == image.values).all()
        assert again.values.dtype == np.int16
        assert (again.present == image.present).all()
        assert again.present.dtype == np.bool_


def test_bound_survives_json() -> None:
    """Images of an earlier release have no bound."""
    exact = thermal_image(bank(24, 30))
    assert "bound" not in exact.as_dict()
    image = ThermalImage.from_dict(exact.as_dict() | {"bound": 2})
    assert (image.bound, image.as_dict()["bound"]) == (2, 2)
