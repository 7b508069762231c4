"""Tests of alarms and of their limits."""

from homeassistant.const import STATE_UNKNOWN

from .test_init import restart
from .world import World


async def threshold(world: World, celsius: int) -> None:
    """Set the threshold and wait until it is proven."""
    await world.image()
    await world.call("number", "threshold", "set_value", value=celsius)
    await world.pass_time(6)
    await world.image()
    await world.image()
    assert world.record.threshold == celsius


async def test_over_threshold(world: World) -> None:
    """The alarm is raised over the threshold, and ends a little below it."""
    assert world.state("binary_sensor", "over_threshold").state == STATE_UNKNOWN
    await threshold(world, 50)
    assert world.state("binary_sensor", "over_threshold").state == "off"

    world.model.heat((1, 1), 60)
    await world.image()
    assert world.state("binary_sensor", "over_threshold").state == "on"

    world.model.heat((1, 1), 0)
    await world.image()
    assert world.state("binary_sensor", "over_threshold").state == "off"


async def test_over_a_threshold_that_is_forgotten(world: World) -> None:
    """After a restart of the node its threshold is unknown until it is proven."""
    await threshold(world, 60)
    world.model.heat((1, 1), 70)
    await world.image()
    assert world.state("binary_sensor", "over_threshold").state == "on"

    world.node.restart()
    await world.step()
    assert world.state("number", "threshold").state == STATE_UNKNOWN
    assert world.state("binary_sensor", "over_threshold").state == STATE_UNKNOWN

    await world.image()
    await world.image()
    assert world.state("number", "threshold").state == "60"
    assert world.state("binary_sensor", "over_threshold").state == "on"


async def test_for_so_many_images(all_entities: None, world: World) -> None:
    """The number of images before an alarm is an option; a restart keeps the count."""
    await world.configure(cells={"rows": 4, "columns": 3})
    await world.call("number", "alarm_images", "set_value", value=3)
    await world.call("number", "imbalance_warning_limit", "set_value", value=15)
    world.model.heat((0, 0), 12)
    await world.image()
    world.model.heat((0, 0), 30)
    for _ in range(2):
        await world.image()
        assert world.state("binary_sensor", "imbalance_warning").state == "off"
    connections = world.connections
    await restart(world)
    await world.reconnected(connections)
    assert world.state("number", "alarm_images").state == "3.0"
    assert world.state("sensor", "hottest_cell").state == "A1"
    assert world.state("binary_sensor", "imbalance_warning").state == "off"
    await world.image()
    assert world.state("binary_sensor", "imbalance_warning").state == "on"
    assert world.state("binary_sensor", "imbalance_alarm").state == "on"
    connections = world.connections
    await restart(world)
    await world.reconnected(connections)
    assert world.state("binary_sensor", "imbalance_warning").state == "on"


async def test_fast_rise(world: World) -> None:
    """A fast rise needs two consecutive images of one mode."""
    await world.image()
    assert world.state("sensor", "rise").state == STATE_UNKNOWN
    assert world.state("binary_sensor", "rise_warning").state == STATE_UNKNOWN
    await world.image()
    assert abs(float(world.state("sensor", "rise").state)) < 0.6
    assert world.state("binary_sensor", "rise_warning").state == "off"

    world.model.heat((1, 1), 30)
    await world.image()
    assert float(world.state("sensor", "rise").state) > 5
    assert world.state("binary_sensor", "rise_warning").state == "on"
    assert world.state("binary_sensor", "rise_alarm").state == "on"

    await world.image()
    assert world.state("binary_sensor", "rise_alarm").state == "off"
    await world.pass_time(3600)
    await world.image()
    assert world.state("sensor", "rise").state == STATE_UNKNOWN


async def test_image_too_old(world: World) -> None:
    """The alarm lasts from the moment an image is too old until the next one."""
    assert world.state("binary_sensor", "image_too_old").state == STATE_UNKNOWN
    await world.image()
    assert world.state("binary_sensor", "image_too_old").state == "off"
    await world.pass_time(59 * 60)
    assert world.state("binary_sensor", "image_too_old").state == "off"
    await world.pass_time(61)
    assert world.state("binary_sensor", "image_too_old").state == "on"

    await world.call("number", "image_age_limit", "set_value", value=90)
    assert world.state("binary_sensor", "image_too_old").state == "off"
    await world.call("number", "image_age_limit", "set_value", value=30)
    assert world.state("binary_sensor", "image_too_old").state == "on"
    await world.image()
    assert world.state("binary_sensor", "image_too_old").state == "off"
