"""Tests of the scripts for nodes."""

from homeassistant.helpers import entity_registry as er
from tests.battery_thermal.world import World
from tests.blueprints.common import rename_entities, use_blueprint
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
        node=world.registered_device.id,
    )
    await run(world, script)
    assert wanted_mode(world) == "fast"
    await world.pass_time(29 * 60)
    await run(world, script, minutes=10)
    await rename_entities(world.hass, world.registered_device.id)
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
        node=world.registered_device.id,
        phone=phone.device_id,
    )
    await rename_entities(world.hass, world.registered_device.id)
    await run(world, script)
    assert phone.notification["data"]["image"].endswith("_renamed")
    assert phone.notification["message"] == "An alarm of the battery looks like this."
    assert phone.notification["data"]["channel"] == "Battery"
    await run(world, script, critical=True)
    assert phone.notification["data"]["push"]["sound"]["critical"] == 1
    er.async_get(world.hass).async_update_entity(
        world.entity_id("image", "thermal"), disabled_by=er.RegistryEntryDisabler.USER
    )
    await world.hass.async_block_till_done()
    await run(world, script)
    assert "image" not in phone.notification["data"]
