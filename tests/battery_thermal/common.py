"""Constants and helpers of the tests of battery_thermal."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from custom_components.battery_thermal.const import DOMAIN
from custom_components.battery_thermal.lorawan.the_things_stack import (
    server as the_things_stack,
)
from custom_components.battery_thermal.lorawan.the_things_stack.storage import STORAGE
from homeassistant.config_entries import SOURCE_RECONFIGURE, ConfigEntry
from homeassistant.core import HomeAssistant
from simulator.the_things_stack import TheThingsStack

__all__ = [
    "DEVICE_ID",
    "DOMAIN",
    "KEY",
    "batch_id",
    "batches",
    "choose_step",
    "entry_data",
    "fields_of",
    "open_options",
    "placeholders_of",
    "set_retry_waits",
    "until",
]

KEY = "NNSXS.EXAMPLEKEY"
DEVICE_ID = "garage"


def entry_data(stack: TheThingsStack, key: str = KEY) -> dict[str, Any]:
    """Return the data of the config entry for the stand-in's application."""
    return {
        "host": "127.0.0.1",
        "tls": False,
        "mqtt_port": stack.mqtt_port,
        "http_port": stack.http_port,
        "application": stack.uid,
        "api_key": key,
    }


def fields_of(result: Any) -> dict[Any, Any]:
    """Return the fields and selectors of the form of a flow's result."""
    fields: dict[Any, Any] = result["data_schema"].schema
    return fields


async def open_options(hass: HomeAssistant, entry: ConfigEntry, node: str) -> Any:
    """Open the form of the options of a node, by the id of its subentry."""
    return await choose_step(hass, entry, node, "options")


async def choose_step(
    hass: HomeAssistant, entry: ConfigEntry, node: str, step: str
) -> Any:
    """Open a form of the dialog of a node, as its menu does."""
    flows = hass.config_entries.subentries
    menu = await flows.async_init(
        (entry.entry_id, "node"),
        context={"source": SOURCE_RECONFIGURE, "subentry_id": node},
    )
    assert step in menu["menu_options"]
    return await flows.async_configure(menu["flow_id"], {"next_step_id": step})


def placeholders_of(result: Any) -> dict[str, str]:
    """Return the placeholders of the form of a flow's result."""
    return dict(result["description_placeholders"])


async def until(condition: Callable[[], object]) -> None:
    """Wait until a condition that depends on real sockets holds.

    It is there in milliseconds; a very busy machine has needed more than 5 s.
    """
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.002)


def set_retry_waits(monkeypatch: pytest.MonkeyPatch, waits: tuple[float, ...]) -> None:
    """Set the waits, in seconds, before uplinks are requested again."""
    server = the_things_stack.TheThingsStack
    storage = replace(STORAGE, retry_waits=waits)
    monkeypatch.setattr(server, "storage", storage)


def batches[T](cases: Sequence[T], size: int = 10) -> list[list[T]]:
    """Return cases in groups: a test of a group starts Home Assistant once for all."""
    return [list(cases[start : start + size]) for start in range(0, len(cases), size)]


def batch_id(cases: Sequence[Any]) -> str:
    """Return the names of the first and the last case of a group."""
    return f"{cases[0].name} to {cases[-1].name}"
