"""Tests of random disturbances."""

from random import Random

import aiohttp
import pytest

from simulator.the_things_stack import HttpFault, TheThingsStack
from simulator.the_things_stack.disturbances import disturb, disturbances


async def test_everything_can_happen_and_passes(stack: TheThingsStack) -> None:
    """After a thousand disturbances the node's uplinks still arrive."""
    device = stack.add_device("bank-1", frame_counter_check=False)
    await device.join()
    random = Random(1)
    happened = {disturb(stack, random) for _ in range(1000)}
    assert happened == disturbances(stack, random).keys()
    await device.uplink(1, 0, b"\x00")
    url = (
        f"http://127.0.0.1:{stack.http_port}"
        "/api/v3/as/applications/batteries/devices/bank-1/down"
    )
    stack.faults.http.clear()
    stack.faults.http.append(HttpFault(418))
    async with aiohttp.ClientSession() as http:
        async with http.get(url) as answer:
            assert answer.status == 418
        async with http.get(url) as answer:
            assert answer.status == 401


async def test_refusals_end_with_the_next_mishap(stack: TheThingsStack) -> None:
    """A refusal ends with the next disturbance."""
    stack.add_device("bank-1")
    stack.faults.connack = 3
    random = Random(0)
    while disturb(stack, random) == "rate limited":
        pass
    assert stack.faults.connack is None


async def test_needs_a_device(stack: TheThingsStack) -> None:
    """Without a device IndexError is raised."""
    with pytest.raises(IndexError):
        disturb(stack, Random())
