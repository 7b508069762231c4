"""Attempts of a server to block Home Assistant, over real sockets.

`benchmarks/hostile_server.py` measures the same attempts with the real limits.
"""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.battery_thermal.hub import connection
from custom_components.battery_thermal.lorawan import http_client, mqtt_connection
from custom_components.battery_thermal.lorawan.the_things_stack import (
    server as the_things_stack,
)
from homeassistant.config_entries import SOURCE_USER, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from simulator.attempt import Attempt
from simulator.the_things_stack import TheThingsStack, Where
from simulator.the_things_stack.attempts import ATTEMPTS

from .common import batch_id, batches, entry_data, fields_of, set_retry_waits, until
from .test_config_flow import finish, start
from .world import World

IN_DIALOG = [one for one in ATTEMPTS if one.in_dialog]
RUNNING = [one for one in ATTEMPTS if not one.in_dialog]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connect again without a wait."""
    monkeypatch.setattr(connection, "FIRST_WAIT", 0.02)
    monkeypatch.setattr(connection, "LONGEST_WAIT", 0.05)
    set_retry_waits(monkeypatch, (0.01,))


@pytest.fixture
def expected_lingering_tasks() -> bool:
    """Stop the stand-in's answers that are not read."""
    return True


@contextmanager
def small_limits() -> Generator[None]:
    """Limit an answer to a second instead of eight, and to a megabyte."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(mqtt_connection, "CONNECT_WITHIN", 1.5)
        monkeypatch.setattr(http_client, "ANSWER_WITHIN", 0.8)
        monkeypatch.setattr(http_client, "LONG_ANSWER_WITHIN", 0.8)
        monkeypatch.setattr(the_things_stack, "_SEVERAL_WITHIN", 1.0)
        monkeypatch.setattr(http_client, "LONGEST_ANSWER", 1_000_000)
        yield


def test_table() -> None:
    """The table has at least forty attempts with unique names."""
    assert len({attempt.name for attempt in ATTEMPTS}) == len(ATTEMPTS) >= 40


@pytest.mark.parametrize("attempt", IN_DIALOG, ids=lambda attempt: attempt.name)
async def test_dialog(
    hass: HomeAssistant, stack: TheThingsStack, attempt: Attempt
) -> None:
    """The dialog shows an error, and succeeds once the server answers correctly."""
    flow_id = await start(hass, "own")
    stack.faults.raw[attempt.where] = attempt.what
    configure = hass.config_entries.flow.async_configure
    with small_limits():
        async with asyncio.timeout(10):
            result = await configure(flow_id, entry_data(stack))
    if result["type"] is FlowResultType.FORM:
        assert result["errors"]
        assert result["errors"]["base"] in {
            "cannot_connect",
            "invalid_key",
            "no_rights",
            "server_error",
        }
        stack.faults.raw.clear()
        result = await configure(flow_id, entry_data(stack))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await finish(hass, result["result"])


@pytest.mark.parametrize("attempts", batches(RUNNING), ids=batch_id)
async def test_running(world: World, attempts: list[Attempt], caplog: Any) -> None:
    """Set-up completes, no error is logged, and later images are correct."""
    await world.image()
    for number, attempt in enumerate(attempts):
        await run_attempt(world, attempt, 60 + number)
        assert "an error in this integration" not in caplog.text


async def run_attempt(world: World, attempt: Attempt, threshold: int) -> None:
    """Set the application up during an attempt and after it, and check an image."""
    stack, entry = world.stack, world.entry
    stack.faults.raw[attempt.where] = attempt.what
    if attempt.where is Where.DOWN:
        await world.call("number", "threshold", "set_value", value=threshold)
        requests = len(stack.http.requests)
        await world.pass_time(6)
        await until(lambda: len(stack.http.requests) > requests)
    with small_limits():
        async with asyncio.timeout(10):
            assert await world.hass.config_entries.async_reload(entry.entry_id)
        assert entry.state is ConfigEntryState.LOADED
        await asyncio.sleep(0.3)

    stack.faults.raw.clear()
    connections = world.connections
    assert await world.hass.config_entries.async_reload(entry.entry_id)
    await world.reconnected(connections)
    await world.image()
    image = await world.image()

    assert world.state("sensor", "maximum").state == str(image.maximum / 10)
    assert entry.runtime_data.failures.counts == {}


@pytest.mark.parametrize(
    "attempt",
    [one for one in ATTEMPTS if one.where is Where.DEVICES],
    ids=lambda attempt: attempt.name,
)
async def test_node_dialog(
    hass: HomeAssistant, setup: MockConfigEntry, stack: TheThingsStack, attempt: Attempt
) -> None:
    """A node can be added by its id when the list of devices is invalid."""
    stack.faults.raw[attempt.where] = attempt.what
    with small_limits():
        result = await hass.config_entries.subentries.async_init(
            (setup.entry_id, "node"), context={"source": SOURCE_USER}
        )
    assert fields_of(result)["device_id"].config["options"] == []


@pytest.mark.parametrize(
    "device_id", ["", "a/../b", "gärage", "Garage", "a" * 37, "ab"]
)
async def test_no_device_id(
    hass: HomeAssistant, setup: MockConfigEntry, device_id: str
) -> None:
    """An invalid device id is refused, and can be corrected."""
    result = await hass.config_entries.subentries.async_init(
        (setup.entry_id, "node"), context={"source": SOURCE_USER}
    )
    configure = hass.config_entries.subentries.async_configure
    said = {"device_id": device_id, "layout": "slow_24"}
    result = await configure(result["flow_id"], said)
    assert result["errors"] == {"base": "invalid_device_id"}

    result = await configure(result["flow_id"], said | {"device_id": "shed"})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()


@pytest.mark.parametrize(
    "application", ["", "a/../b@ttn", "batteries@", "b a", "ä@ttn"]
)
async def test_no_application_id(
    hass: HomeAssistant, stack: TheThingsStack, application: str
) -> None:
    """An invalid application id is refused and never sent."""
    flow_id = await start(hass, "own")
    result = await hass.config_entries.flow.async_configure(
        flow_id, entry_data(stack) | {"application": application}
    )
    assert result["errors"] == {"base": "invalid_application"}
    assert not stack.http.requests


async def test_another_device_is_set_up_with_a_wrong_id(
    hass: HomeAssistant, entry: MockConfigEntry, stack: TheThingsStack
) -> None:
    """An invalid id in a stored entry is never requested."""
    (node,) = entry.subentries.values()
    data = {**node.data, "device_id": "../../others/devices/b"}
    hass.config_entries.async_update_subentry(entry, node, data=data)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await until(
        lambda: ("GET", "/api/v3/applications/batteries/devices") in stack.http.requests
    )
    assert not [path for _, path in stack.http.requests if "others" in path]
    await hass.config_entries.async_unload(entry.entry_id)


async def test_host_in_another_spelling(
    hass: HomeAssistant, stack: TheThingsStack, entry: MockConfigEntry
) -> None:
    """Hosts are equal without regard to case and a dot at their end."""
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, "host": "LocalHost."}
    )
    flow_id = await start(hass, "own")
    data = entry_data(stack) | {"host": "localhost", "application": "Batteries@ttn"}
    result = await hass.config_entries.flow.async_configure(flow_id, data)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"
