"""Tests of an image with its circumstances, which cannot be changed."""

from dataclasses import FrozenInstanceError

import pytest

from custom_components.battery_thermal.model.archived_image import ArchivedImage
from tests.battery_thermal.thermal.scenes import bank, thermal_image


def test_cannot_be_changed() -> None:
    """The archive, corrections and exports share the object."""
    archived = ArchivedImage(
        thermal_image(bank(20, 30)), ambient=21, fan=None, threshold=50
    )
    with pytest.raises(FrozenInstanceError):
        archived.ambient = 22  # type: ignore[misc]
