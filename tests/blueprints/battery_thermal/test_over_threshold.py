"""Battery over its threshold: the picture on the phone, with buttons."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from tests.battery_thermal.test_alarms import threshold
from tests.battery_thermal.world import World
from tests.blueprints.common import settle, use_blueprint
from tests.blueprints.phone import Phone

PATH = "automation/battery_thermal/over_threshold.yaml"


async def watch(world: World, phone: Phone, **inputs: Any) -> str:
    """Use the blueprint with the entities that a person would choose."""
    return await use_blueprint(
        world.hass,
        PATH,
        alarm=world.entity_id("binary_sensor", "over_threshold"),
        maximum=world.entity_id("sensor", "maximum"),
        phone=phone.device_id,
        **inputs,
    )


async def heat(world: World, kelvin: float = 60) -> None:
    """Heat the battery for one image more."""
    world.model.heat((1, 1), kelvin)
    await world.image()
    await world.pass_time(1)


@pytest.fixture(autouse=True)
async def known_threshold(world: World) -> None:
    """Let the threshold be proven: there is no alarm before it is known."""
    await threshold(world, 50)


async def test_picture_and_numbers(
    world: World, phone: Phone, hass_client: ClientSessionGenerator
) -> None:
    """Told once, with a picture that the phone can load, and taken away when over."""
    await watch(world, phone)
    await world.image()
    assert not phone.received

    await heat(world)

    assert phone.screen
    assert phone.screen["title"] == "Garage is hot"
    maximum = float(world.state("sensor", "maximum").state)
    fan = {"on": "On", "off": "Off"}[world.state("fan", "fan").state]
    assert phone.screen["message"] == (f"{maximum:.1f} °C, threshold 50 °C, fan: {fan}")
    # The node is in fast mode already.
    assert phone.buttons == ["Fan on", "Snooze", "Raise threshold"]
    assert phone.screen["data"]["priority"] == "high"
    assert "push" not in phone.screen["data"]
    client = await hass_client()
    picture = await client.get(phone.screen["data"]["image"])
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
    """Each tap does what it says, and the notification says so."""
    await world.call("select", "mode", "select_option", option="slow")
    await world.pass_time(6)
    await world.image()
    await world.image()
    await watch(world, phone)
    await heat(world)
    assert phone.buttons == ["Fan on", "Snooze", "Raise threshold", "Fast mode"]

    await phone.tap("Fan on")
    assert phone.screen["message"].endswith("The fan was asked to run.")
    assert phone.buttons == ["Snooze", "Raise threshold", "Fast mode"]
    await phone.tap("Fast mode")
    assert phone.screen["message"].endswith("Fast mode was asked for.")
    assert phone.buttons == ["Snooze", "Raise threshold"]
    await phone.tap("Raise threshold")
    assert phone.screen["message"].endswith("A threshold of 55 °C was asked for.")
    await phone.tap("Raise threshold")
    assert phone.screen["message"].endswith("A threshold of 60 °C was asked for.")
    assert phone.loud == 1

    await world.pass_time(6)
    await world.step(3)
    assert (world.node.threshold, world.node.mode) == (60, "fast")
    await world.image()
    await world.pass_time(1)
    # Shown as soon as it is proven, without another sound.
    assert "threshold 60 °C" in phone.screen["message"]
    assert phone.loud == 1


async def test_node_restarts_while_it_is_hot(world: World, phone: Phone) -> None:
    """Nothing can be added to a threshold that is not known; the rest goes on."""
    await watch(world, phone)
    await heat(world)
    told = phone.screen
    world.node.restart()
    await world.step()
    await world.pass_time(1)
    assert world.state("binary_sensor", "over_threshold").state == "unknown"
    assert phone.screen is told

    await phone.tap("Raise threshold")
    assert phone.screen
    assert phone.screen["message"].endswith("The node cannot be reached at present.")
    await phone.tap("Fan on")
    assert phone.screen["message"].endswith("The fan was asked to run.")

    await world.pass_time(6)
    await world.image()
    await heat(world)
    assert world.node.fan_asked
    # Nobody has asked for anything since.
    assert "The fan was asked" not in phone.screen["message"]
    await phone.tap("Raise threshold")
    assert phone.screen["message"].endswith("A threshold of 55 °C was asked for.")
    await heat(world, 0)
    assert phone.screen is None


async def test_silence(world: World, phone: Phone) -> None:
    """For as long as chosen nothing sounds, whatever happens; then it does again."""
    await watch(world, phone, snooze_time={"minutes": 30})
    await heat(world)
    await phone.tap("Snooze")
    assert phone.screen["message"].startswith("Silent until ")
    assert phone.buttons == []
    received = len(phone.received)

    for _ in range(10):
        await heat(world)
    assert len(phone.received) == received
    await heat(world, 0)
    assert phone.screen is None
    await heat(world)
    assert phone.screen is None
    assert phone.loud == 1

    await world.pass_time(1800)
    await heat(world)
    assert phone.buttons == ["Fan on", "Snooze", "Raise threshold"]
    assert phone.loud == 2


async def test_kept_up_to_date(world: World, phone: Phone) -> None:
    """Sent again without a sound, as often as the owner wants."""
    await watch(world, phone, update_every={"minutes": 2}, critical=True)
    await heat(world)
    first = phone.screen
    assert first["data"]["push"]["sound"]["critical"] == 1
    assert first["data"]["channel"] == "alarm_stream"

    await heat(world, 70)
    await heat(world, 70)
    await heat(world, 70)

    assert phone.screen["message"] != first["message"]
    assert phone.screen["data"]["tag"] == first["data"]["tag"]
    assert phone.screen["data"]["push"]["interruption-level"] == "passive"
    assert phone.loud == 1


async def test_out_of_reach(world: World, phone: Phone) -> None:
    """A node that falls silent has not cooled down, and a tap says that it is silent."""
    await watch(world, phone)
    await heat(world)
    await world.pass_time(16 * 60)
    await world.pass_time(1)
    assert world.state("binary_sensor", "over_threshold").state == "unavailable"
    told = phone.screen
    assert told
    # What changes by itself is no tap: there is no news as long as there is no alarm.
    for state in ("on", "unavailable"):
        world.hass.states.async_set(world.entity_id("fan", "fan"), state)
        await world.pass_time(1)
    assert phone.screen is told

    await phone.tap("Fan on")
    assert phone.screen["message"].endswith("The node cannot be reached at present.")
    await heat(world)
    # It can.
    assert "reached" not in phone.screen["message"]
    assert phone.loud == 1
    await heat(world, 0)
    assert phone.screen is None


async def test_after_a_restart(world: World, phone: Phone) -> None:
    """What still holds when Home Assistant has started, or was saved anew, is told."""
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
    assert phone.screen["data"]["tag"] == automation


async def test_without_buttons(world: World, phone: Phone) -> None:
    """An owner who wants no buttons has none."""
    none = dict.fromkeys(
        ("fan_button", "fast_button", "snooze_button", "threshold_button"), ""
    )
    await watch(world, phone, **none)
    await heat(world)
    assert phone.buttons == []


async def test_over_while_nobody_looked(world: World, phone: Phone) -> None:
    """What is on the phone from before a start goes when the alarm is known to be off."""
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
    """Nothing is taken away for that, and nothing told again."""
    await watch(world, phone)
    await world.pass_time(60)
    world.hass.bus.async_fire("automation_reloaded")
    await settle()
    await world.pass_time(1)
    assert not phone.received


async def test_entities_that_are_disabled(world: World, phone: Phone) -> None:
    """The alarm comes all the same, without what they would say and do."""
    for platform, key in (
        ("fan", "fan"),
        ("select", "mode"),
        ("number", "threshold"),
        ("image", "thermal"),
    ):
        er.async_get(world.hass).async_update_entity(
            world.entity_id(platform, key), disabled_by=er.RegistryEntryDisabler.USER
        )
    await world.hass.async_block_till_done()
    await watch(world, phone, message="{{ threshold }}, {{ fan }}, {{ mode }}")
    await heat(world)
    assert phone.screen
    assert phone.screen["message"] == "–, –, –"
    assert phone.buttons == ["Snooze"]
    assert "image" not in phone.screen["data"]


async def test_node_refuses(
    world: World, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What could not be asked for is answered so, and the alarm goes on."""
    await watch(world, phone)
    await heat(world)

    def refuse(**_: object) -> None:
        raise HomeAssistantError

    with monkeypatch.context() as patch:
        patch.setattr(world.record.sender, "async_request", refuse)
        for button in ("Fan on", "Raise threshold"):
            await phone.tap(button)
            assert phone.screen["message"].endswith("cannot be reached at present.")
    await phone.tap("Raise threshold")
    assert phone.screen["message"].endswith("A threshold of 55 °C was asked for.")
    await heat(world, 0)
    assert phone.screen is None
