"""The thermal picture, as browsers and automations get it."""

import asyncio
from io import BytesIO
from unittest.mock import patch

from PIL import Image as PillowImage
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.battery_thermal import picture
from homeassistant.util import dt as dt_util
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM

from .world import World


def size_of(content: bytes) -> tuple[int, int]:
    """Return width and height of a JPEG."""
    image = PillowImage.open(BytesIO(content))
    assert image.format == "JPEG"
    return image.size


async def test_camera_and_image(
    world: World, hass_client: ClientSessionGenerator
) -> None:
    """Both show the same picture."""
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
    """Where the owner wants it, and then it is called what it is."""
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
    """The size that is asked for is the size that is drawn, within reason."""
    client = await hass_client()

    url = f"/api/camera_proxy/{world.entity_id('camera', 'thermal')}?{query}"
    response = await client.get(url)

    assert size_of(await response.read()) == size


async def test_drawn_once(world: World) -> None:
    """However many look, a picture is drawn once; one who leaves spoils nothing."""
    await world.image()
    node = world.record
    with patch.object(picture, "render", wraps=picture.render) as render:
        viewers = [asyncio.ensure_future(node.async_picture()) for _ in range(3)]
        await asyncio.sleep(0)
        viewers[0].cancel()
        first, second = await asyncio.gather(*viewers[1:])
        assert first is second
        await node.async_picture()
        assert render.call_count == 1

        for width in range(100, 110):
            await node.async_picture(width, 100)
        assert render.call_count == 11

        await world.step()
        await node.async_picture()
        assert render.call_count == 12


async def test_speaks_the_language_of_the_house(world: World) -> None:
    """The words in the picture are Home Assistant's language, and so are its degrees."""
    pictures = [await world.record.async_picture()]
    world.hass.config.language = "fr"
    pictures.append(await world.record.async_picture())
    await world.image()
    pictures.append(await world.record.async_picture())
    world.hass.config.units = US_CUSTOMARY_SYSTEM
    pictures.append(await world.record.async_picture())

    assert len(set(pictures)) == 4


async def test_time_of_the_image(world: World) -> None:
    """The image's state is the time of its newest line, and moves with it only."""
    await world.step(2)
    first = world.state("image", "thermal").state
    assert dt_util.parse_datetime(first) == dt_util.utcnow()

    await world.device.mac_uplink(2)
    await world.pass_time(1)
    assert world.state("image", "thermal").state == first

    await world.step()
    assert world.state("image", "thermal").state > first
