"""Tests of the scripts for nodes."""

from tests.battery_thermal.world import World
from tests.blueprints.common import use_blueprint
from tests.blueprints.phone import Phone


async def run(world: World, script: str, **variables: object) -> None:
    """Start a script, like a button on a dashboard."""
    await world.hass.services.async_call(
        "script",
        "turn_on",
        {"entity_id": script, "variables": variables},
        blocking=True,
    )
    await world.hass.async_block_till_done()


def wanted_mode(world: World) -> str:
    """Return the mode that was requested last."""
    wanted = world.record.delivery.wanted
    assert wanted
    return wanted.mode


async def test_fast_for_a_while(world: World) -> None:
    """The node is set to fast mode, then back; a second start begins the time again."""
    await world.image()
    script = await use_blueprint(
        world.hass,
        "script/battery_thermal/fast_for_a_while.yaml",
        node_mode=world.entity_id("select", "mode"),
    )
    await run(world, script)
    assert wanted_mode(world) == "fast"
    await world.pass_time(29 * 60)
    await run(world, script, minutes=10)
    await world.pass_time(9 * 60)
    assert wanted_mode(world) == "fast"
    await world.pass_time(61)
    # The node was silent for so long that the settings are sent after its next message.
    assert world.state("select", "mode").state == "unavailable"
    assert wanted_mode(world) == "fast"
    await world.image()
    assert wanted_mode(world) == "slow"


async def test_test_notification(world: World, phone: Phone) -> None:
    """The test notification looks like that of an alarm."""
    await world.image()
    script = await use_blueprint(
        world.hass,
        "script/battery_thermal/test_notification.yaml",
        picture=world.entity_id("image", "thermal"),
        phone=phone.device_id,
    )
    await run(world, script)
    assert phone.notification["message"] == "An alarm of the battery looks like this."
    assert phone.notification["data"]["channel"] == "Battery"
    await run(world, script, critical=True)
    assert phone.notification["data"]["push"]["sound"]["critical"] == 1
