"""Tests of the blueprint for a bank above its threshold: picture on the phone, with buttons."""

import asyncio
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.battery_thermal.thermal.alarm_kinds import LogKind
from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from tests.battery_thermal.test_binary_sensor import threshold
from tests.battery_thermal.world import World
from tests.blueprints.common import rename_entities, settle, use_blueprint
from tests.blueprints.phone import Phone

PATH = "automation/battery_thermal/over_threshold.yaml"


async def watch(world: World, phone: Phone, **inputs: Any) -> str:
    """Use the blueprint for the node."""
    return await use_blueprint(
        world.hass,
        PATH,
        node=world.registered_device.id,
        phone=phone.device_id,
        **inputs,
    )


async def heat(world: World, kelvin: float = 60) -> None:
    """Heat the bank for one more image."""
    world.model.heat((1, 1), kelvin)
    await world.image()
    await world.pass_time(1)


@pytest.fixture(autouse=True)
async def known_threshold(world: World) -> None:
    """Let the threshold be proven: before it is known, there is no alarm."""
    await threshold(world, 50)


async def test_picture_and_numbers(
    world: World, phone: Phone, hass_client: ClientSessionGenerator
) -> None:
    """One notification is sent, with a picture that the phone can load; it is removed when the alarm ends."""
    await watch(world, phone)
    await world.image()
    assert not phone.received

    await heat(world)

    assert phone.screen
    assert phone.notification["title"] == "Garage is hot"
    maximum = float(world.state("sensor", "maximum").state)
    fan = {"on": "On", "off": "Off"}[world.state("fan", "fan").state]
    assert phone.notification["message"] == (
        f"{maximum:.1f} °C, threshold 50 °C, fan: {fan}"
    )
    # The node is in fast mode already.
    assert phone.buttons == ["Fan on", "Acknowledge", "Raise threshold"]
    assert phone.notification["data"]["priority"] == "high"
    assert "push" not in phone.notification["data"]
    client = await hass_client()
    picture = await client.get(phone.notification["data"]["image"])
    assert picture.status == 200
    assert (await picture.read()).startswith(b"\xff\xd8")

    await heat(world)
    assert phone.loud == 1

    await heat(world, 0)
    assert phone.screen is None
    assert phone.loud == 1
    await heat(world)
    assert phone.screen
    assert phone.loud == 2


async def test_buttons_reach_the_node(world: World, phone: Phone) -> None:
    """Each button does what its title says, and the notification confirms it."""
    await world.call("select", "mode", "select_option", option="slow")
    await world.pass_time(6)
    await world.image()
    await world.image()
    await watch(world, phone)
    await heat(world)
    assert phone.buttons == ["Fan on", "Acknowledge", "Raise threshold", "Fast mode"]

    await phone.tap("Fan on")
    assert phone.notification["message"].endswith("The fan was asked to run.")
    assert phone.buttons == ["Acknowledge", "Raise threshold", "Fast mode"]
    await phone.tap("Fast mode")
    assert phone.notification["message"].endswith("Fast mode was asked for.")
    assert phone.buttons == ["Acknowledge", "Raise threshold"]
    await phone.tap("Raise threshold")
    assert phone.notification["message"].endswith("A threshold of 55 °C was asked for.")
    await phone.tap("Raise threshold")
    assert phone.notification["message"].endswith("A threshold of 60 °C was asked for.")
    assert phone.loud == 1

    await world.pass_time(6)
    await world.step(3)
    assert (world.node.threshold, world.node.mode) == (60, "fast")
    await world.image()
    await world.pass_time(1)
    # The notification is updated when it is proven, without another sound.
    assert "threshold 60 °C" in phone.notification["message"]
    assert phone.loud == 1


async def test_node_restarts_while_it_is_hot(world: World, phone: Phone) -> None:
    """A threshold that is not known cannot be raised; the other buttons still work."""
    await watch(world, phone)
    await heat(world)
    notification = phone.screen
    world.node.restart()
    await world.step()
    await world.pass_time(1)
    assert world.state("binary_sensor", "over_threshold").state == "unknown"
    assert phone.screen is notification

    await phone.tap("Raise threshold")
    assert phone.screen
    assert phone.notification["message"].endswith(
        "The node cannot be reached at present."
    )
    await phone.tap("Fan on")
    assert phone.notification["message"].endswith("The fan was asked to run.")

    await world.pass_time(6)
    await world.image()
    await heat(world)
    assert world.node.fan_asked
    # No settings were requested since then.
    assert "The fan was asked" not in phone.notification["message"]
    await phone.tap("Raise threshold")
    assert phone.notification["message"].endswith("A threshold of 55 °C was asked for.")
    await heat(world, 0)
    assert phone.screen is None


async def acknowledge(world: World, phone: Phone) -> None:
    """Acknowledge all alarms of the node, as on a dashboard, until the phone shows it."""
    await world.hass.services.async_call(
        "battery_thermal",
        "acknowledge_alarm",
        {"entity_id": world.entity_id("select", "mode")},
        blocking=True,
    )
    async with asyncio.timeout(5):
        while not phone.notification["message"].endswith("The alarm is acknowledged."):
            await world.pass_time(0.1)
            await asyncio.sleep(0.01)


async def written(world: World) -> None:
    """Wait until the acknowledgement of a tap is in the log."""
    alarms = world.record.images.journal
    async with asyncio.timeout(5):
        while alarms.unsaved or not alarms.open[0].acknowledged:
            await asyncio.sleep(0.01)
    await settle()
    await world.pass_time(1)


async def test_acknowledged_on_the_phone(world: World, phone: Phone) -> None:
    """Sound and repetition stop, the alarm does not; the next alarm is loud again."""
    await watch(world, phone, update_every={"minutes": 1})
    await heat(world)
    await phone.tap("Acknowledge")
    await written(world)
    alarm = world.record.images.journal.find(LogKind.OVER_THRESHOLD)
    assert alarm
    assert (alarm.acknowledged, alarm.acknowledged_by) == (True, "Phone")
    assert world.state("binary_sensor", "over_threshold").state == "on"
    assert phone.notification["message"].endswith("The alarm is acknowledged.")
    assert phone.buttons == ["Fan on", "Raise threshold"]
    received = len(phone.received)

    for _ in range(5):
        await heat(world)
    assert len(phone.received) == received
    # The other buttons work, and are answered.
    await phone.tap("Fan on")
    assert "The fan was asked to run." in phone.notification["message"]
    await heat(world, 0)
    assert phone.screen is None
    assert phone.loud == 1
    await heat(world)
    assert phone.buttons == ["Acknowledge", "Raise threshold"]
    assert phone.loud == 2


async def test_acknowledged_by_a_person(
    world: World, phone: Phone, hass_admin_user: MockUser
) -> None:
    """The log has the name of the person whose phone it was."""
    person = {"friendly_name": "Ana", "user_id": hass_admin_user.id}
    world.hass.states.async_set("person.ana", "home", person)
    world.hass.states.async_set("person.nobody", "home")
    await watch(world, phone)
    await heat(world)
    await phone.tap("Acknowledge", Context(user_id=hass_admin_user.id))
    await written(world)
    assert world.record.images.journal.open[0].acknowledged_by == "Ana"


async def test_acknowledged_elsewhere(world: World, phone: Phone) -> None:
    """What was acknowledged on a dashboard is quiet on the phone, also after a restart."""
    await watch(world, phone)
    await heat(world)
    assert phone.buttons == ["Fan on", "Acknowledge", "Raise threshold"]
    await acknowledge(world, phone)
    assert phone.buttons == ["Fan on", "Raise threshold"]
    world.hass.bus.async_fire("automation_reloaded")
    await world.hass.async_block_till_done()
    await heat(world)
    assert phone.notification["message"].endswith("The alarm is acknowledged.")
    assert phone.loud == 1


async def test_silent_node_stays_acknowledged(world: World, phone: Phone) -> None:
    """A node that is silent for a while does not make the phone sound again."""
    await watch(world, phone)
    await heat(world)
    await acknowledge(world, phone)
    received = len(phone.received)
    await world.pass_time(16 * 60)
    await world.pass_time(1)
    assert world.state("binary_sensor", "over_threshold").state == "unavailable"
    await heat(world)
    assert len(phone.received) == received


async def test_kept_up_to_date(world: World, phone: Phone) -> None:
    """The notification is sent again without a sound, as often as chosen."""
    await watch(world, phone, update_every={"minutes": 2}, critical=True)
    await heat(world)
    first = phone.notification
    assert first["data"]["push"]["sound"]["critical"] == 1
    assert first["data"]["channel"] == "alarm_stream"

    await heat(world, 70)
    await heat(world, 70)
    await heat(world, 70)

    assert phone.notification["message"] != first["message"]
    assert phone.notification["data"]["tag"] == first["data"]["tag"]
    assert phone.notification["data"]["push"]["interruption-level"] == "passive"
    assert phone.loud == 1


async def test_silent_node(world: World, phone: Phone) -> None:
    """The alarm of a node that becomes silent stays, and a button says that the node is silent."""
    await watch(world, phone)
    await heat(world)
    await world.pass_time(16 * 60)
    await world.pass_time(1)
    assert world.state("binary_sensor", "over_threshold").state == "unavailable"
    notification = phone.screen
    assert notification
    # A change that no button has caused sends nothing while there is no alarm.
    for state in ("on", "unavailable"):
        world.hass.states.async_set(world.entity_id("fan", "fan"), state)
        await world.pass_time(1)
    assert phone.screen is notification

    await phone.tap("Fan on")
    assert phone.notification["message"].endswith(
        "The node cannot be reached at present."
    )
    await heat(world)
    # The node can be reached again.
    assert "reached" not in phone.notification["message"]
    assert phone.loud == 1
    await heat(world, 0)
    assert phone.screen is None


async def test_after_a_restart(world: World, phone: Phone) -> None:
    """An alarm that exists when Home Assistant starts or the automation is saved is notified."""
    await heat(world)
    automation = await watch(world, phone)
    assert not phone.received
    world.hass.bus.async_fire("automation_reloaded")
    await world.hass.async_block_till_done()
    await world.pass_time(1)
    assert phone.loud == 1
    world.hass.bus.async_fire("automation_reloaded")
    await world.hass.async_block_till_done()
    await world.pass_time(1)
    assert phone.loud == 1
    assert phone.notification["data"]["tag"] == automation


async def test_without_buttons(world: World, phone: Phone) -> None:
    """Without the option, notifications have no buttons."""
    none = dict.fromkeys(
        ("fan_button", "fast_button", "acknowledge_button", "threshold_button"), ""
    )
    await watch(world, phone, **none)
    await heat(world)
    assert phone.buttons == []


async def test_alarm_ended_before_the_start(world: World, phone: Phone) -> None:
    """A notification from before a start is removed when the alarm is known to be off."""
    world.node.restart()
    await world.step()
    assert world.state("binary_sensor", "over_threshold").state == "unknown"
    automation = await watch(world, phone)
    world.hass.bus.async_fire("homeassistant_started")
    await world.pass_time(1)
    assert not phone.received

    await world.pass_time(6)
    await world.image()
    await heat(world, 0)
    assert [(each["message"], each["data"]["tag"]) for each in phone.received] == [
        ("clear_notification", automation)
    ]
    await heat(world)
    assert phone.loud == 1


async def test_another_automation_is_saved(world: World, phone: Phone) -> None:
    """Saving another automation removes no notification and sends none."""
    await watch(world, phone)
    await world.pass_time(60)
    world.hass.bus.async_fire("automation_reloaded")
    await settle()
    await world.pass_time(1)
    assert not phone.received


async def test_entities_that_are_disabled(world: World, phone: Phone) -> None:
    """With disabled entities the alarm is still notified, without their values and buttons."""
    for platform, key in (
        ("sensor", "maximum"),
        ("fan", "fan"),
        ("select", "mode"),
        ("number", "threshold"),
        ("image", "thermal"),
    ):
        er.async_get(world.hass).async_update_entity(
            world.entity_id(platform, key), disabled_by=er.RegistryEntryDisabler.USER
        )
    await world.hass.async_block_till_done()
    await watch(world, phone, message="{{ maximum }}, {{ threshold }}, {{ fan }}")
    await heat(world)
    assert phone.screen
    assert phone.notification["message"] == "–, –, –"
    assert phone.buttons == ["Acknowledge"]
    assert "image" not in phone.notification["data"]


async def test_renamed_entities(world: World, phone: Phone) -> None:
    """Entities may be renamed, also during an alarm."""
    await watch(world, phone)
    await rename_entities(world.hass, world.registered_device.id)
    await heat(world)
    assert world.state("binary_sensor", "over_threshold").state == "on"
    assert phone.notification["data"]["image"].endswith("_renamed")
    before = phone.notification["message"]
    assert "–" not in before
    for entity in ("binary_sensor", "over_threshold"), ("fan", "fan"):
        entity_id = world.entity_id(*entity)
        er.async_get(world.hass).async_update_entity(
            entity_id, new_entity_id=f"{entity_id}_again"
        )
    await settle()
    await world.pass_time(1)
    await phone.tap("Fan on")
    assert phone.notification["message"].endswith("The fan was asked to run.")
    await heat(world, 0)
    assert phone.screen is None
    assert phone.loud == 1


async def test_node_refuses(
    world: World, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A button reports settings that could not be sent, and the alarm continues."""
    await watch(world, phone)
    await heat(world)

    def refuse(**_: object) -> None:
        raise HomeAssistantError

    with monkeypatch.context() as patch:
        patch.setattr(world.battery_node.sender, "async_request", refuse)
        for button in ("Fan on", "Raise threshold"):
            await phone.tap(button)
            assert phone.notification["message"].endswith(
                "cannot be reached at present."
            )
    await phone.tap("Raise threshold")
    assert phone.notification["message"].endswith("A threshold of 55 °C was asked for.")
    await heat(world, 0)
    assert phone.screen is None
