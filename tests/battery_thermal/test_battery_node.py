"""From uplinks to entities, and from entities to the node."""

import pytest

from homeassistant.const import STATE_UNKNOWN

from .world import World


async def test_before_anything(world: World) -> None:
    """What is not known is unknown, and the picture says so."""
    for key in ("ambient", "maximum", "minimum"):
        assert world.state("sensor", key).state == STATE_UNKNOWN
    assert world.state("fan", "fan").state == STATE_UNKNOWN
    assert world.state("image", "thermal").state == STATE_UNKNOWN
    assert world.state("number", "threshold").state == STATE_UNKNOWN
    assert world.state("select", "mode").state == STATE_UNKNOWN


async def test_image_to_entities(world: World) -> None:
    """What the node measured is what the entities say, to a tenth of a degree."""
    image = await world.image()

    maximum = float(world.state("sensor", "maximum").state)
    assert maximum == pytest.approx(image.maximum / 10)
    minimum = float(world.state("sensor", "minimum").state)
    assert minimum == pytest.approx(image.minimum / 10)
    ambient = world.model.ambient(world.node.time)
    assert int(world.state("sensor", "ambient").state) == ambient
    assert world.state("fan", "fan").state == "off"
    assert world.state("select", "mode").state == "fast"


async def test_fan_that_runs_by_itself(world: World) -> None:
    """Over the threshold the node starts its fan, asked or not."""
    world.model.heat((1, 1), 60)
    await world.image()
    await world.image()

    fan = world.state("fan", "fan")
    assert fan.state == "on"
    assert fan.attributes["asked"] is None


async def test_settings_to_node(world: World) -> None:
    """Changes close together become one downlink, and the node does what it says."""
    await world.image()
    await world.call("select", "mode", "select_option", option="slow")
    await world.pass_time(3)
    await world.call("number", "threshold", "set_value", value=-10)
    await world.call("fan", "fan", "turn_on")
    assert world.state("fan", "fan").attributes["asked"] is True
    assert world.state("number", "threshold").attributes["wanted"] == -10
    assert world.state("select", "mode").attributes["wanted"] == "slow"
    await world.pass_time(4)
    assert not world.device.queue
    await world.pass_time(2)
    (queued,) = world.device.queue
    assert (queued.f_port, queued.payload.hex()) == (1, "eff6")
    assert world.state("number", "threshold").state == STATE_UNKNOWN

    await world.step(2)

    (downlink,) = world.device.downlinks
    assert downlink.payload.hex() == "eff6"
    assert world.node.mode == "slow"
    assert world.state("number", "threshold").state == "-10"
    assert world.state("select", "mode").state == "slow"
    assert world.state("fan", "fan").state == "on"

    await world.call("fan", "fan", "turn_off")
    await world.call("number", "threshold", "set_value", value=50)
    await world.call("select", "mode", "select_option", option="fast")
    await world.pass_time(6)
    await world.step(2)
    assert world.device.downlinks[-1].payload.hex() == "d032"
    assert world.state("select", "mode").state == "fast"
    assert world.state("fan", "fan").state == "off"
