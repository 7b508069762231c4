"""Tests of the blueprint that writes a report of each month."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.util import dt as dt_util
from tests.battery_thermal.world import World
from tests.blueprints.common import use_blueprint

PATH = "automation/battery_thermal/monthly_report.yaml"


@pytest.fixture
def notified(hass: HomeAssistant) -> list[ServiceCall]:
    """Return the calls of an action that the owner has chosen."""
    calls: list[ServiceCall] = []
    hass.services.async_register("test", "notify", calls.append)
    return calls


async def test_first_of_the_month(
    world: World,
    notified: list[ServiceCall],
    tmp_path: Path,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """The report is of the whole month before; the owner's actions get its address."""
    world.hass.config.media_dirs = {"local": str(tmp_path)}
    await world.image()
    automation = await use_blueprint(
        world.hass,
        PATH,
        node=world.registered_device.id,
        at="03:00:00",
        after=[
            {
                "action": "test.notify",
                "data": {"url": "{{ report.url }}", "file": "{{ report.filename }}"},
            }
        ],
    )
    today = dt_util.start_of_local_day()
    first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    # The second of the month is not the first.
    await at(world, first + timedelta(days=1, hours=3))
    assert notified == []
    following = (first + timedelta(days=32)).replace(day=1)
    await at(world, following + timedelta(hours=3))
    (call,) = notified
    assert call.data["file"].startswith(
        f"{tmp_path}/battery_thermal/garage_{first:%Y-%m-%d}_{following:%Y-%m-%d}_"
    )
    # Otherwise it would run tomorrow.
    await world.hass.services.async_call(
        "automation", "turn_off", {"entity_id": automation}, blocking=True
    )
    client = await hass_client_no_auth()
    response = await client.get(call.data["url"])
    assert response.status == 200
    assert (
        f"{first:%Y-%m-%d} 00:00 – {following:%Y-%m-%d} 00:00" in await response.text()
    )


async def at(world: World, time: datetime) -> None:
    """Let the time come."""
    world.freezer.move_to(time - timedelta(seconds=1))
    await world.pass_time(2)
    await world.hass.async_block_till_done()
