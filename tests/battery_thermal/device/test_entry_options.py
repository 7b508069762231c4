"""Tests of the fair use of a node, by the format of its messages."""

import pytest

from custom_components.battery_thermal.device.entry_options import images_a_day
from custom_components.battery_thermal.lorawan.the_things_stack.server_type import (
    FAIR_USE,
)
from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.protocol.layout import Layout


@pytest.mark.parametrize(
    ("mode", "spreading_factor", "images"),
    [
        (Mode.SLOW, 7, 81),
        (Mode.SLOW, 9, 44),
        (Mode.SLOW, 10, 10),
        (Mode.FAST, 10, 42),
        (Mode.SLOW, 12, 2),
    ],
)
def test_compact_pictures_a_day(mode: Mode, spreading_factor: int, images: int) -> None:
    """The number of pictures is that of messages of the largest length."""
    assert images_a_day(FAIR_USE, Layout.COMPACT, mode, spreading_factor) == images
