"""Tests of the lossy radio."""

from itertools import pairwise

import pytest

from simulator.node import BatteryNode, LossyRadio, Numbering
from simulator.the_things_stack import (
    QueuedDownlink,
    TheThingsStack,
    TheThingsStackDevice,
)
from simulator.thermal_model import ThermalModel


@pytest.fixture
async def device() -> TheThingsStackDevice:
    """Return a device of a stand-in that is not running."""
    device = TheThingsStack().add_device(
        "bank-1", frame_counter_check=False, storage=True
    )
    await device.join()
    return device


async def losses(radio: LossyRadio, uplinks: int = 20_000) -> list[bool]:
    """Return which of `count` uplinks were lost."""
    lost = []
    for f_cnt in range(uplinks):
        before = radio.lost
        await radio.uplink(1, f_cnt % 65536, b"\x00")
        lost.append(radio.lost > before)
    return lost


@pytest.mark.parametrize("burst", [1, 4])
async def test_loss_and_bursts(device: TheThingsStackDevice, burst: float) -> None:
    """The share of lost frames and the mean length of a burst are as configured."""
    device.storage = False
    lost = await losses(LossyRadio(device, loss=0.1, burst=burst))
    starts = sum(now and not before for before, now in pairwise(lost))
    assert sum(lost) / len(lost) == pytest.approx(0.1, rel=0.1)
    expected = burst if burst > 1 else 1 / 0.9
    assert sum(lost) / starts == pytest.approx(expected, rel=0.1)


async def test_without_spoiling_everything_arrives(
    device: TheThingsStackDevice,
) -> None:
    """Without losses everything arrives once and in order, with its downlinks."""
    radio = LossyRadio(device)
    device.push([QueuedDownlink(1, b"\xd0\x32")])
    received = await radio.uplink(1, 0, b"\x00")
    assert received is not None and received.payload == b"\xd0\x32"
    await radio.uplink(1, 1, b"\x00")
    assert radio.lost == 0 and len(device.stored) == 2


async def test_downlink_lost_although_sent(device: TheThingsStackDevice) -> None:
    """The network does not learn that a downlink was lost."""
    radio = LossyRadio(device, downlink_loss=1)
    device.push([QueuedDownlink(1, b"\xd0\x32")])
    assert await radio.uplink(1, 0, b"\x00") is None
    assert len(device.downlinks) == 1


@pytest.mark.parametrize(("loss", "burst"), [(-0.1, 1), (1, 1), (0.1, 0.5), (0.9, 2)])
async def test_impossible_channels(
    device: TheThingsStackDevice, loss: float, burst: float
) -> None:
    """A loss of 0.9 with a mean burst of 2 is impossible and refused."""
    with pytest.raises(ValueError):
        LossyRadio(device, loss=loss, burst=burst)


async def test_node_over_a_lossy_radio(device: TheThingsStackDevice) -> None:
    """The same seed loses the same lines."""
    runs = []
    for _ in range(2):
        radio = LossyRadio(device, loss=0.2, seed=3)
        node = BatteryNode(
            ThermalModel(1), radio, numbering=Numbering.RUNNING, interval=25
        )
        for _ in range(10):
            await node.send_image()
        runs.append(radio.lost)
        assert all(image.complete for image in node.images)
    assert runs[0] == runs[1] > 0
