"""Tests of The Things Stack as the demo, tests and benchmarks use it."""

from contextlib import AsyncExitStack
from datetime import UTC, datetime
import json

import aiohttp
import aiomqtt
import pytest

from simulator.node import Uplink
from simulator.raw import Where, raw
from simulator.the_things_stack.network import TheThingsStackNetwork

FRAME = Uplink(f_port=1, f_cnt=7, payload=b"\x01", line=7)


async def test_network() -> None:
    """What is published has the topic and the content of a device's uplinks."""
    network = TheThingsStackNetwork()
    device = network.add_device(0, "Garage")
    assert network.add_device(1, "Shed").device_id != device.device_id
    async with AsyncExitStack() as exits:
        await network.start(exits)
        answers = network.answers
        assert str(answers["mqtt_port"]) in network.description
        menu, entered = network.steps(shared_broker=True)
        assert (menu, entered) == ({"next_step_id": "own"}, network.entry_data)
        client = await exits.enter_async_context(
            aiomqtt.Client(
                "127.0.0.1",
                answers["mqtt_port"],
                username=answers["application"],
                password=answers["api_key"],
                protocol=aiomqtt.ProtocolVersion.V311,
            )
        )
        await client.subscribe("v3/batteries@ttn/devices/+/up")
        topic, payload = network.published(0, FRAME, datetime.now(UTC))
        await device.join()
        await device.uplink(FRAME.f_port, FRAME.f_cnt, FRAME.payload)
        heard = await anext(client.messages)
        assert heard.topic.value == topic
        assert isinstance(heard.payload, bytes)
        for published in heard.payload, payload:
            uplink = json.loads(published)["uplink_message"]
            assert (uplink["f_cnt"], uplink["frm_payload"]) == (7, "AQ==")
        network.post_downlink(0, b"\xc0\x32")
        await device.uplink(1, 8, b"\x02")
        assert [downlink.payload for downlink in device.downlinks] == [b"\xc0\x32"]
        url = f"http://127.0.0.1:{answers['http_port']}"
        headers = {"Authorization": f"Bearer {answers['api_key']}"}
        http = await exits.enter_async_context(
            aiohttp.ClientSession(url, headers=headers)
        )
        path = "/api/v3/applications/batteries/devices"
        async with http.get(path) as answer:
            assert len((await answer.json())["end_devices"]) == 2
        assert network.connections == 1
        assert not network.refused_commands
        network.faults[Where.DEVICES] = raw(b"HTTP/1.1 503 X\r\n\r\n")
        async with http.get(path) as answer:
            assert answer.status == 503
        network.cut()
        with pytest.raises(aiomqtt.MqttError):
            # What was published before is still delivered.
            [await anext(client.messages) for _ in range(9)]
