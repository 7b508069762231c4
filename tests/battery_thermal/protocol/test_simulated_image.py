"""Tests of images of simulated uplinks."""

from datetime import timedelta

import pytest

from custom_components.battery_thermal.protocol.layout import Layout
from custom_components.battery_thermal.protocol.simulated_image import SimulatedImage
from custom_components.battery_thermal.protocol.uplink import UplinkError
from simulator.node import Mode
from tests.battery_thermal.uplinks import START, node_uplinks

# The node's first message is that of its reset.
LINES = [uplink.payload for uplink in node_uplinks(4, mode=Mode.SLOW)]


@pytest.mark.parametrize("payloads", [LINES, LINES[1:]])
def test_lines_in_the_order_in_which_they_come(payloads: list[bytes]) -> None:
    """An image begins with a reset, or with the first line."""
    simulated = SimulatedImage(Layout.SLOW_24)
    for number, payload in enumerate(payloads):
        simulated.receive(payload, START + timedelta(seconds=number))
    assert simulated.image
    assert simulated.image.lines_received == 3
    assert 0 not in simulated.image.missing_lines


def test_no_message_of_a_node() -> None:
    """What no node sends is an error, and changes nothing."""
    simulated = SimulatedImage(Layout.SLOW_24)
    with pytest.raises(UplinkError):
        simulated.receive(bytes(5), START)
    assert simulated.image is None
