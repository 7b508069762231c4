"""The clock of the machine is set, forward or back, while a node sends."""

import pytest

from .world import World


@pytest.mark.parametrize("days", [400, -400])
async def test_clock_is_set(world: World, days: int) -> None:
    """Images go on, are right, and settings still reach the node."""
    await world.image()
    await world.pass_time(days * 86_400)
    for _ in range(3):
        sent = await world.image()
    assert world.state("sensor", "maximum").state == str(sent.maximum / 10)
    await world.call("number", "threshold", "set_value", value=66)
    await world.pass_time(6)
    await world.step(8)
    assert world.node.threshold == 66
