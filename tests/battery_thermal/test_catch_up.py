"""What was missed while Home Assistant was away."""

from datetime import timedelta
from types import MappingProxyType

import pytest

from custom_components.battery_thermal import coordinator
from custom_components.battery_thermal.node.assembly import Assembler, Change
from custom_components.battery_thermal.node.locator import Message
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from simulator.node import Layout, Mode, Numbering
from simulator.the_things_stack import HttpFault

from .common import DEVICE_ID, until
from .world import World

pytestmark = pytest.mark.usefixtures("all_entities")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody wait for seconds."""
    monkeypatch.setattr(coordinator, "FIRST_WAIT", 0.02)
    monkeypatch.setattr(coordinator, "FETCH_WAITS", (0.02, 0.02, 0.02))


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


@pytest.mark.parametrize(
    # A request without an answer is made once more by itself.
    ("status", "requests"),
    [(0, 8), (403, 1), (404, 1), (429, 4), (500, 4)],
)
async def test_not_to_be_had(world: World, status: int, requests: int) -> None:
    """The network server does not say, however often it is asked."""
    await world.image()
    world.stack.faults.http.extend([HttpFault(status)] * requests)

    await away(world)

    assert world.state("sensor", "catch_up").state == "failed"
    assert not world.stack.faults.http
    assert not world.hass.config_entries.flow.async_progress()


async def test_fetched_in_the_end(world: World) -> None:
    """A server that has no time just then is asked again, and nothing is missing."""
    world.device.storage = True
    await world.image()
    world.stack.faults.http.extend([HttpFault(500), HttpFault(429), HttpFault(0)])

    await away(world)

    image = world.node.image
    assert image
    assert world.state("sensor", "catch_up").state == "fetched"
    assert world.state("sensor", "maximum").state == str(image.maximum / 10)


async def test_each_node_for_itself(world: World) -> None:
    """One that was never heard does not make others fetch a day."""
    for device in (world.device, world.stack.add_device("cellar", storage=True)):
        device.storage = True
    world.hass.config_entries.async_add_subentry(
        world.entry,
        ConfigSubentry(
            data=MappingProxyType({"device_id": "cellar", "layout": "auto"}),
            subentry_type="node",
            title="Cellar",
            unique_id="cellar",
        ),
    )
    await world.hass.async_block_till_done()
    await world.image()
    world.stack.http.requests.clear()

    await away(world)

    stored = [path for _, path in world.stack.http.requests if "storage" in path]
    assert [path.split("/")[7] for path in stored] == [DEVICE_ID, "cellar"]
    assert world.record.catch_up == "fetched"


async def test_longer_than_a_day(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is assumed of what came before the day that the server keeps.

    Nor ever of what was sent right before the connection: it may not be stored yet.
    """
    told: list[Assembler] = []
    interrupted = Assembler.interrupted

    def spy(assembler: Assembler) -> None:
        told.append(assembler)
        interrupted(assembler)

    monkeypatch.setattr(Assembler, "interrupted", spy)
    world.device.storage = True
    await world.image()
    await away(world)
    assert len(told) == 1

    entry_id = world.entry.entry_id
    assert await world.hass.config_entries.async_unload(entry_id)
    world.freezer.tick(timedelta(hours=25))
    await world.send_image_unheard()
    assert await world.hass.config_entries.async_setup(entry_id)
    await world.hass.async_block_till_done()

    assert world.record.catch_up == "fetched"
    assert len(told) == 3


async def test_taken_in_turns(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A day of uplinks leaves time for others; the image under way stays one."""
    monkeypatch.setattr(coordinator, "_AT_ONCE", 1)
    world.device.storage = True
    await world.image()
    await world.step()
    world.record.async_add_listener(lambda: None)
    world.stack.mqtt.cut()
    await until(lambda: not world.stack.mqtt.connections)
    connections = world.connections
    limits: list[int] = []

    def limit() -> None:
        """Let the owner change something all the time."""
        limits.append(1)
        world.record.async_limit(age=60 + len(limits))
        if world.connections == connections:
            world.hass.loop.call_soon(limit)

    world.hass.loop.call_soon(limit)
    await world.send_image_unheard()
    await world.reconnected(connections)
    await world.hass.async_block_till_done()

    assert world.state("sensor", "lost_lines").state == "0"
    assert world.record.suspect_images == 0


async def test_one_that_is_too_much(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An error in one of the messages that were missed costs that one, and is logged."""
    world.device.storage = True
    await world.image()
    world.model.heat((1, 1), 30)
    receive = Assembler.receive
    failed = []

    def fail_once(self: Assembler, message: Message) -> Change:
        if not failed:
            failed.append(message)
            raise LookupError("of ours")
        return receive(self, message)

    monkeypatch.setattr(Assembler, "receive", fail_once)
    await away(world)

    assert failed
    assert caplog.text.count("an error in this integration") == 1
    assert world.state("sensor", "catch_up").state == "fetched"
    assert world.state("image", "thermal").attributes["lines_received"] == 1


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


# The network server stores in batches: what it keeps can be read after a while.


async def cut(world: World) -> int:
    """Cut the connection, and return how many there have been."""
    connections = world.connections
    world.stack.mqtt.cut()
    await until(lambda: not world.stack.mqtt.connections)
    return connections


async def asked_again(world: World) -> None:
    """Let the time come when what was not stored at first is fetched."""
    requests = len(world.stack.http.requests)
    await world.pass_time(coordinator.LATE_AFTER + 1)
    await until(lambda: len(world.stack.http.requests) > requests)
    await until(lambda: world.record.caught_up_to is None)
    await world.hass.async_block_till_done()


@pytest.mark.parametrize(
    ("storage", "became"), [(True, "fetched"), (False, "off")], ids=["on", "off"]
)
async def test_asked_too_early(world: World, storage: bool, became: str) -> None:
    """That the last uplink is not stored yet does not mean that none is."""
    world.device.storage, world.device.storage_delay = storage, 10
    await world.image()
    connections = world.connections
    assert await world.hass.config_entries.async_reload(world.entry.entry_id)
    await world.reconnected(connections)
    assert world.state("sensor", "catch_up").state == "unknown"

    await asked_again(world)

    assert world.state("sensor", "catch_up").state == became
    assert world.state("sensor", "lost_lines").state == "0"


async def test_asked_again_in_vain(world: World) -> None:
    """A server that does not answer the second time has told enough."""
    world.device.storage = True
    await world.image()
    connections = await cut(world)
    await world.reconnected(connections)
    world.stack.faults.http.append(HttpFault(500))

    await asked_again(world)

    assert not world.stack.faults.http
    assert world.state("sensor", "catch_up").state == "fetched"


async def test_line_that_was_not_stored_yet(world: World) -> None:
    """It finds its place among those that have come since, and nothing counts twice."""
    world.device.storage, world.device.storage_delay = True, 10
    world.node.mode = Mode.SLOW
    await world.image()
    await world.step(5)
    connections = await cut(world)
    world.freezer.tick(30)
    await world.node.step()
    await world.reconnected(connections)
    await world.step()
    # What is part of no image is not to count twice either.
    await world.pass_time(1)
    await world.device.mac_uplink(7)
    await world.heard()
    airtime = float(world.state("sensor", "airtime").state)
    assert world.record.image
    assert world.record.image.missing_lines[0] == 5

    await world.pass_time(16)
    await until(lambda: world.record.image.missing_lines[0] == 7)
    await until(lambda: float(world.state("sensor", "airtime").state) != airtime)
    after = float(world.state("sensor", "airtime").state)
    assert after - airtime == pytest.approx(0.118, abs=1e-3)
    image = await world.image()
    assert world.state("sensor", "maximum").state == str(image.maximum / 10)
    assert world.state("sensor", "lost_lines").state == "0"


async def test_newest_that_was_not_stored_yet(world: World) -> None:
    """While nothing else has come it is simply the next."""
    world.device.storage, world.device.storage_delay = True, 10
    await world.image()
    world.model.heat((1, 1), 30)
    connections = await cut(world)
    world.freezer.tick(30)
    await world.node.step()
    await world.reconnected(connections)
    assert world.state("image", "thermal").attributes["closed"]

    await asked_again(world)

    await until(lambda: not world.state("image", "thermal").attributes["closed"])
    assert world.state("image", "thermal").attributes["missing_lines"] == [1]


async def test_two_interruptions(world: World) -> None:
    """What could not be had after the first is had after the second."""
    world.device.storage, world.device.storage_delay = True, 10
    world.node.mode = Mode.SLOW
    await world.image()
    await world.step(5)
    connections = await cut(world)
    world.freezer.tick(30)
    await world.node.step()
    await world.reconnected(connections)
    await world.step()
    assert world.record.image
    assert world.record.image.missing_lines[0] == 5

    connections = await cut(world)
    await world.reconnected(connections)
    assert world.record.image.missing_lines[0] == 7

    image = await world.image()
    assert world.state("sensor", "maximum").state == str(image.maximum / 10)
    assert world.state("sensor", "lost_lines").state == "0"


@pytest.mark.parametrize(
    ("payload", "age"),
    [(b"\x00", 0), (b"", 0), (b"\xff\xbf\xff" * 12 + b"\x15", 0), (bytes(49), 25)],
    ids=["reset", "mac", "bad", "old"],
)
async def test_what_is_too_late(world: World, payload: bytes, age: float) -> None:
    """What would end the image under way, or be taken for new, is left out."""
    world.device.storage, world.device.storage_delay = True, age + 10
    world.node.mode = Mode.SLOW
    await world.image()
    await world.step(5)
    connections = await cut(world)
    world.freezer.tick(30)
    await world.device.uplink(1 if payload else 0, 5, payload)
    world.freezer.tick(age)
    await world.reconnected(connections)
    # The node has said something else meanwhile.
    world.node.next_uplink()
    await world.pass_time(40)
    await world.node.step()
    await world.heard()
    image = world.record.image
    assert image
    rejected = dict(world.record.rejected)
    airtime = world.state("sensor", "airtime").state

    await world.pass_time(6)
    await until(lambda: world.record.caught_up_to is None)
    await world.hass.async_block_till_done()

    assert world.record.image is image
    assert world.record.rejected == rejected
    assert world.state("sensor", "airtime").state == airtime
    assert world.state("sensor", "catch_up").state == "fetched"


async def test_change_of_mode_that_was_not_stored_yet(world: World) -> None:
    """Which line the next one is stays open: the node may have heard after another.

    Lines of both modes are of one length here, and nothing numbers them.
    """
    world.device.storage, world.device.storage_delay = True, 10
    await world.configure(layout="slow_32", numbering="running")
    world.node.layout, world.node.numbering = Layout.SLOW_32, Numbering.RUNNING
    await world.image()
    await world.image()
    await world.call("select", "mode", "select_option", option="slow")
    await world.pass_time(6)
    await until(lambda: world.device.queue)
    connections = await cut(world)
    world.freezer.tick(24)
    await world.node.step()
    assert world.node.mode is Mode.SLOW
    await world.reconnected(connections)

    # The first slow line would pass for the second, after a change one message earlier.
    await world.step()
    assert world.record.image
    assert world.record.image.mode == "fast"
    await world.pass_time(16)
    await until(lambda: world.record.caught_up_to is None)
    assert world.record.image.mode == "fast"
    await world.image()

    measured = world.record.measured
    assert measured
    assert measured.mode == "slow"
    assert measured.complete
    assert not measured.suspect
