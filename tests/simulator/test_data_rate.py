"""Tests of the largest payload at each data rate."""

from datetime import UTC, datetime
import json
from random import Random

import pytest

from simulator.data_rate import TooLongError
from simulator.node import BatteryNode, Layout, LossyRadio, Numbering
from simulator.the_things_stack import QueuedDownlink, TheThingsStackDevice
from simulator.thermal_model import ThermalModel

SLOW = bytes((0xC0, 50))


type Heard = list[tuple[int, int]]


@pytest.fixture
def heard() -> Heard:
    """Return port and counter of the next published uplink."""
    return []


@pytest.fixture
async def device(heard: Heard) -> TheThingsStackDevice:
    """Return a device that has joined."""

    def publish(event: str, message: bytes) -> None:
        if event == "up":
            uplink = json.loads(message)["uplink_message"]
            heard.append((uplink["f_port"], uplink.get("f_cnt", 0)))

    device = TheThingsStackDevice(
        "bank-1",
        "batteries",
        publish=publish,
        clock=lambda: datetime.now(UTC),
        random=Random(1),
        frame_counter_check=False,
    )
    await device.join()
    return device


@pytest.mark.parametrize(
    ("spreading_factor", "longest"),
    [(7, 222), (8, 222), (9, 115), (10, 51), (11, 51), (12, 51)],
)
async def test_longest(
    device: TheThingsStackDevice, heard: Heard, spreading_factor: int, longest: int
) -> None:
    """A payload that is one byte too long is neither sent nor published, and opens no window."""
    device.spreading_factor = spreading_factor
    device.push([QueuedDownlink(1, SLOW)])
    with pytest.raises(TooLongError):
        await device.uplink(1, 0, bytes(longest + 1))
    assert (device.refused, heard, len(device.queue)) == (1, [], 1)
    assert device.last_f_cnt is None
    assert await device.uplink(1, 0, bytes(longest)) is not None
    assert (device.refused, heard) == (1, [(1, 0)])


@pytest.mark.parametrize("lossy", [False, True])
@pytest.mark.parametrize(
    ("layout", "numbering", "expected"),
    [
        (Layout.SLOW_24, Numbering.COUNTER, [(1, line) for line in range(23)] * 2),
        (
            Layout.SLOW_24,
            Numbering.PORT,
            [(1 + count % 23, 1 + count) for count in range(46)],
        ),
        # A frame that was not sent uses no counter.
        (
            Layout.SLOW_24,
            Numbering.RUNNING,
            [(1, 1 + count) for count in range(46)],
        ),
        (
            Layout.SLOW_32,
            Numbering.RUNNING,
            [(1, 1 + count) for count in range(64)],
        ),
    ],
)
async def test_node_at_sf12(
    device: TheThingsStackDevice,
    heard: Heard,
    *,
    layout: Layout,
    numbering: Numbering,
    expected: Heard,
    lossy: bool,
) -> None:
    """At SF12 the last of 24 lines is never sent; all of 32 lines are."""
    device.spreading_factor = 12
    radio = LossyRadio(device) if lossy else device
    node = BatteryNode(ThermalModel(1), radio, layout=layout, numbering=numbering)
    device.push([QueuedDownlink(1, SLOW)])
    await node.step()
    for _ in range(2):
        await node.send_image()
    assert heard[1:] == expected
    assert device.refused == (2 if layout is Layout.SLOW_24 else 0)
