"""Tests of ChirpStack as the demo, tests and benchmarks use it."""

from contextlib import AsyncExitStack
from datetime import UTC, datetime

import aiomqtt
import pytest

from simulator.chirpstack.network import ChirpStackNetwork
from simulator.mqtt.client import Broker
from simulator.node import Uplink
from simulator.raw import Where, raw
from tests.chirpstack_api import parse_event
from tests.simulator.conftest import Mosquitto

FRAME = Uplink(f_port=1, f_cnt=7, payload=b"\x01", line=7)


async def test_its_own_broker() -> None:
    """What is published has the topic and the content of a device's uplinks."""
    network = ChirpStackNetwork()
    device = network.add_device(0, "Garage")
    async with AsyncExitStack() as exits:
        await network.start(exits)
        port = network.answers["mqtt_port"]
        assert network.description.endswith(f"port {port}")
        assert network.connections == 0
        client = await exits.enter_async_context(aiomqtt.Client("127.0.0.1", port))
        await client.subscribe("application/+/device/+/event/+")
        assert network.connections == 1
        topic, payload = network.published(0, FRAME, datetime.now(UTC))
        await device.join()
        await device.uplink(FRAME.f_port, FRAME.f_cnt, FRAME.payload)
        heard = [await anext(client.messages) for _ in range(2)][-1]
        assert heard.topic.value == topic
        assert isinstance(heard.payload, bytes)
        event, other = (parse_event("up", one) for one in (heard.payload, payload))
        assert event.device_info.dev_eui == other.device_info.dev_eui
        assert (event.f_cnt, event.f_port, event.data) == (7, 1, b"\x01")
        assert (other.f_cnt, other.f_port, other.data) == (7, 1, b"\x01")
        network.post_downlink(0, b"\xc0\x32")
        await device.uplink(1, 8, b"\x02")
        assert [downlink.payload for downlink in device.downlinks] == [b"\xc0\x32"]
        assert network.steps() == network.steps(shared_broker=True)
        assert network.entry_data.items() > network.answers.items()
        await client.publish(f"{topic.removesuffix('event/up')}command/down", b"{", 1)
        assert len(network.refused_commands) == 1
        network.cut()
        with pytest.raises(aiomqtt.MqttError):
            # What was published before is still delivered.
            [await anext(client.messages) for _ in range(9)]
        network.faults[Where.CONNECT] = raw(b"\x00")
        with pytest.raises(aiomqtt.MqttError):
            await aiomqtt.Client("127.0.0.1", port, timeout=0.2).__aenter__()


async def test_a_running_broker(mosquitto: Mosquitto) -> None:
    """The devices of the application publish there."""
    network = ChirpStackNetwork(broker=Broker(port=mosquitto.port), seed=3)
    device = network.add_device(1, "Shed")
    async with AsyncExitStack() as exits:
        await network.start(exits)
        client = await exits.enter_async_context(
            aiomqtt.Client("127.0.0.1", mosquitto.port)
        )
        application = network.answers["application"]
        topic = f"application/{application}/device/{device.device_id}/event/join"
        await client.subscribe(topic)
        await device.join()
        assert (await anext(client.messages)).topic.value == topic
        menu, answers, _ = network.steps(shared_broker=True)
        assert menu == {"next_step_id": "chirpstack_home_assistant"}
        assert answers == {"application": application}
        assert network.steps()[1] == network.answers
        assert network.answers["mqtt_port"] == mosquitto.port
