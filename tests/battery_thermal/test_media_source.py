"""Tests of the archive in the media browser."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
import re
from typing import Any

from aiohttp.test_utils import make_mocked_request
import numpy as np
from PIL import Image as PillowImage
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.battery_thermal.archive import Archive, Bounds
from custom_components.battery_thermal.device.node_archive import NodeArchive
from custom_components.battery_thermal.model.archived_image import ArchivedImage
from custom_components.battery_thermal.model.value_range import HIGHEST
from homeassistant.components.media_player.errors import BrowseError
from homeassistant.components.media_source import (
    BrowseMediaSource,
    Unresolvable,
    async_browse_media,
    async_resolve_media,
)
from homeassistant.helpers.http import current_request
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM

from .archive.test_database import image
from .common import DOMAIN
from .world import World

ROOT = f"media-source://{DOMAIN}"


@pytest.fixture(autouse=True)
async def media_source(world: World) -> None:
    """Set up the media source."""
    assert await async_setup_component(world.hass, "media_source", {})


async def browse(world: World, *path: str) -> BrowseMediaSource:
    """Return the item at a path."""
    await world.hass.async_block_till_done()
    found = await async_browse_media(world.hass, "/".join((ROOT, *path)))
    assert isinstance(found, BrowseMediaSource)
    return found


def node_id(world: World) -> str:
    """Return the node's part of an identifier."""
    (subentry_id,) = world.entry.subentries
    return subentry_id


async def children(world: World, *path: str) -> list[BrowseMediaSource]:
    """Return the items below a path."""
    found = await browse(world, *path)
    assert found.children is not None
    items = [item for item in found.children if isinstance(item, BrowseMediaSource)]
    assert len(items) == len(found.children)
    return items


def identifier_of(item: BrowseMediaSource) -> str:
    """Return the identifier of an item."""
    assert item.identifier
    return item.identifier


def thumbnail_of(item: BrowseMediaSource) -> str:
    """Return the address of the thumbnail of an image."""
    assert item.thumbnail
    return item.thumbnail


async def newest(world: World) -> BrowseMediaSource:
    """Return the newest image: the first item of each level, from the root down."""
    item = await browse(world)
    path: list[str] = []
    while item.can_expand:
        item = (await children(world, *path))[0]
        path = [identifier_of(item)]
    assert item.can_play
    return item


async def test_by_node_and_day(world: World) -> None:
    """Items are nodes, days from the newest to the oldest, and images."""
    for _ in range(2):
        await world.image()
    await world.pass_time(24 * 3600)
    await world.image()

    (node,) = await children(world)
    assert node.title == "Garage"
    days = await children(world, identifier_of(node))
    assert len(days) == 2
    assert days[0].title == dt_util.now().date().isoformat()
    assert days[0].title > days[1].title
    first_day = await browse(world, identifier_of(days[1]))
    assert first_day.title.startswith("Garage, ")
    images = await children(world, identifier_of(days[1]))
    assert len(images) == 2
    assert images[0].title > images[1].title
    assert all(re.fullmatch(r"\d\d:\d\d, \d+\.\d °C", image.title) for image in images)


@pytest.mark.parametrize("language", ["fr", "pt-BR"])
async def test_decimal_mark(world: World, language: str) -> None:
    """Temperatures are written as the language of the house writes them."""
    world.hass.config.language = language
    await world.image()
    assert re.fullmatch(r"\d\d:\d\d, \d+,\d °C", (await newest(world)).title)


async def test_the_owners_days(world: World) -> None:
    """A day is a day of the local time zone, also when its clocks change."""
    await world.hass.config.async_set_time_zone("Europe/Lisbon")
    archive = NodeArchive(world.hass, node_id(world))
    for text in (
        "2025-10-25 22:59:59.999",
        "2025-10-25 23:00",
        # On this day one o'clock occurs twice.
        "2025-10-26 00:30",
        "2025-10-26 01:30",
        "2025-10-26 23:59:59.999",
        "2025-10-27 00:00",
    ):
        time = datetime.fromisoformat(text).replace(tzinfo=UTC)
        one = image(started_at=time, updated_at=time)
        archive.async_store_image(
            ArchivedImage(one, None, None, None), Bounds(100_000, 100)
        )

    days = await children(world, node_id(world))
    assert [day.title for day in days] == ["2025-10-27", "2025-10-26", "2025-10-25"]
    found = await children(world, identifier_of(days[1]))
    times = [child.title.partition(",")[0] for child in found]
    assert times == ["23:59", "01:30", "01:30", "00:00"]
    assert len({child.identifier for child in found}) == 4


async def test_a_day_is_found_without_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Listing a day reads the images of that day only."""
    for _ in range(2):
        await world.image()
    await world.pass_time(24 * 3600)
    await world.image()
    iterate = Archive.iterate_images
    found = []

    def counted(*args: Any) -> Iterator[ArchivedImage]:
        """Count the images read."""
        for archived in iterate(*args):
            found.append(archived)
            yield archived

    monkeypatch.setattr(Archive, "iterate_images", counted)
    (today, _) = await children(world, node_id(world))
    assert found == []
    await browse(world, identifier_of(today))
    assert len(found) == 1


async def test_hottest_of_the_day(
    world: World, hass_client: ClientSessionGenerator
) -> None:
    """The picture of a day is that of its hottest image."""
    await world.image()
    world.model.heat((1, 1), 60)
    await world.image()
    world.model.heat((1, 1), 0)
    await world.image()
    (day,) = await children(world, node_id(world))
    images = await children(world, identifier_of(day))
    hottest = max(images, key=lambda image: float(image.title.split()[1]))
    assert hottest is images[1]
    client = await hass_client()
    pictures = [
        await (await client.get(thumbnail_of(item))).read() for item in (day, hottest)
    ]
    assert pictures[0] == pictures[1]
    url = thumbnail_of(day).partition("?")[0].rpartition("/")[0]
    for name, status in (("2020-01-01", 404), ("today", 400), ("9999-12-31", 400)):
        assert (await client.get(f"{url}/{name}")).status == status, name


async def test_over_the_range(world: World) -> None:
    """An image with heat above the node's range says so, in the unit of the house."""
    archive = NodeArchive(world.hass, node_id(world))
    time = dt_util.utcnow()
    hot = image(started_at=time, updated_at=time, node_maximum=None, suspect=False)
    hot = replace(hot, values=np.full_like(hot.values, HIGHEST + 1))
    archive.async_store_image(
        ArchivedImage(hot, None, None, None), Bounds(100_000, 100)
    )
    (day,) = await children(world, node_id(world))
    (found,) = await children(world, identifier_of(day))
    assert found.title.endswith(", > 307 °C")
    world.hass.config.units = US_CUSTOMARY_SYSTEM
    (found,) = await children(world, identifier_of(day))
    assert found.title.endswith(", > 584 °F")


async def test_drawn_in_todays_palette(
    world: World, hass_client: ClientSessionGenerator
) -> None:
    """An archived image is drawn on request, in the requested size."""
    await world.image()
    image = await newest(world)
    client = await hass_client()
    pictures = []
    for format_ in ("jpeg", "png"):
        await world.configure(picture={"palette": "ironbow", "format": format_})
        played = await async_resolve_media(
            world.hass, f"{ROOT}/{image.identifier}", None
        )
        assert played.mime_type == f"image/{format_}"
        response = await client.get(played.url)
        assert response.content_type == played.mime_type
        pictures.append(PillowImage.open(BytesIO(await response.read())))
    assert [picture.size for picture in pictures] == [(480, 640)] * 2
    shown = PillowImage.open(
        BytesIO(await world.battery_node.pictures.async_get_picture())
    )
    assert shown.convert("RGB").tobytes() == pictures[1].convert("RGB").tobytes()

    response = await client.get(thumbnail_of(image))
    thumbnail = PillowImage.open(BytesIO(await response.read()))
    assert thumbnail.size == (180, 240)


async def test_not_there(world: World) -> None:
    """An unknown image or path is answered with an error."""
    await world.image()
    for identifier in ("nobody/2026-01-01/5", node_id(world)):
        with pytest.raises(Unresolvable):
            await async_resolve_media(world.hass, f"{ROOT}/{identifier}", None)
    for parts in (
        ["nobody"],
        *([node_id(world), day] for day in ("today", "9999-12-31", "2026-02-30")),
    ):
        with pytest.raises(BrowseError):
            await browse(world, *parts)


async def test_disk_trouble(world: World) -> None:
    """An unreadable archive is reported as an error."""
    Path(world.hass.config.path(f"{DOMAIN}.db")).write_text("nonsense" * 100)  # noqa: ASYNC240
    with pytest.raises(BrowseError, match="archive"):
        await browse(world, node_id(world))


async def test_who_may_not_browse(
    world: World, hass_ws_client: WebSocketGenerator, hass_admin_user: MockUser
) -> None:
    """Without the right to read the picture, no name, day or image is listed."""
    await world.image()
    image = await newest(world)
    day = identifier_of(image).rpartition("/")[0]
    client = await hass_ws_client()

    async def ask(command: str, identifier: str) -> dict[str, Any]:
        media = {"media_content_id": f"{ROOT}/{identifier}".rstrip("/")}
        await client.send_json_auto_id({"type": f"media_source/{command}", **media})
        answer: dict[str, Any] = await client.receive_json()
        return answer

    async def seen() -> list[bool]:
        """Return whether nodes, days, images and the address of an image are returned."""
        nodes = await ask("browse_media", "")
        assert nodes["success"]
        return [
            bool(nodes["result"]["children"]),
            (await ask("browse_media", node_id(world)))["success"],
            (await ask("browse_media", day))["success"],
            (await ask("resolve_media", identifier_of(image)))["success"],
        ]

    assert await seen() == [True] * 4
    hass_admin_user.groups = []
    picture = world.entity_id("image", "thermal")
    mode = world.entity_id("select", "mode")
    for policy, may in (
        ({}, False),
        ({"entities": {"entity_ids": {picture: {"control": True}}}}, False),
        ({"entities": {"entity_ids": {mode: True}}}, False),
        ({"entities": {"entity_ids": {picture: {"read": True}}}}, True),
        ({"entities": {"entity_ids": {picture: True}}}, True),
    ):
        hass_admin_user.mock_policy(policy)
        assert await seen() == [may] * 4, policy
    hass_admin_user.mock_policy({})
    for identifier in (node_id(world), "nobody"):
        answer = await ask("browse_media", identifier)
        assert "This image is not in the archive" in answer["error"]["message"]


async def test_who_may_not_browse_over_http(
    world: World, hass_admin_user: MockUser
) -> None:
    """The right is also required over HTTP, but not for an automation."""
    await world.image()
    image = await newest(world)
    hass_admin_user.groups = []
    hass_admin_user.mock_policy({})
    request = make_mocked_request("GET", "/")
    request["hass_user"] = hass_admin_user
    token = current_request.set(request)
    try:
        assert await children(world) == []
        with pytest.raises(Unresolvable):
            await async_resolve_media(world.hass, f"{ROOT}/{image.identifier}", None)
    finally:
        current_request.reset(token)
    assert len(await children(world)) == 1
    assert await async_resolve_media(world.hass, f"{ROOT}/{image.identifier}", None)
