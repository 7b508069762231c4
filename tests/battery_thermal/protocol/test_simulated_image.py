"""Tests of images of simulated uplinks."""

from datetime import timedelta
from random import Random

import pytest

from custom_components.battery_thermal.protocol.layout import Layout
from custom_components.battery_thermal.protocol.simulated_image import SimulatedImage
from custom_components.battery_thermal.protocol.uplink import UplinkError
from simulator.node import Mode
from tests.battery_thermal.uplinks import START, node_uplinks

# The node's first message is that of its reset.
LINES = [uplink.payload for uplink in node_uplinks(27, mode=Mode.SLOW)]


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("seed", range(3))
def test_lines_in_the_order_in_which_they_come(first: int, seed: int) -> None:
    """An image begins with a reset, or with the first line, however long a click takes."""
    random = Random(seed)
    simulated = SimulatedImage(Layout.SLOW_24)
    now = START
    times = []
    for number, payload in enumerate(LINES[first:], first):
        now += timedelta(seconds=random.choice((2, 10, 60, 300)))
        simulated.receive(payload, now)
        times.append(now)
        if number in (1, 13, 24):
            assert simulated.image
            assert simulated.image.lines_received == number
            assert simulated.image.started_at == times[1 - first]
            assert simulated.image.updated_at == now
    assert simulated.image
    assert simulated.image.lines_received == 2
    assert simulated.image.started_at == times[-2]


def test_no_message_of_a_node() -> None:
    """What no node sends is an error, and changes nothing."""
    simulated = SimulatedImage(Layout.SLOW_24)
    with pytest.raises(UplinkError):
        simulated.receive(bytes(5), START)
    assert simulated.image is None
