"""Tests of the blueprint for warnings and alarms: cell imbalance and rate of rise."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from tests.battery_thermal.world import World
from tests.blueprints.common import rename_entities, settle, use_blueprint
from tests.blueprints.phone import Phone
from tests.clocks import jumps, set_clock

PATH = "automation/battery_thermal/warning_and_alarm.yaml"


async def watch(
    world: World, phone: Phone, kind: str, *values: str, **inputs: Any
) -> None:
    """Use the blueprint for `imbalance` or `rise`."""
    await use_blueprint(
        world.hass,
        PATH,
        node=world.registered_device.id,
        about=kind,
        values=[world.entity_id("sensor", key) for key in values],
        phone=phone.device_id,
        **inputs,
    )


async def heat(world: World, kelvin: float) -> None:
    """Heat a cell for one more image."""
    world.model.heat((0, 0), kelvin)
    await world.image()
    await world.pass_time(2)


async def cells(world: World) -> None:
    """Configure the cells, and their limits in K."""
    await world.configure(cells={"rows": 4, "columns": 3})
    await world.call("number", "imbalance_warning_limit", "set_value", value=15)
    await world.call("number", "imbalance_alarm_limit", "set_value", value=30)


async def test_imbalance(world: World, phone: Phone) -> None:
    """A warning is a normal notification, an alarm a critical one; both have values and cells."""
    await cells(world)
    await watch(world, phone, "imbalance", "hottest_cell")
    await heat(world, 0)
    assert not phone.received

    await heat(world, 25)
    assert phone.notification["title"] == "Garage: Cell imbalance warning"
    assert phone.notification["message"] == "Hottest cell: A1"
    assert "push" not in phone.notification["data"]
    assert phone.notification["data"]["image"].startswith("/api/image_proxy/image.")

    await heat(world, 60)
    assert phone.notification["title"] == "Alarm: Garage, Cell imbalance alarm"
    assert phone.notification["data"]["push"]["sound"]["critical"] == 1
    assert phone.notification["data"]["channel"] == "alarm_stream"
    assert phone.loud == 2

    await heat(world, 25)
    assert phone.notification["title"] == "Garage: Cell imbalance warning"
    await heat(world, 0)
    assert phone.notification["title"] == "Garage: Cell imbalance warning is over"
    assert phone.loud == 2
    assert len(phone.received) == 4


async def test_area_over_its_highest_temperature(world: World, phone: Phone) -> None:
    """It is an alarm at once, and has no warning."""
    points = [[0, 0], [8, 8]]
    area = {"key": "a", "name": "Lug", "kind": "other", "points": points, "highest": 50}
    await world.configure(areas=[area])
    await watch(world, phone, "area_limit", "maximum")
    await heat(world, 0)
    assert not phone.received
    await heat(world, 60)
    title = "Alarm: Garage, Area over its highest temperature"
    assert phone.notification["title"] == title
    assert phone.notification["data"]["actions"][0]["title"] == "Acknowledge"
    await heat(world, 0)
    title = "Garage: Area over its highest temperature is over"
    assert phone.notification["title"] == title


async def test_renamed_entities(world: World, phone: Phone) -> None:
    """Entities may be renamed, also during a warning."""
    await cells(world)
    await watch(world, phone, "imbalance")
    await rename_entities(world.hass, world.registered_device.id)
    await heat(world, 0)
    await heat(world, 25)
    assert phone.notification["title"] == "Garage: Cell imbalance warning"
    warning = world.entity_id("binary_sensor", "imbalance_warning")
    er.async_get(world.hass).async_update_entity(
        warning, new_entity_id=f"{warning}_again"
    )
    await settle()
    await heat(world, 60)
    assert phone.notification["title"] == "Alarm: Garage, Cell imbalance alarm"
    assert phone.notification["data"]["image"].endswith("_renamed")
    await heat(world, 0)
    assert phone.notification["title"] == "Garage: Cell imbalance alarm is over"
    assert len(phone.received) == 3


async def test_both_at_once(world: World, phone: Phone) -> None:
    """An image with a warning and an alarm sends one notification, which is removed at the end if chosen."""
    await cells(world)
    await watch(world, phone, "imbalance", when_over="clear", critical=False)
    await heat(world, 0)
    await heat(world, 60)
    assert len(phone.received) == 1
    assert phone.notification["data"]["channel"] == "Battery"
    await heat(world, 0)
    assert phone.screen is None


async def test_comes_and_goes(world: World, phone: Phone) -> None:
    """A repeated alarm is notified each time, but makes a sound only after a pause."""
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


@jumps
async def test_clock_is_set_while_quiet(world: World, phone: Phone, jump: int) -> None:
    """The pause between two sounds lasts as long as chosen, also when the clock is set."""
    await cells(world)
    await watch(world, phone, "imbalance", quiet_time={"minutes": 30})
    await heat(world, 0)
    await heat(world, 60)
    assert phone.loud == 1
    set_clock(world.hass, world.freezer, jump)
    await heat(world, 0)
    await heat(world, 60)
    assert phone.loud == 1
    await heat(world, 0)
    await world.pass_time(1800)
    await world.pass_time(1)
    await heat(world, 60)
    assert phone.loud == 2


async def test_silent_node(world: World, phone: Phone) -> None:
    """An alarm of a node that becomes silent stays, and is not notified again."""
    await cells(world)
    await watch(world, phone, "imbalance")
    await heat(world, 60)
    await world.pass_time(3600)
    assert world.state("binary_sensor", "imbalance_alarm").state == "unavailable"
    await heat(world, 60)
    assert len(phone.received) == 1


async def test_after_a_restart(world: World, phone: Phone) -> None:
    """When the automation is saved, existing alarms are notified, and no others."""
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


async def test_alarm_ended_before_the_start(world: World, phone: Phone) -> None:
    """A notification from before a start is removed when the alarm is known to be off."""
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
    """An alarm that continues after a start is notified, and not removed before it ends."""
    await cells(world)
    await watch(world, phone, "imbalance")
    world.hass.bus.async_fire("homeassistant_started")
    await heat(world, 60)
    await heat(world, 60)
    assert len(phone.received) == phone.loud == 1
    await heat(world, 0)
    assert phone.notification["title"] == "Garage: Cell imbalance alarm is over"


async def test_picture_that_is_disabled(world: World, phone: Phone) -> None:
    """An alarm is notified without a picture if the picture is disabled."""
    await cells(world)
    er.async_get(world.hass).async_update_entity(
        world.entity_id("image", "thermal"), disabled_by=er.RegistryEntryDisabler.USER
    )
    await world.hass.async_block_till_done()
    await watch(world, phone, "imbalance")
    await heat(world, 60)
    assert phone.loud == 1
    assert "image" not in phone.notification["data"]


async def shown(world: World, condition: Callable[[], bool]) -> None:
    """Wait until the phone shows what was written to the log."""
    async with asyncio.timeout(10):
        while not condition():
            await world.pass_time(0.5)
            await asyncio.sleep(0.01)


async def test_acknowledged_until_it_becomes_worse(world: World, phone: Phone) -> None:
    """After a tap there is no sound, unless the warning becomes an alarm."""
    await cells(world)
    await watch(world, phone, "imbalance", quiet_time={"seconds": 1})
    await heat(world, 0)
    await heat(world, 25)
    assert phone.buttons == ["Acknowledge"]
    await phone.tap("Acknowledge")
    await shown(world, lambda: not phone.buttons)
    assert phone.notification["message"] == "The alarm is acknowledged."
    assert phone.buttons == []
    assert world.state("binary_sensor", "imbalance_warning").state == "on"
    received = len(phone.received)
    await heat(world, 25)
    assert len(phone.received) == received
    assert phone.loud == 1

    await heat(world, 60)
    assert phone.notification["title"] == "Alarm: Garage, Cell imbalance alarm"
    assert phone.buttons == ["Acknowledge"]
    assert phone.loud == 2
    await world.hass.services.async_call(
        "battery_thermal",
        "acknowledge_alarm",
        {"entity_id": world.entity_id("select", "mode")},
        blocking=True,
    )
    await shown(world, lambda: not phone.buttons)
    await heat(world, 0)
    assert phone.notification["title"] == "Garage: Cell imbalance alarm is over"
    assert phone.loud == 2


async def test_acknowledgement_that_fails(
    world: World, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tap that could not be written down is answered so, and can be repeated."""
    await cells(world)
    await watch(world, phone, "imbalance")
    await heat(world, 0)
    await heat(world, 60)

    async def refuse(*_: object, **__: object) -> None:
        raise HomeAssistantError

    monkeypatch.setattr(world.battery_node.alarm_log, "async_acknowledge", refuse)
    await phone.tap("Acknowledge")
    refused = "It could not be acknowledged."
    await shown(world, lambda: phone.notification["message"] == refused)
    assert phone.buttons == ["Acknowledge"]
    assert phone.loud == 1
