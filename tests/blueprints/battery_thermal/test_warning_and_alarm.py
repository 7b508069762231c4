"""Cell imbalance and fast rise: told first, then critical."""

from typing import Any

from homeassistant.helpers import entity_registry as er
from tests.battery_thermal.world import World
from tests.blueprints.common import settle, use_blueprint
from tests.blueprints.phone import Phone

PATH = "automation/battery_thermal/warning_and_alarm.yaml"


async def watch(
    world: World, phone: Phone, kind: str, *values: str, **inputs: Any
) -> None:
    """Use the blueprint for `imbalance` or `rise`."""
    await use_blueprint(
        world.hass,
        PATH,
        warning=world.entity_id("binary_sensor", f"{kind}_warning"),
        alarm=world.entity_id("binary_sensor", f"{kind}_alarm"),
        values=[world.entity_id("sensor", key) for key in values],
        phone=phone.device_id,
        **inputs,
    )


async def heat(world: World, kelvin: float) -> None:
    """Let a cell be hotter for one image more."""
    world.model.heat((0, 0), kelvin)
    await world.image()
    await world.pass_time(2)


async def cells(world: World) -> None:
    """Let the owner say where the cells are, and find differences by K."""
    await world.configure(cells={"rows": 4, "columns": 3})
    await world.call("number", "imbalance_warning_limit", "set_value", value=15)
    await world.call("number", "imbalance_alarm_limit", "set_value", value=30)


async def test_imbalance(world: World, phone: Phone) -> None:
    """A warning is told, an alarm is critical; both as they are, where they are."""
    await cells(world)
    await watch(world, phone, "imbalance", "hottest_cell")
    await heat(world, 0)
    assert not phone.received

    await heat(world, 25)
    assert phone.screen["title"] == "Garage: Cell imbalance warning"
    assert phone.screen["message"] == "Hottest cell: A1"
    assert "push" not in phone.screen["data"]
    assert phone.screen["data"]["image"].startswith("/api/image_proxy/image.")

    await heat(world, 60)
    assert phone.screen["title"] == "Alarm: Garage, Cell imbalance alarm"
    assert phone.screen["data"]["push"]["sound"]["critical"] == 1
    assert phone.screen["data"]["channel"] == "alarm_stream"
    assert phone.loud == 2

    await heat(world, 25)
    assert phone.screen["title"] == "Garage: Cell imbalance warning"
    await heat(world, 0)
    assert phone.screen["title"] == "Garage: Cell imbalance warning is over"
    assert phone.loud == 2
    assert len(phone.received) == 4


async def test_both_at_once(world: World, phone: Phone) -> None:
    """An image that raises warning and alarm is told once; taken away if wanted."""
    await cells(world)
    await watch(world, phone, "imbalance", when_over="clear", critical=False)
    await heat(world, 0)
    await heat(world, 60)
    assert len(phone.received) == 1
    assert phone.screen["data"]["channel"] == "Battery"
    await heat(world, 0)
    assert phone.screen is None


async def test_comes_and_goes(world: World, phone: Phone) -> None:
    """Sounds once in a while only, and is shown every time."""
    await watch(world, phone, "rise", "rise", quiet_time={"minutes": 30})
    for kelvin in (0, 0, 60, 60, 120, 120):
        await heat(world, kelvin)
    assert [notification["title"] for notification in phone.received] == [
        "Alarm: Garage, Fast rise alarm",
        "Garage: Fast rise alarm is over",
        "Alarm: Garage, Fast rise alarm",
        "Garage: Fast rise alarm is over",
    ]
    assert phone.loud == 1
    assert phone.received[0]["message"].startswith("Rate of rise: ")
    assert phone.received[0]["message"].endswith(" K/min")

    await world.pass_time(1800)
    await heat(world, 0)
    await heat(world, 0)
    await heat(world, 60)
    assert phone.loud == 2


async def test_out_of_reach(world: World, phone: Phone) -> None:
    """A node that falls silent is not in order for that, and is no second alarm."""
    await cells(world)
    await watch(world, phone, "imbalance")
    await heat(world, 60)
    await world.pass_time(3600)
    assert world.state("binary_sensor", "imbalance_alarm").state == "unavailable"
    await heat(world, 60)
    assert len(phone.received) == 1


async def test_after_a_restart(world: World, phone: Phone) -> None:
    """What still holds when the automation was saved anew is told, and only that."""
    await cells(world)
    await heat(world, 0)
    await watch(world, phone, "imbalance")
    world.hass.bus.async_fire("automation_reloaded")
    await settle()
    await world.pass_time(2)
    assert [each["message"] for each in phone.received] == ["clear_notification"]
    await heat(world, 60)
    world.hass.bus.async_fire("automation_reloaded")
    await settle()
    await world.pass_time(2)
    assert phone.loud == 1
    assert len(phone.received) == 2


async def test_over_while_nobody_looked(world: World, phone: Phone) -> None:
    """What is on the phone from before a start goes when it is known to be over."""
    await cells(world)
    assert world.state("binary_sensor", "imbalance_alarm").state == "unknown"
    await watch(world, phone, "imbalance")
    world.hass.bus.async_fire("homeassistant_started")
    for _ in range(3):
        await world.pass_time(2)
    assert not phone.received
    for _ in range(3):
        await heat(world, 0)
    assert [each["message"] for each in phone.received] == ["clear_notification"]
    await heat(world, 60)
    assert phone.loud == 1


async def test_goes_on_after_a_start(world: World, phone: Phone) -> None:
    """What holds after a start too is told, and not taken away before it is over."""
    await cells(world)
    await watch(world, phone, "imbalance")
    world.hass.bus.async_fire("homeassistant_started")
    await heat(world, 60)
    await heat(world, 60)
    assert len(phone.received) == phone.loud == 1
    await heat(world, 0)
    assert phone.screen["title"] == "Garage: Cell imbalance alarm is over"


async def test_picture_that_is_disabled(world: World, phone: Phone) -> None:
    """An alarm comes without a picture too."""
    await cells(world)
    er.async_get(world.hass).async_update_entity(
        world.entity_id("image", "thermal"), disabled_by=er.RegistryEntryDisabler.USER
    )
    await world.hass.async_block_till_done()
    await watch(world, phone, "imbalance")
    await heat(world, 60)
    assert phone.loud == 1
    assert "image" not in phone.screen["data"]
