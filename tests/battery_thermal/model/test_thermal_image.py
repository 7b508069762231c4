"""Tests of the thermal image."""

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
