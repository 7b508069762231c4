"""The clock here and the network's are hours apart: each time is compared with times of the same clock."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from homeassistant.util import dt as dt_util
from simulator.the_things_stack import TheThingsStack

from .conftest import KEY
from .world import World

HOUR = timedelta(hours=1)


@pytest.fixture(params=[HOUR, -HOUR], ids=["fast", "slow"])
async def stack(request: pytest.FixtureRequest) -> AsyncIterator[TheThingsStack]:
    """Return a network server whose clock is an hour slow or fast, as seen from here."""
    clock = TheThingsStack(clock=lambda: dt_util.utcnow() - request.param)
    async with clock as stack:
        stack.add_key(KEY)
        yield stack


async def test_image_under_way(world: World) -> None:
    """An image is over when its lines should have come, and not before."""
    await world.image()
    await world.step()
    await world.pass_time(60)
    assert not world.state("image", "thermal").attributes["closed"]
    await world.pass_time(41)
    assert world.state("image", "thermal").attributes["closed"]


async def test_silence(world: World) -> None:
    """A node is silent when it has not been heard for a quarter of an hour."""
    await world.image()
    await world.pass_time(14 * 60)
    assert world.state("binary_sensor", "silent").state == "off"
    await world.pass_time(62)
    assert world.state("binary_sensor", "silent").state == "on"


async def test_age_of_the_image(world: World) -> None:
    """An image is too old an hour after it ended."""
    await world.image()
    await world.pass_time(59 * 60)
    assert world.state("binary_sensor", "image_too_old").state == "off"
    await world.pass_time(62)
    assert world.state("binary_sensor", "image_too_old").state == "on"
