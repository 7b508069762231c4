"""Tests of keys and their rights."""

import aiohttp
import aiomqtt
import pytest

from simulator.the_things_stack import (
    MQTT_PAGE_RIGHTS,
    Right,
    TheThingsStack,
    TheThingsStackDevice,
)
from tests.simulator.the_things_stack.conftest import (
    APPLICATION,
    address,
    bearer,
    client,
    following,
)


async def test_rights(stack: TheThingsStack, http: aiohttp.ClientSession) -> None:
    """The rights of the requesting key are returned."""
    stack.add_key("NNSXS.MQTT", MQTT_PAGE_RIGHTS)
    stack.add_key("NNSXS.NOTHING", ())
    url = address(stack, "applications/batteries/rights")
    async with http.get(url, headers=bearer("NNSXS.MQTT")) as answer:
        assert await answer.json() == {
            "rights": [
                "RIGHT_APPLICATION_TRAFFIC_DOWN_WRITE",
                "RIGHT_APPLICATION_TRAFFIC_READ",
            ]
        }
    async with http.get(url, headers=bearer("NNSXS.NOTHING")) as answer:
        assert await answer.json() == {}


async def test_key_without_the_right_to_read_hears_nothing(
    stack: TheThingsStack, device: TheThingsStackDevice, heard: aiomqtt.Client
) -> None:
    """Without the right to read, a client connects and subscribes, and receives nothing."""
    stack.add_key("NNSXS.DEAF", {Right.TRAFFIC_DOWN_WRITE})
    async with client(stack, "NNSXS.DEAF") as deaf:
        assert tuple(await deaf.subscribe(f"{APPLICATION}/devices/+/up")) == (0,)
        await device.uplink(1, 0, b"\x00")
        await following(heard)
        # Requests are still answered, so a message would have arrived before this answer.
        await deaf.unsubscribe(f"{APPLICATION}/devices/+/up")
        assert len(deaf.messages) == 0


async def test_revoked_while_connected(stack: TheThingsStack) -> None:
    """Revoking a key ends its connections and refuses new ones."""
    async with client(stack) as other:
        stack.add_key("NNSXS.SHORT", MQTT_PAGE_RIGHTS)
        async with client(stack, "NNSXS.SHORT") as listener:
            stack.revoke_key("NNSXS.SHORT")
            with pytest.raises(aiomqtt.MqttError):
                await anext(listener.messages)
        with pytest.raises(aiomqtt.MqttCodeError) as refused:
            async with client(stack, "NNSXS.SHORT"):
                pass
        assert refused.value.rc == "Not authorized"
        assert tuple(await other.subscribe(f"{APPLICATION}/devices/+/up")) == (0,)
