"""Tests of the WebSocket commands of the archive."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from tests.battery_thermal.common import DOMAIN
from tests.battery_thermal.world import World

type Ask = Callable[..., Awaitable[dict[str, Any]]]

DAY = timedelta(days=1)


@pytest.fixture
def ask(world: World, hass_ws_client: WebSocketGenerator) -> Ask:
    """Send a command about the node's archive."""

    async def ask(command: str, **what: object) -> dict[str, Any]:
        await world.hass.async_block_till_done()
        client = await hass_ws_client()
        (node,) = world.entry.subentries
        await client.send_json_auto_id(
            {"type": f"{DOMAIN}/{command}", "node": node} | what
        )
        answer: dict[str, Any] = await client.receive_json()
        await client.close()
        return answer

    return ask


def stamp(time: datetime) -> int:
    """Return a time in the format of the messages."""
    return int(time.timestamp() * 1000)


def damage(world: World) -> None:
    """Replace the archive's file by something else."""
    Path(world.hass.config.path(f"{DOMAIN}.db")).write_bytes(b"broken" * 1000)


async def test_images_of_a_day(world: World, ask: Ask) -> None:
    """The answer has the times of images in a span, and the neighbours before and after it."""
    await world.image()
    await world.pass_time(60)
    begun = world.now
    for _ in range(3):
        await world.image()
    ended = world.now
    await world.pass_time(60)
    await world.image()
    span = {"start": stamp(begun), "end": stamp(ended)}
    found = (await ask("archive_index", **span))["result"]
    assert len(found["times"]) == 3
    assert found["times"] == sorted(found["times"])
    assert found["before"] < span["start"] <= found["times"][0]
    assert found["times"][-1] < span["end"] <= found["after"]
    nothing = {"start": 0, "end": 1000}
    found = (await ask("archive_index", **nothing))["result"]
    assert (found["times"], found["before"]) == ([], None)
    assert found["after"] > 0


async def test_image(world: World, ask: Ask) -> None:
    """An image has the same content as when it was new, with its circumstances."""
    await world.configure(
        picture={"mirror": True},
        cells={"rows": 1, "columns": 2},
        correction={"offset": 2},
    )
    sent = await world.image()
    found = await ask("archive_index", start=0, end=stamp(world.now + DAY))
    (time,) = found["result"]["times"]
    result = (await ask("archive_image", time=time))["result"]
    image = result["image"]
    assert image["rows"] == [
        [round(value / 10 + 2, 1) for value in reversed(row)]
        for row in sent.matrix.tolist()
    ]
    assert (image["closed"], len(image["areas"])) == (True, 2)
    assert image["started_at"] == pytest.approx(time / 1000)
    assert result["ambient"] == world.record.images.ambient
    assert result["threshold"] is None
    answer = await ask("archive_image", time=time + 1)
    assert answer["error"]["code"] == "not_found"
    answer = await ask("archive_image", time=0)
    assert answer["error"]["code"] == "not_found"


async def test_without_permission(
    world: World, ask: Ask, hass_admin_user: MockUser
) -> None:
    """Users without permission, and requests for unknown nodes, get an error."""
    span = {"start": 0, "end": 1}
    answer = await ask("archive_index", **span, node="another")
    assert answer["error"]["code"] == "unauthorized"
    hass_admin_user.groups = []
    hass_admin_user.mock_policy({})
    for command, what in (("archive_index", span), ("archive_image", {"time": 0})):
        answer = await ask(command, **what)
        assert answer["error"]["code"] == "unauthorized"
    picture = world.entity_id("image", "thermal")
    hass_admin_user.mock_policy({"entities": {"entity_ids": {picture: True}}})
    assert (await ask("archive_index", **span))["success"]


async def test_archive_that_cannot_be_read(world: World, ask: Ask) -> None:
    """A damaged file results in an error that says so."""
    await world.image()
    await world.hass.async_block_till_done()
    damage(world)
    for command, what in (
        ("archive_index", {"start": 0, "end": 1}),
        ("archive_image", {"time": 0}),
    ):
        error = (await ask(command, **what))["error"]
        assert error["code"] == "home_assistant_error"
        assert "not a database" in error["message"]
        assert error["translation_key"] == "archive_failed"


async def test_invalid_times(ask: Ask) -> None:
    """Invalid times are refused."""
    for time in (-1, 10**18, "now"):
        answer = await ask("archive_image", time=time)
        assert answer["error"]["code"] == "invalid_format", time
