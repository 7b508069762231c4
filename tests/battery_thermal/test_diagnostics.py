"""Tests of the diagnostics."""

from datetime import datetime, timedelta
import json
from pathlib import Path
from typing import Any

from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from .common import KEY
from .world import World

# ruff: noqa: ASYNC240 -- the disk of a test does not block for long


async def diagnostics_of(
    world: World, hass_client: ClientSessionGenerator
) -> dict[str, Any]:
    """Return the diagnostics of the application."""
    diagnostics: Any = await get_diagnostics_for_config_entry(
        world.hass, hass_client, world.entry
    )
    assert isinstance(diagnostics, dict)
    return diagnostics


async def test_diagnostics(world: World, hass_client: ClientSessionGenerator) -> None:
    """Diagnostics are complete before and after the first image, and have no key."""
    diagnostics = await diagnostics_of(world, hass_client)
    node = diagnostics["nodes"]["garage"]
    assert node["image"] is None
    assert node["watch"]["hottest_cell"] is None
    assert node["archive"]["images"] == 0
    assert node["archive"]["oldest"] is None

    image = await world.image()
    await world.call("number", "threshold", "set_value", value=60)
    diagnostics = await diagnostics_of(world, hass_client)

    assert diagnostics["entry"]["api_key"] == "**REDACTED**"
    assert KEY not in json.dumps(diagnostics)
    node = diagnostics["nodes"]["garage"]
    assert node["settings"] == {"device_id": "garage", "layout": "slow_24"}
    assert node["image"]["maximum"] == image.maximum / 10
    assert node["delivery"]["wanted"]["threshold"] == 60
    assert node["link"]["gateways"] == 1
    assert node["layout"] == "slow_24"


async def test_diagnostics_of_cells_and_archive(
    world: World, hass_client: ClientSessionGenerator
) -> None:
    """Diagnostics have alarms and archive with their limits."""
    await world.configure(
        cells={"rows": 4, "columns": 3},
        correction={"offset": 1.5, "dead_pixels": ["3, 4"]},
        archive={"days": 30, "megabytes": 5},
    )
    world.model.heat((2, 1), 20)
    await world.image()
    first = world.record.images.measured
    assert first
    await world.image()
    await world.hass.async_block_till_done()

    diagnostics = await diagnostics_of(world, hass_client)

    node = diagnostics["nodes"]["garage"]
    assert node["correction"] == {
        "offset": 1.5,
        "emissivity": 0.95,
        "dead_pixels": [[2, 3]],
        "areas": [],
    }
    watch = node["watch"]
    assert watch["hottest_cell"] == "C2"
    assert len(watch["areas"]) == 12
    assert watch["limits"]["imbalance_alarm"] == 10
    assert watch["alarms"]["imbalance_alarm"]["active"] is True
    assert abs(watch["rise"]) < 1
    archive = node["archive"]
    assert archive["images"] == 2
    assert 0 < archive["matrix_bytes"] < 5_000
    late = first.started_at - datetime.fromisoformat(archive["oldest"])
    assert timedelta() <= late < timedelta(milliseconds=1)
    assert archive["limits"] == {"days": 30, "megabytes": 5}

    path = Path(world.hass.config.path("battery_thermal.db"))
    path.write_text("no database, but too long to be taken for an empty one" * 100)
    diagnostics = await diagnostics_of(world, hass_client)
    assert "not a database" in diagnostics["nodes"]["garage"]["archive"]["error"]
