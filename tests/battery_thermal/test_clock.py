"""Clocks that are wrong: the machine's is set while a node sends, or is hours from the network's."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from homeassistant.util import dt as dt_util
from simulator.the_things_stack import TheThingsStack

from .conftest import KEY
from .world import World

HOUR = timedelta(hours=1)


@pytest.fixture
def ahead(request: pytest.FixtureRequest) -> timedelta:
    """Return how far the clock here is ahead of the network's: as a test says, or not at all."""
    return getattr(request, "param", timedelta())


@pytest.fixture
async def stack(ahead: timedelta) -> AsyncIterator[TheThingsStack]:
    """Return a network server with a clock of its own."""
    async with TheThingsStack(clock=lambda: dt_util.utcnow() - ahead) as stack:
        stack.add_key(KEY)
        yield stack


apart = pytest.mark.parametrize(
    "ahead", [HOUR, -HOUR], ids=["fast", "slow"], indirect=True
)


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


@apart
async def test_image_under_way(world: World) -> None:
    """An image is over when its lines should have come, and not before."""
    await world.image()
    await world.step()
    await world.pass_time(60)
    assert not world.state("image", "thermal").attributes["closed"]
    await world.pass_time(41)
    assert world.state("image", "thermal").attributes["closed"]


@apart
@pytest.mark.parametrize(
    ("problem", "minutes"), [("silent", 15), ("image_too_old", 60)]
)
async def test_time_without(world: World, problem: str, minutes: int) -> None:
    """A node is silent after a quarter of an hour, an image too old after a whole one."""
    await world.image()
    await world.pass_time((minutes - 1) * 60)
    assert world.state("binary_sensor", problem).state == "off"
    await world.pass_time(62)
    assert world.state("binary_sensor", problem).state == "on"


@apart
async def test_settings(world: World) -> None:
    """What is set reaches the node, and is proven."""
    await world.image()
    await world.call("number", "threshold", "set_value", value=66)
    await world.pass_time(6)
    await world.step(8)
    assert world.node.threshold == 66
    await world.step(8)
    assert world.state("number", "threshold").state == "66"
    assert world.state("binary_sensor", "pending").state == "off"
