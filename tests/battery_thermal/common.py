"""What the tests share."""

import asyncio
from collections.abc import Callable
from typing import Any

from custom_components.battery_thermal.const import DOMAIN
from simulator.the_things_stack import TheThingsStack

__all__ = ["DEVICE_ID", "DOMAIN", "KEY", "entry_data", "until"]

KEY = "NNSXS.EXAMPLEKEY"
DEVICE_ID = "garage"


def entry_data(stack: TheThingsStack, key: str = KEY) -> dict[str, Any]:
    """Return what the config entry of the stand-in's application holds."""
    return {
        "host": "127.0.0.1",
        "tls": False,
        "mqtt_port": stack.mqtt_port,
        "http_port": stack.http_port,
        "application": stack.uid,
        "api_key": key,
    }


async def until(condition: Callable[[], object]) -> None:
    """Wait for what real sockets bring in their own time."""
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.002)
