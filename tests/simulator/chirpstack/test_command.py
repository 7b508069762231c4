"""Tests of the command that runs the stand-in for ChirpStack."""

import signal

import aiomqtt

from tests.simulator.cli.command import command
from tests.simulator.conftest import Mosquitto


async def test_chirpstack(mosquitto: Mosquitto) -> None:
    """Nodes send through it, on any broker or on one of its own."""
    broker = ("--broker", f"127.0.0.1:{mosquitto.port}")
    for where in (broker, ("--own-broker", "0")):
        async with command(
            "chirpstack", *where, "--qos", "1", "--speed", "1000",
            "--event-prefix", "eu/", "--device", "70b3d57ed0000009",
        ) as server:  # fmt: skip
            port = mosquitto.port
            if where is not broker:
                port = int((await server.until(r"MQTT: 127.0.0.1:(\d+)"))[1])
            application = (await server.until(r"application (\S+)"))[1]
            async with aiomqtt.Client("127.0.0.1", port) as client:
                topic = f"eu/application/{application}/device/70b3d57ed0000009"
                await client.subscribe(f"{topic}/event/up", qos=1)
                uplink = await anext(client.messages)
                assert uplink.topic.value == f"{topic}/event/up"
            await server.until("70b3d57ed0000009 has sent a fast image")
            assert await server.stop(signal.SIGTERM) == 0
