"""Tests of wrong clocks: set while a node sends, or hours apart from the network's."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from homeassistant.util import dt as dt_util
from simulator.the_things_stack import HttpFault, TheThingsStack
from tests.battery_thermal.common import KEY, until
from tests.battery_thermal.world import World
from tests.clocks import jumps, set_clock

HOUR = timedelta(hours=1)


@pytest.fixture
def ahead(request: pytest.FixtureRequest) -> timedelta:
    """Return how far the local clock is ahead of the network's; zero unless a test sets it."""
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
    """Images are correct, and settings reach the node."""
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
    """An image ends when its lines should have arrived, and not before."""
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
    """A node is silent after a quarter of an hour, an image too old after an hour."""
    await world.image()
    await world.pass_time((minutes - 1) * 60)
    assert world.state("binary_sensor", problem).state == "off"
    await world.pass_time(62)
    assert world.state("binary_sensor", problem).state == "on"


@apart
async def test_settings(world: World) -> None:
    """Settings reach the node and are proven."""
    await world.image()
    await world.call("number", "threshold", "set_value", value=66)
    await world.pass_time(6)
    await world.step(8)
    assert world.node.threshold == 66
    await world.step(8)
    assert world.state("number", "threshold").state == "66"
    assert world.state("binary_sensor", "pending").state == "off"


@jumps
async def test_set_while_an_image_is_under_way(world: World, jump: int) -> None:
    """The end of an image does not depend on the clock."""
    await world.image()
    await world.step()
    await world.pass_time(30)
    set_clock(world.hass, world.freezer, jump)
    world.battery_node.async_set_alarm_limits()
    await world.pass_time(30)
    assert not world.state("image", "thermal").attributes["closed"]
    await world.pass_time(41)
    assert world.state("image", "thermal").attributes["closed"]


@jumps
async def test_set_while_the_server_is_not_ready(world: World, jump: int) -> None:
    """Settings are sent at the time that the network server asked for."""
    await world.image()
    world.stack.faults.http.append(HttpFault(429, retry_after=600))
    await world.call("number", "threshold", "set_value", value=66)
    await world.pass_time(6)
    await until(lambda: world.record.delivery.error)
    await world.call("number", "threshold", "set_value", value=67)
    set_clock(world.hass, world.freezer, jump)
    await world.pass_time(500)
    await world.step()
    assert not world.device.queue
    await world.pass_time(120)
    await until(lambda: world.device.queue)


@jumps
@pytest.mark.parametrize(
    ("problem", "minutes"), [("silent", 15), ("image_too_old", 60)]
)
async def test_set_while_the_node_is_silent(
    world: World, problem: str, minutes: int, jump: int
) -> None:
    """Silence and age of an image do not depend on the clock."""
    await world.image()
    await world.pass_time(60)
    set_clock(world.hass, world.freezer, jump)
    # As after another message of the network server, or a changed option.
    world.battery_node.async_set_alarm_limits()
    await world.pass_time((minutes - 2) * 60)
    assert world.state("binary_sensor", problem).state == "off"
    await world.pass_time(62)
    assert world.state("binary_sensor", problem).state == "on"
