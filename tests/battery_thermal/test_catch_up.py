"""What was missed while Home Assistant was away."""

import pytest

from homeassistant.core import HomeAssistant
from simulator.the_things_stack import HttpFault

from .common import DEVICE_ID, until
from .world import World

pytestmark = pytest.mark.usefixtures("all_entities")


async def away(world: World) -> None:
    """Let the node send an image while Home Assistant is away, and come back."""
    entry_id = world.entry.entry_id
    assert await world.hass.config_entries.async_unload(entry_id)
    await world.send_image_unheard()
    assert await world.hass.config_entries.async_setup(entry_id)
    await world.hass.async_block_till_done()


async def test_fetched(world: World) -> None:
    """The network server has kept it."""
    world.device.storage = True
    await world.image()
    before = float(world.state("sensor", "airtime").state)
    world.model.heat((1, 1), 30)

    await away(world)

    assert world.node.image
    maximum = str(world.node.image.maximum / 10)
    assert world.state("sensor", "maximum").state == maximum
    assert world.state("sensor", "catch_up").state == "fetched"
    assert world.state("sensor", "lost_lines").state == "0"
    # Two lines more, and nothing counted twice.
    after = float(world.state("sensor", "airtime").state)
    assert after - before == pytest.approx(0.0975 + 0.1027, abs=1e-3)


async def test_first_start(hass: HomeAssistant, world: World) -> None:
    """An application that is set up shows at once what the server has kept."""
    assert await hass.config_entries.async_unload(world.entry.entry_id)
    world.device.storage = True
    await world.send_image_unheard()
    await world.forget()

    assert await hass.config_entries.async_setup(world.entry.entry_id)
    await hass.async_block_till_done()

    assert world.node.image
    maximum = str(world.node.image.maximum / 10)
    assert world.state("sensor", "maximum").state == maximum


async def test_switched_off(world: World) -> None:
    """The owner has not switched the storage integration on."""
    maximum = (await world.image()).maximum
    world.model.heat((1, 1), 30)

    await away(world)

    assert world.state("sensor", "catch_up").state == "off"
    assert world.state("sensor", "maximum").state == str(maximum / 10)


@pytest.mark.parametrize("status", [0, 403, 404, 429, 500])
async def test_not_to_be_had(world: World, status: int) -> None:
    """The network server does not say."""
    await world.image()
    # A request without an answer is made once more.
    world.stack.faults.http.extend([HttpFault(status)] * 2)

    await away(world)

    assert world.state("sensor", "catch_up").state == "failed"
    assert not world.hass.config_entries.flow.async_progress()


async def test_of_another_shape(world: World) -> None:
    """What cannot be read is left out."""
    world.device.storage = True
    await world.image()
    line = b'{"result": {"end_device_ids": {"device_id": "%s"}}}\n\nnonsense'
    body = line % DEVICE_ID.encode()
    world.stack.faults.http.append(HttpFault(200, body=body))

    await away(world)

    assert world.state("sensor", "catch_up").state == "off"


async def test_after_an_interruption(world: World) -> None:
    """A broken connection is caught up with too."""
    world.device.storage = True
    await world.image()
    world.model.heat((1, 1), 30)
    connections = world.connections
    world.stack.mqtt.cut()
    await until(lambda: not world.stack.mqtt.connections)
    await world.send_image_unheard()
    await world.reconnected(connections)
    await world.step()

    image = world.node.images[-2]
    assert world.state("sensor", "maximum").state == str(image.maximum / 10)


async def test_long_ago(world: World) -> None:
    """Nothing can be said if nothing is to be expected."""
    await world.image()
    await world.pass_time(30 * 3600)

    await world.hass.config_entries.async_reload(world.entry.entry_id)

    assert world.state("sensor", "catch_up").state == "unknown"
