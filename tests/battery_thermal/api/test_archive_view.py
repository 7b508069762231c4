"""Tests of the pictures of archived images over HTTP."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.battery_thermal.api.archive_view import (
    HOTTEST_URL,
    bounds_of_day,
    picture_path,
)
from custom_components.battery_thermal.const import DOMAIN
from homeassistant.util import dt as dt_util
from tests.battery_thermal.world import World


def node_id(world: World) -> str:
    """Return the id of the node's subentry."""
    return world.battery_node.subentry_id


async def archived(world: World) -> datetime:
    """Let the node send an image; return when it began."""
    await world.image()
    await world.hass.async_block_till_done()
    shown = world.record.images.measured
    assert shown
    return shown.started_at


def hottest_path(world: World, day: str) -> str:
    """Return the URL of the hottest image of a day."""
    return HOTTEST_URL.format(node_id=node_id(world), day=day)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("UTC", "2026-03-29", 24),
        ("Europe/Brussels", "2026-03-29", 23),
        ("Europe/Brussels", "2026-10-25", 25),
        ("America/Sao_Paulo", "2026-10-25", 24),
    ],
)
def test_bounds_of_a_day(zone: str, day: str, hours: int) -> None:
    """A day is one of the local time, with 23 to 25 hours."""
    before = dt_util.get_default_time_zone()
    dt_util.set_default_time_zone(ZoneInfo(zone))
    try:
        begin, end = bounds_of_day(day)
        assert begin.isoformat().startswith(f"{day}T00:00")
        # In UTC: of two local times Python takes the difference of the clocks.
        assert end.astimezone(UTC) - begin.astimezone(UTC) == timedelta(hours=hours)
    finally:
        dt_util.set_default_time_zone(before)


@pytest.mark.parametrize("day", ["", "today", "2026-02-30", "2026-1-1"])
def test_no_day(day: str) -> None:
    """Other texts are refused, and so is the last day that Python knows."""
    with pytest.raises(ValueError, match="."):
        bounds_of_day(day)
    with pytest.raises(OverflowError):
        bounds_of_day("9999-12-31")


async def test_found_by_its_start(
    world: World, hass_client: ClientSessionGenerator
) -> None:
    """The URL has the start in milliseconds; anything else is not there, or no image."""
    started_at = await archived(world)
    client = await hass_client()
    path = picture_path(node_id(world), started_at)
    base, _, stamp = path.rpartition("/")
    for other, status in (
        (path, HTTPStatus.OK),
        (f"{base}/{int(stamp) + 5}", HTTPStatus.NOT_FOUND),
        (f"{base}/1", HTTPStatus.NOT_FOUND),
        (picture_path("nobody", started_at), HTTPStatus.NOT_FOUND),
        (f"{base}/noon", HTTPStatus.BAD_REQUEST),
        (f"{base}/{10**20}", HTTPStatus.BAD_REQUEST),
        (f"{path}?width=wide", HTTPStatus.BAD_REQUEST),
    ):
        assert (await client.get(other)).status == status, other


async def test_size(world: World, hass_client: ClientSessionGenerator) -> None:
    """A picture has the size that was asked for."""
    path = picture_path(node_id(world), await archived(world))
    client = await hass_client()
    for query, size in (("", (480, 640)), ("?width=180&height=240", (180, 240))):
        response = await client.get(path + query)
        assert Image.open(BytesIO(await response.read())).size == size


async def test_hottest_of_a_day(
    world: World, hass_client: ClientSessionGenerator
) -> None:
    """The hottest image of a day is the picture of that one."""
    world.model.heat((1, 1), 20)
    hot = picture_path(node_id(world), await archived(world))
    world.model.heat((1, 1), 0)
    await archived(world)
    client = await hass_client()
    today = dt_util.now().date()
    response = await client.get(hottest_path(world, today.isoformat()))
    assert response.status == HTTPStatus.OK
    assert await response.read() == await (await client.get(hot)).read()
    for day, status in (
        ((today - timedelta(days=1)).isoformat(), HTTPStatus.NOT_FOUND),
        ("today", HTTPStatus.BAD_REQUEST),
        ("9999-12-31", HTTPStatus.BAD_REQUEST),
    ):
        assert (await client.get(hottest_path(world, day))).status == status, day


async def test_disk_trouble(world: World, hass_client: ClientSessionGenerator) -> None:
    """An archive that cannot be read is an error of the server."""
    Path(world.hass.config.path(f"{DOMAIN}.db")).write_text("nonsense" * 100)  # noqa: ASYNC240
    client = await hass_client()
    for path in (
        picture_path(node_id(world), world.now),
        hottest_path(world, "2026-01-01"),
    ):
        assert (await client.get(path)).status == HTTPStatus.INTERNAL_SERVER_ERROR


async def test_only_for_users(
    world: World, hass_client_no_auth: ClientSessionGenerator
) -> None:
    """The pictures require a login."""
    client = await hass_client_no_auth()
    for path in (
        picture_path(node_id(world), world.now),
        hottest_path(world, "2026-01-01"),
    ):
        assert (await client.get(path)).status == HTTPStatus.UNAUTHORIZED


async def test_who_may_not_see(
    world: World, hass_client: ClientSessionGenerator, hass_admin_user: MockUser
) -> None:
    """Archived images need the right to read the node's picture."""
    path = picture_path(node_id(world), await archived(world))
    client = await hass_client()
    assert (await client.get(path)).status == HTTPStatus.OK
    hass_admin_user.groups = []
    hass_admin_user.mock_policy({})
    assert (await client.get(path)).status == HTTPStatus.UNAUTHORIZED
    picture = world.entity_id("image", "thermal")
    hass_admin_user.mock_policy({"entities": {"entity_ids": {picture: True}}})
    assert (await client.get(path)).status == HTTPStatus.OK
