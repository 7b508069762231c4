"""The archive in the media browser."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image as PillowImage
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.battery_thermal.archive import Archive, Bounds, Kept
from custom_components.battery_thermal.node.layout import Mode
from custom_components.battery_thermal.node_archive import NodeArchive
from homeassistant.components.media_player import BrowseError
from homeassistant.components.media_source import (
    BrowseMediaSource,
    Unresolvable,
    async_browse_media,
    async_resolve_media,
)
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util

from .common import DOMAIN
from .test_archive import image
from .world import World

ROOT = f"media-source://{DOMAIN}"


@pytest.fixture(autouse=True)
async def media_source(world: World) -> None:
    """Set the media browser up."""
    assert await async_setup_component(world.hass, "media_source", {})


async def browse(world: World, *path: str) -> BrowseMediaSource:
    """Return what there is under a path."""
    await world.hass.async_block_till_done()
    found = await async_browse_media(world.hass, "/".join((ROOT, *path)))
    assert isinstance(found, BrowseMediaSource)
    return found


def node_id(world: World) -> str:
    """Return what the node is called in identifiers."""
    (subentry_id,) = world.entry.subentries
    return subentry_id


async def newest(world: World) -> BrowseMediaSource:
    """Return the newest image, found by looking from the top."""
    found = await browse(world)
    while found.can_expand:
        assert found.children
        identifier = found.children[0].identifier
        if found.children[0].can_play:
            return found.children[0]
        found = await browse(world, identifier)
    raise AssertionError


async def test_by_node_and_day(world: World) -> None:
    """Nodes, days with the newest first, images."""
    for _ in range(2):
        await world.image()
    await world.pass_time(24 * 3600)
    await world.image()

    (node,) = (await browse(world)).children
    assert node.title == "Garage"
    days = (await browse(world, node.identifier)).children
    assert len(days) == 2
    assert days[0].title == dt_util.now().date().isoformat()
    assert days[0].title > days[1].title
    first_day = await browse(world, days[1].identifier)
    assert len(first_day.children) == 2
    assert first_day.title.startswith("Garage, ")
    assert first_day.children[0].title > first_day.children[1].title
    assert all(child.title.endswith(", fast") for child in first_day.children)


async def test_the_owners_days(world: World) -> None:
    """A day is one of people here, also where the clocks are changed in it."""
    await world.hass.config.async_set_time_zone("Europe/Lisbon")
    archive = NodeArchive(world.hass, node_id(world))
    for text in (
        "2025-10-25 22:59:59.999",
        "2025-10-25 23:00",
        # One o'clock comes twice.
        "2025-10-26 00:30",
        "2025-10-26 01:30",
        "2025-10-26 23:59:59.999",
        "2025-10-27 00:00",
    ):
        time = datetime.fromisoformat(text).replace(tzinfo=UTC)
        one = image(started_at=time, updated_at=time)
        archive.async_keep(Kept(one, None, None, None), Bounds(100_000, 100))

    days = (await browse(world, node_id(world))).children
    assert [day.title for day in days] == ["2025-10-27", "2025-10-26", "2025-10-25"]
    found = (await browse(world, days[1].identifier)).children
    assert [child.title for child in found] == [
        f"{time}, slow" for time in ("23:59:59", "01:30:00", "01:30:00", "00:00:00")
    ]
    assert len({child.identifier for child in found}) == 4


async def test_a_day_is_found_without_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many images there are: of those of other days none is looked at."""
    for _ in range(2):
        await world.image()
    await world.pass_time(24 * 3600)
    await world.image()
    times = Archive.times
    found = []

    def counted(*args: Any) -> dict[datetime, Mode]:
        """Note how much is looked at."""
        result = times(*args)
        found.append(len(result))
        return result

    monkeypatch.setattr(Archive, "times", counted)
    (today, _) = (await browse(world, node_id(world))).children
    assert found == []
    await browse(world, today.identifier)
    assert found == [1]


async def test_drawn_in_todays_palette(
    world: World, hass_client: ClientSessionGenerator
) -> None:
    """A picture of the archive is drawn when looked at, at the size asked for."""
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
    shown = PillowImage.open(BytesIO(await world.record.async_picture()))
    assert shown.convert("RGB").tobytes() == pictures[1].convert("RGB").tobytes()

    response = await client.get(image.thumbnail)
    thumbnail = PillowImage.open(BytesIO(await response.read()))
    assert thumbnail.size == (180, 240)


async def test_not_there(world: World, hass_client: ClientSessionGenerator) -> None:
    """What is not there is not found, whoever asks."""
    await world.image()
    image = await newest(world)
    client = await hass_client()
    url = f"/api/{DOMAIN}/archive"
    stamp = image.identifier.rpartition("/")[2]
    for path, status in (
        (f"{node_id(world)}/{stamp}", 200),
        (f"{node_id(world)}/{int(stamp) + 5}", 404),
        (f"{node_id(world)}/1", 404),
        (f"nobody/{stamp}", 404),
        (f"{node_id(world)}/noon", 400),
        (f"{node_id(world)}/{10**20}", 400),
        (f"{node_id(world)}/{stamp}?width=wide", 400),
    ):
        assert (await client.get(f"{url}/{path}")).status == status, path

    for identifier in ("nobody/2026-01-01/5", node_id(world)):
        with pytest.raises(Unresolvable):
            await async_resolve_media(world.hass, f"{ROOT}/{identifier}", None)
    for path in (
        ["nobody"],
        *([node_id(world), day] for day in ("today", "9999-12-31", "2026-02-30")),
    ):
        with pytest.raises(BrowseError):
            await browse(world, *path)


async def test_disk_trouble(world: World, hass_client: ClientSessionGenerator) -> None:
    """An archive that cannot be read is said to be so."""
    Path(world.hass.config.path(f"{DOMAIN}.db")).write_text("nonsense" * 100)  # noqa: ASYNC240
    with pytest.raises(BrowseError, match="archive"):
        await browse(world, node_id(world))
    client = await hass_client()
    url = f"/api/{DOMAIN}/archive/{node_id(world)}/5"
    assert (await client.get(url)).status == 500


async def test_only_for_users(
    world: World, hass_client_no_auth: ClientSessionGenerator
) -> None:
    """Nobody else sees the pictures."""
    await browse(world)
    client = await hass_client_no_auth()
    url = f"/api/{DOMAIN}/archive/{node_id(world)}/5"
    assert (await client.get(url)).status == 401


async def test_who_may_not_see(
    world: World, hass_client: ClientSessionGenerator, hass_admin_user: MockUser
) -> None:
    """Who may not see the node's picture may not see those of the archive."""
    await world.image()
    image = await newest(world)
    client = await hass_client()
    assert (await client.get(image.thumbnail)).status == 200
    hass_admin_user.groups = []
    hass_admin_user.mock_policy({})
    assert (await client.get(image.thumbnail)).status == 401
    picture = world.entity_id("image", "thermal")
    hass_admin_user.mock_policy({"entities": {"entity_ids": {picture: True}}})
    assert (await client.get(image.thumbnail)).status == 200
