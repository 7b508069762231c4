"""Tests of the command that runs the stand-in for The Things Stack."""

import asyncio
import signal

import aiohttp
import aiomqtt

from tests.simulator.cli.command import command


async def devices_of(http: aiohttp.ClientSession) -> list[object] | None:
    """Return the devices of an application, None if the server refuses."""
    async with http.get("/api/v3/applications/batteries/devices") as answer:
        return (await answer.json())["end_devices"] if answer.ok else None


async def test_the_things_stack() -> None:
    """The node sends over HTTP and MQTT, with a disturbance now and then."""
    async with command(
        "the-things-stack", "--mqtt-port", "0", "--http-port", "0", "--key", "secret",
        "--device", "one", "--device", "two", "--speed", "1000", "--trouble-every", "1",
    ) as stack:  # fmt: skip
        port = int((await stack.until(r"MQTT: 127.0.0.1:(\d+)"))[1])
        url = (await stack.until(r"HTTP: (http://\S+)"))[1]
        await stack.until("user batteries@ttn, key secret")
        async with aiomqtt.Client(
            "127.0.0.1",
            port,
            username="batteries@ttn",
            password="secret",
            protocol=aiomqtt.ProtocolVersion.V311,
        ) as client:
            await client.subscribe("v3/batteries@ttn/devices/one/up")
            await anext(client.messages)
        headers = {"Authorization": "Bearer secret"}
        async with aiohttp.ClientSession(url, headers=headers) as http:
            # The server refuses while a disturbance lasts.
            async with asyncio.timeout(20):
                while (devices := await devices_of(http)) is None:
                    await asyncio.sleep(0.1)
        assert len(devices) == 2
        await stack.until("two has sent a fast image")
        await stack.until("trouble: ")
        assert await stack.stop(signal.SIGTERM) == 0
