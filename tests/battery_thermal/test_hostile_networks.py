"""Tests of nodes and the dialog with a hostile server of each other kind.

`test_hostile_server` has those of The Things Stack, which are more.
"""

import asyncio
from contextlib import AsyncExitStack
import json
from pathlib import Path
from typing import Any

import pytest

from custom_components.battery_thermal.hub import connection
from custom_components.battery_thermal.lorawan import mqtt5_connection, mqtt_connection
from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from simulator.attempt import Attempt
from simulator.network import Network
from simulator.networks import NETWORKS
from simulator.raw import Where

from .common import DOMAIN, batch_id, batches
from .networks import Hooks, NetworkWorld, made

TEXTS: dict[str, Any] = json.loads(
    (
        Path(__file__).parents[2]
        / "custom_components/battery_thermal/translations/en.json"
    ).read_text()
)["config"]
OTHERS = [kind for kind in NETWORKS.values() if kind.key != "the_things_stack"]


@pytest.mark.parametrize("kind", NETWORKS.values())
def test_refusals(kind: type[Network]) -> None:
    """What the dialog may show for a server is an error that has a text."""
    assert kind.refusals <= TEXTS["error"].keys()


@pytest.mark.usefixtures("all_entities")
@pytest.mark.parametrize(
    ("kind", "attempts"),
    [
        pytest.param(kind, batch, id=f"{kind.key}: {batch_id(batch)}")
        for kind in OTHERS
        for batch in batches(kind.attempts)
    ],
)
async def test_running(
    hooks: Hooks,
    kind: type[Network],
    attempts: list[Attempt],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whatever a server sends, later images are correct, and no error is logged."""
    monkeypatch.setattr(connection, "FIRST_WAIT", 0.02)
    monkeypatch.setattr(connection, "LONGEST_WAIT", 0.05)
    monkeypatch.setattr(mqtt5_connection, "PUBACK_WITHIN", 0.3)
    async with made(kind(), hooks) as world:
        await world.image()
        for number, attempt in enumerate(attempts):
            await run_attempt(world, attempt, 60 + number)
            assert "an error in this integration" not in caplog.text


async def run_attempt(world: NetworkWorld, attempt: Attempt, threshold: int) -> None:
    """Run an attempt of the server, set the application up again, and check an image."""
    world.network.faults[attempt.where] = attempt.what
    with pytest.MonkeyPatch.context() as quick:
        quick.setattr(mqtt_connection, "CONNECT_WITHIN", 0.3)
        if attempt.where is Where.DOWN:
            await world.call("number", "threshold", "set_value", value=threshold)
            await world.pass_time(6)
            await asyncio.sleep(0.1)
        else:
            world.network.cut()
        await asyncio.sleep(0.25)
    world.network.faults.clear()
    connections = world.connections
    assert await world.hass.config_entries.async_reload(world.entry.entry_id)
    await world.reconnected(connections)
    await world.image()
    image = await world.image()
    assert world.state("sensor", "maximum").state == str(image.maximum / 10)
    assert world.entry.runtime_data.failures.counts == {}


@pytest.mark.parametrize("kind", OTHERS)
async def test_dialog(
    hass: HomeAssistant, kind: type[Network], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dialog shows an error that is known for such a server."""
    monkeypatch.setattr(mqtt_connection, "CONNECT_WITHIN", 0.3)
    flows = hass.config_entries.flow
    network = kind()
    async with AsyncExitStack() as exits:
        await network.start(exits)
        menu, answers, *_ = network.steps()
        for attempt in network.attempts:
            if not attempt.in_dialog:
                continue
            network.faults[attempt.where] = attempt.what
            result = await flows.async_init(DOMAIN, context={"source": SOURCE_USER})
            await flows.async_configure(result["flow_id"], menu)
            async with asyncio.timeout(10):
                result = await flows.async_configure(result["flow_id"], answers)
            assert result["type"] is FlowResultType.FORM, attempt.name
            assert result["errors"]
            assert set(result["errors"].values()) <= network.refusals, attempt.name
            flows.async_abort(result["flow_id"])
            network.faults.clear()
