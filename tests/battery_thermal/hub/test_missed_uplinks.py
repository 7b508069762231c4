"""Tests of uplinks that were missed while Home Assistant was not connected."""

import asyncio
from datetime import timedelta
from types import MappingProxyType

import pytest

from custom_components.battery_thermal.hub import connection, missed_uplinks
from custom_components.battery_thermal.hub.failures import FailureLog
from custom_components.battery_thermal.lorawan.the_things_stack.storage import STORAGE
from custom_components.battery_thermal.protocol.assembly import Assembler
from custom_components.battery_thermal.protocol.assembly_result import AssemblyResult
from custom_components.battery_thermal.protocol.node_message import NodeMessage
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from simulator.node import Layout, Mode, Numbering
from simulator.the_things_stack import HttpFault
from tests.battery_thermal.common import DEVICE_ID, set_retry_waits, until
from tests.battery_thermal.fake_server import FakeNetworkServer
from tests.battery_thermal.world import World

pytestmark = pytest.mark.usefixtures("all_entities")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the waits."""
    monkeypatch.setattr(connection, "FIRST_WAIT", 0.02)
    set_retry_waits(monkeypatch, (0.02, 0.02, 0.02))


async def away(world: World) -> None:
    """Let the node send an image while Home Assistant is not running, and start it again."""
    entry_id = world.entry.entry_id
    assert await world.hass.config_entries.async_unload(entry_id)
    await world.send_image_unheard()
    connections = world.connections
    assert await world.hass.config_entries.async_setup(entry_id)
    await world.reconnected(connections)
    await world.hass.async_block_till_done()


async def test_fetched(world: World) -> None:
    """Missed uplinks are fetched from the network server."""
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
    # Two more lines, and none counted twice.
    after = float(world.state("sensor", "airtime").state)
    assert after - before == pytest.approx(0.0975 + 0.1027, abs=1e-3)


async def test_server_that_stores_nothing() -> None:
    """Without a storage nothing is fetched, and new messages do not wait."""
    server = FakeNetworkServer()
    server.storage = None
    fetcher = missed_uplinks.MissedUplinkFetcher(server, [], FailureLog("batteries"))
    async with asyncio.timeout(1):
        await fetcher.async_fetch_late()
    assert not server.fetches


async def test_first_start(hass: HomeAssistant, world: World) -> None:
    """The first set-up fetches the stored uplinks."""
    assert await hass.config_entries.async_unload(world.entry.entry_id)
    world.device.storage = True
    await world.send_image_unheard()
    await world.forget()

    connections = world.connections
    assert await hass.config_entries.async_setup(world.entry.entry_id)
    await world.reconnected(connections)
    await hass.async_block_till_done()

    assert world.node.image
    maximum = str(world.node.image.maximum / 10)
    assert world.state("sensor", "maximum").state == maximum


async def test_switched_off(world: World) -> None:
    """If the storage integration is switched off, the result is `off`."""
    maximum = (await world.image()).maximum
    world.model.heat((1, 1), 30)

    await away(world)

    assert world.state("sensor", "catch_up").state == "off"
    assert world.state("sensor", "maximum").state == str(maximum / 10)


@pytest.mark.parametrize(
    # The HTTP client repeats a request without an answer once.
    ("status", "requests"),
    [(0, 8), (403, 1), (404, 1), (429, 4), (500, 4)],
)
async def test_failed_requests(world: World, status: int, requests: int) -> None:
    """Failed requests are repeated, unless the error is permanent."""
    await world.image()
    world.stack.faults.http.extend([HttpFault(status)] * requests)

    await away(world)

    assert world.state("sensor", "catch_up").state == "failed"
    assert not world.stack.faults.http
    assert not world.hass.config_entries.flow.async_progress()


async def test_fetched_after_failures(world: World) -> None:
    """After failed requests a later one returns all missed uplinks."""
    world.device.storage = True
    await world.image()
    world.stack.faults.http.extend([HttpFault(500), HttpFault(429), HttpFault(0)])

    await away(world)

    image = world.node.image
    assert image
    assert world.state("sensor", "catch_up").state == "fetched"
    assert world.state("sensor", "maximum").state == str(image.maximum / 10)


async def test_each_node_for_itself(world: World) -> None:
    """A node that never sent has its own request, for a whole day."""
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
    assert world.record.missed.outcome == "fetched"


async def test_longer_than_a_day(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is concluded about uplinks from before the retention time of the server.

    The same holds for those right before the connection, which may not be stored yet.
    """
    assemblers: list[Assembler] = []
    interrupted = Assembler.note_missing_uplinks

    def spy(assembler: Assembler) -> None:
        assemblers.append(assembler)
        interrupted(assembler)

    monkeypatch.setattr(Assembler, "note_missing_uplinks", spy)
    world.device.storage = True
    await world.image()
    await away(world)
    assert len(assemblers) == 1

    entry_id = world.entry.entry_id
    assert await world.hass.config_entries.async_unload(entry_id)
    world.freezer.tick(timedelta(hours=25))
    await world.send_image_unheard()
    connections = world.connections
    assert await world.hass.config_entries.async_setup(entry_id)
    await world.reconnected(connections)
    await world.hass.async_block_till_done()

    assert world.record.missed.outcome == "fetched"
    assert len(assemblers) == 3


async def test_other_tasks_run_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Other tasks run between many missed uplinks, and the current image continues."""
    monkeypatch.setattr(missed_uplinks, "_BATCH", 1)
    world.device.storage = True
    await world.image()
    await world.step()
    world.battery_node.change_listeners.add_listener(lambda: None)
    world.stack.mqtt.cut()
    await until(lambda: not world.stack.mqtt.connections)
    connections = world.connections
    limits: list[int] = []

    def limit() -> None:
        """Let the owner change something all the time."""
        limits.append(1)
        world.battery_node.async_set_alarm_limits(age=60 + len(limits))
        if world.connections == connections:
            world.hass.loop.call_soon(limit)

    world.hass.loop.call_soon(limit)
    await world.send_image_unheard()
    await world.reconnected(connections)
    await world.hass.async_block_till_done()

    assert world.state("sensor", "lost_lines").state == "0"
    assert world.record.images.suspect_images == 0


async def test_unexpected_error_of_an_uplink(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An error in a missed uplink costs that uplink only, and is logged."""
    world.device.storage = True
    await world.image()
    world.model.heat((1, 1), 30)
    receive = Assembler.receive
    failed: list[NodeMessage] = []

    def fail_once(self: Assembler, message: NodeMessage) -> AssemblyResult:
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


async def test_unexpected_error_of_a_late_uplink(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An error in an uplink that was stored late is logged; others are received."""
    world.device.storage, world.device.storage_delay = True, 10
    await world.image()
    connections = await cut(world)
    world.freezer.tick(30)
    await world.node.step()
    await world.reconnected(connections)

    async def fail(*_args: object) -> None:
        raise LookupError("of ours")

    with monkeypatch.context() as patch:
        patch.setattr(world.battery_node, "async_receive", fail)
        await asked_again(world)

    assert caplog.text.count("an error in this integration") == 1
    image = await world.image()
    assert world.state("sensor", "maximum").state == str(image.maximum / 10)


@pytest.mark.parametrize(
    "body",
    [
        b'{"result": {"end_device_ids": {"device_id": "garage"}}}\n\n',
        b"nonsense\n",
        b"<html>",
    ],
)
async def test_answer_of_unknown_shape(world: World, body: bytes) -> None:
    """After an answer that cannot be read the request is repeated."""
    world.device.storage = True
    await world.image()
    world.stack.faults.http.extend([HttpFault(200, body=body)] * 2)

    await away(world)

    assert not world.stack.faults.http
    assert world.state("sensor", "catch_up").state == "fetched"


async def test_after_an_interruption(world: World) -> None:
    """Uplinks missed between two connections are fetched too."""
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


@pytest.mark.parametrize("lines", [10, 22])
@pytest.mark.parametrize("numbering", Numbering)
async def test_image_over_an_interruption(
    world: World, monkeypatch: pytest.MonkeyPatch, numbering: Numbering, lines: int
) -> None:
    """An image under way waits for the lines that are fetched, however long that takes."""
    monkeypatch.setattr(connection, "LONGEST_WAIT", 0.02)
    world.device.storage = True
    world.node.numbering, world.node.mode = numbering, Mode.SLOW
    for _ in range(2):
        await world.image()
    ended: list[int] = []
    world.record.image_listeners.add_listener(
        lambda archived: ended.append(archived.image.lines_received)
    )
    await world.step(lines)
    connections = world.connections
    await world.stack.stop_mqtt()
    await until(lambda: world.record.missed.in_progress)
    for _ in range(30):
        await world.pass_time(world.node.interval)
        await world.node.step()
    assert not ended
    await world.stack.start_mqtt()
    await world.reconnected(connections)
    await world.image()
    assert ended == [24] * len(ended) and len(ended) >= 2
    assert world.state("sensor", "lost_lines").state == "0"


async def test_long_ago(world: World) -> None:
    """After more than a day, an empty answer does not mean that the storage is off."""
    await world.image()
    await world.pass_time(30 * 3600)

    connections = world.connections
    await world.hass.config_entries.async_reload(world.entry.entry_id)
    await world.reconnected(connections)

    assert world.state("sensor", "catch_up").state == "unknown"


# The network server stores uplinks in batches, so they can be read after a while.


async def cut(world: World) -> int:
    """Cut the connection, and return the number of connections so far."""
    connections = world.connections
    world.stack.mqtt.cut()
    await until(lambda: not world.stack.mqtt.connections)
    return connections


def missing_line(world: World) -> int:
    """Return the first missing line of the newest image."""
    image = world.record.images.image
    assert image
    return image.missing_lines[0]


async def asked_again(world: World) -> None:
    """Wait until uplinks are fetched that were not stored at first."""
    requests = len(world.stack.http.requests)
    await world.pass_time(STORAGE.fetch_again_after + 1)
    await until(lambda: len(world.stack.http.requests) > requests)
    await until(lambda: world.record.missed.caught_up_to is None)
    await world.hass.async_block_till_done()


@pytest.mark.parametrize(
    ("storage", "became"), [(True, "fetched"), (False, "off")], ids=["on", "off"]
)
async def test_asked_too_early(world: World, storage: bool, became: str) -> None:
    """An uplink that is not stored yet does not mean that the storage is off."""
    world.device.storage, world.device.storage_delay = storage, 10
    await world.image()
    connections = world.connections
    assert await world.hass.config_entries.async_reload(world.entry.entry_id)
    await world.reconnected(connections)
    assert world.state("sensor", "catch_up").state == "unknown"

    await asked_again(world)

    assert world.state("sensor", "catch_up").state == became
    assert world.state("sensor", "lost_lines").state == "0"


async def test_later_requests_fail(world: World) -> None:
    """The result stays when the later requests fail."""
    world.device.storage = True
    await world.image()
    connections = await cut(world)
    await world.reconnected(connections)
    world.stack.faults.http.extend([HttpFault(500)] * 4)

    await asked_again(world)

    assert not world.stack.faults.http
    assert world.state("sensor", "catch_up").state == "fetched"


async def test_line_that_was_not_stored_yet(world: World) -> None:
    """A line stored late is put before newer ones, and is counted once."""
    world.device.storage, world.device.storage_delay = True, 10
    world.node.mode = Mode.SLOW
    await world.image()
    await world.step(5)
    connections = await cut(world)
    world.freezer.tick(30)
    await world.node.step()
    await world.reconnected(connections)
    await world.step()
    # A message that is part of no image is not counted twice either.
    await world.pass_time(1)
    await world.device.mac_uplink(7)
    await world.heard()
    airtime = float(world.state("sensor", "airtime").state)
    assert missing_line(world) == 5

    await world.pass_time(16)
    await until(lambda: missing_line(world) == 7)
    await until(lambda: float(world.state("sensor", "airtime").state) != airtime)
    after = float(world.state("sensor", "airtime").state)
    assert after - airtime == pytest.approx(0.118, abs=1e-3)
    image = await world.image()
    assert world.state("sensor", "maximum").state == str(image.maximum / 10)
    assert world.state("sensor", "lost_lines").state == "0"


async def test_newest_that_was_not_stored_yet(world: World) -> None:
    """A line that was stored late is the next one if no newer one has arrived."""
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
    """A line not stored at the first connection is fetched at the second."""
    world.device.storage, world.device.storage_delay = True, 10
    world.node.mode = Mode.SLOW
    await world.image()
    await world.step(5)
    connections = await cut(world)
    world.freezer.tick(30)
    await world.node.step()
    await world.reconnected(connections)
    await world.step()
    assert missing_line(world) == 5

    connections = await cut(world)
    await world.reconnected(connections)
    assert missing_line(world) == 7

    image = await world.image()
    assert world.state("sensor", "maximum").state == str(image.maximum / 10)
    assert world.state("sensor", "lost_lines").state == "0"


@pytest.mark.parametrize(
    ("payload", "age"),
    [(b"\x00", 0), (b"", 0), (bytes(36), 0), (bytes(49), 25)],
    ids=["reset", "mac", "bad", "old"],
)
async def test_uplinks_that_are_too_late(
    world: World, payload: bytes, age: float
) -> None:
    """Late uplinks that would end the current image are left out."""
    world.device.storage, world.device.storage_delay = True, age + 10
    world.node.mode = Mode.SLOW
    await world.image()
    await world.step(5)
    connections = await cut(world)
    world.freezer.tick(30)
    await world.device.uplink(1 if payload else 0, 5, payload)
    world.freezer.tick(age)
    await world.reconnected(connections)
    # The node has sent another message meanwhile.
    world.node.next_uplink()
    await world.pass_time(40)
    await world.node.step()
    await world.heard()
    image = world.record.images.image
    assert image
    rejected = dict(world.record.rejected)
    airtime = world.state("sensor", "airtime").state

    await world.pass_time(6)
    await until(lambda: world.record.missed.caught_up_to is None)
    await world.hass.async_block_till_done()

    assert world.record.images.image is image
    assert world.record.rejected == rejected
    assert world.state("sensor", "airtime").state == airtime
    assert world.state("sensor", "catch_up").state == "fetched"


async def test_change_of_mode_that_was_not_stored_yet(world: World) -> None:
    """The position of the next line stays unknown, because the mode may have changed at another message.

    Lines of both modes have the same length here, and no number.
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

    # The first slow line could be the second, if the mode changed one message earlier.
    await world.step()
    assert world.record.images.image
    assert world.record.images.image.mode == "fast"
    await world.pass_time(16)
    await until(lambda: world.record.missed.caught_up_to is None)
    assert world.record.images.image.mode == "fast"
    await world.image()

    measured = world.record.images.measured
    assert measured
    assert measured.mode == "slow"
    assert measured.complete
    assert not measured.suspect
