"""Tests of the cache of thermal pictures, and of their size, format and language."""

import asyncio
from io import BytesIO
from unittest.mock import patch

from PIL import Image as PillowImage
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.battery_thermal.device import picture_cache
from custom_components.battery_thermal.render.picture import render as render_picture
from homeassistant.util import dt as dt_util
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM
from tests.battery_thermal.world import World


def size_of(content: bytes) -> tuple[int, int]:
    """Return width and height of a JPEG."""
    image = PillowImage.open(BytesIO(content))
    assert image.format == "JPEG"
    return image.size


async def test_camera_and_image(
    world: World, hass_client: ClientSessionGenerator
) -> None:
    """Image and camera have the same picture."""
    client = await hass_client()
    contents = []
    for platform in ("camera", "image"):
        url = f"/api/{platform}_proxy/{world.entity_id(platform, 'thermal')}"
        response = await client.get(url)
        assert response.status == 200
        assert response.content_type == "image/jpeg"
        contents.append(await response.read())
    assert contents[0] == contents[1]
    assert size_of(contents[0]) == (480, 640)

    await world.image()
    response = await client.get(url)
    assert await response.read() != contents[0]


async def test_png_with_a_palette(
    world: World, hass_client: ClientSessionGenerator
) -> None:
    """The owner can set PNG, and the content type follows."""
    await world.configure(picture={"format": "png"})
    await world.image()
    client = await hass_client()
    for platform in ("camera", "image"):
        url = f"/api/{platform}_proxy/{world.entity_id(platform, 'thermal')}"
        response = await client.get(url)
        assert response.content_type == "image/png"
        picture = PillowImage.open(BytesIO(await response.read()))
        assert (picture.format, picture.mode) == ("PNG", "P")


@pytest.mark.parametrize(
    ("query", "size"),
    [
        ("width=240&height=320", (240, 320)),
        ("width=300&height=300", (300, 300)),
        ("width=240", (240, 320)),
        ("height=320", (240, 320)),
        ("width=1&height=1", (48, 48)),
        ("width=100000&height=100000", (1920, 1920)),
    ],
)
async def test_size(
    world: World,
    hass_client: ClientSessionGenerator,
    query: str,
    size: tuple[int, int],
) -> None:
    """The picture has the requested size, within limits."""
    client = await hass_client()

    url = f"/api/camera_proxy/{world.entity_id('camera', 'thermal')}?{query}"
    response = await client.get(url)

    assert size_of(await response.read()) == size


@pytest.mark.parametrize(
    ("asked", "size"),
    [
        ((None, None), (480, 640)),
        ((300, None), (300, 400)),
        ((None, 400), (300, 400)),
        ((100, 900), (100, 900)),
        ((0, 0), (48, 48)),
        ((9_000, 47), (1920, 48)),
    ],
)
def test_size_that_can_be_drawn(
    asked: tuple[int | None, int | None], size: tuple[int, int]
) -> None:
    """One of width and height follows from the other; both are limited."""
    assert picture_cache.picture_size(*asked) == size


async def test_drawn_once(world: World) -> None:
    """A picture is drawn once for all requests; a cancelled request does not cancel it."""
    await world.image()
    pictures = world.battery_node.pictures
    with patch.object(picture_cache, "render", wraps=render_picture) as render:
        viewers = [
            asyncio.ensure_future(pictures.async_get_picture()) for _ in range(3)
        ]
        await asyncio.sleep(0)
        viewers[0].cancel()
        first, second = await asyncio.gather(*viewers[1:])
        assert first is second
        await pictures.async_get_picture()
        assert render.call_count == 1

        for width in range(100, 110):
            await pictures.async_get_picture(width, 100)
        assert render.call_count == 11

        await world.step()
        await pictures.async_get_picture()
        assert render.call_count == 12


async def test_unit_and_no_words(world: World) -> None:
    """The unit is that of Home Assistant. There are no words: language changes nothing."""
    pictures = [await world.battery_node.pictures.async_get_picture()]
    world.hass.config.language = "fr"
    assert await world.battery_node.pictures.async_get_picture() == pictures[0]
    await world.image()
    pictures.append(await world.battery_node.pictures.async_get_picture())
    world.hass.config.units = US_CUSTOMARY_SYSTEM
    pictures.append(await world.battery_node.pictures.async_get_picture())

    assert len(set(pictures)) == 3


async def test_time_of_the_image(world: World) -> None:
    """The state of the image is the time of its newest line."""
    await world.step(2)
    first = world.state("image", "thermal").state
    assert dt_util.parse_datetime(first) == dt_util.utcnow()

    await world.device.mac_uplink(2)
    await world.pass_time(1)
    assert world.state("image", "thermal").state == first

    await world.step()
    assert world.state("image", "thermal").state > first
