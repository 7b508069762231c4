"""Scripts for nodes."""

from tests.battery_thermal.world import World
from tests.blueprints.common import use_blueprint
from tests.blueprints.phone import Phone


async def run(world: World, script: str, **variables: object) -> None:
    """Start a script, as a button on a dashboard does."""
    await world.hass.services.async_call(
        "script",
        "turn_on",
        {"entity_id": script, "variables": variables},
        blocking=True,
    )
    await world.hass.async_block_till_done()


async def test_fast_for_a_while(world: World) -> None:
    """Fast, then back; started again, the minutes begin anew."""
    await world.image()
    script = await use_blueprint(
        world.hass,
        "script/battery_thermal/fast_for_a_while.yaml",
        node_mode=world.entity_id("select", "mode"),
    )
    await run(world, script)
    assert world.record.wanted.mode == "fast"
    await world.pass_time(29 * 60)
    await run(world, script, minutes=10)
    await world.pass_time(9 * 60)
    assert world.record.wanted.mode == "fast"
    await world.pass_time(61)
    # Silent for so long, it is asked as soon as it speaks again.
    assert world.state("select", "mode").state == "unavailable"
    assert world.record.wanted.mode == "fast"
    await world.image()
    assert world.record.wanted.mode == "slow"


async def test_test_notification(world: World, phone: Phone) -> None:
    """As an alarm would look."""
    await world.image()
    script = await use_blueprint(
        world.hass,
        "script/battery_thermal/test_notification.yaml",
        picture=world.entity_id("image", "thermal"),
        phone=phone.device_id,
    )
    await run(world, script)
    assert phone.screen["message"] == "An alarm of the battery looks like this."
    assert phone.screen["data"]["channel"] == "Battery"
    await run(world, script, critical=True)
    assert phone.screen["data"]["push"]["sound"]["critical"] == 1
