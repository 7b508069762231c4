"""Tests of searches in the archive of a node."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from custom_components.battery_thermal.archive import Bounds
from custom_components.battery_thermal.device.archive_search import (
    async_hottest,
    async_summaries,
)
from custom_components.battery_thermal.device.node_archive import NodeArchive
from custom_components.battery_thermal.device.node_options import node_options
from custom_components.battery_thermal.model.archived_image import ArchivedImage
from custom_components.battery_thermal.model.value_range import HIGHEST
from homeassistant.core import HomeAssistant
from tests.battery_thermal.archive.test_database import START, image

NODE = "garage"
DAY = START, START + timedelta(days=1)


@pytest.fixture
def archive(hass: HomeAssistant) -> NodeArchive:
    """Return the archive of a node without images."""
    return NodeArchive(hass, NODE)


async def store(
    hass: HomeAssistant,
    archive: NodeArchive,
    maximum: int,
    minute: int = 0,
    **changes: Any,
) -> None:
    """Store an image of a minute, with a highest value in tenths of a °C."""
    values = np.full((32, 24), 200, np.int16)
    values[5, 6] = maximum
    taken = image(
        minute,
        **(
            {
                "values": values,
                "present": np.ones((32, 24), bool),
                "missing_lines": (),
                "node_minimum": 200,
                "node_maximum": maximum,
                "suspect": False,
            }
            | changes
        ),
    )
    archived = ArchivedImage(taken, ambient=20, fan=None, threshold=None)
    archive.async_store_image(archived, Bounds(100_000, 100))
    await hass.async_block_till_done()


async def hottest(archive: NodeArchive, **data: Any) -> tuple[float, datetime] | None:
    """Return the maximum of the hottest image of the day, and when it was taken."""
    found = await async_hottest(archive, node_options(data), *DAY)
    if found is None:
        return None
    return found.image.maximum, found.image.started_at


async def test_hottest(hass: HomeAssistant, archive: NodeArchive) -> None:
    """Of several that are equally hot it is the first; others do not matter."""
    assert await hottest(archive) is None
    for minute, maximum in enumerate((300, 450, 450, 310)):
        await store(hass, archive, maximum, minute)
    await store(hass, archive, 900, 24 * 60)
    assert await hottest(archive) == (45.0, START + timedelta(minutes=1))


async def test_suspect_images(hass: HomeAssistant, archive: NodeArchive) -> None:
    """An image that contradicts the node counts only if it is over the node's range."""
    await store(hass, archive, 300)
    await store(hass, archive, 800, 1, suspect=True)
    assert await hottest(archive) == (30.0, START)
    await store(hass, archive, HIGHEST + 1, 2, suspect=True)
    found = await hottest(archive)
    assert found
    assert found[1] == START + timedelta(minutes=2)


async def test_hidden_heat(hass: HomeAssistant, archive: NodeArchive) -> None:
    """A value that has wrapped is hotter than all others."""
    await store(hass, archive, 900)
    lost = {"node_minimum": None, "node_maximum": None, "missing_lines": (23,)}
    await store(hass, archive, -300, 1, suspect=True, **lost)
    found = await hottest(archive)
    assert found and found[1] == START + timedelta(minutes=1)
    summaries = await async_summaries(archive, node_options({}), *DAY)
    assert [one.over_range for one in summaries] == [True, False]


async def test_corrected(hass: HomeAssistant, archive: NodeArchive) -> None:
    """Images are as the owner corrects them today."""
    await store(hass, archive, 300)
    await store(hass, archive, 290, 1)
    assert await hottest(archive, correction={"offset": 2}) == (32.0, START)
    dead = {"dead_pixels": ["6, 7"]}
    assert await hottest(archive, correction=dead) == (20.0, START)


async def test_summaries(hass: HomeAssistant, archive: NodeArchive) -> None:
    """They are the newest first, each with its maximum."""
    for minute, maximum in enumerate((300, HIGHEST + 1)):
        await store(hass, archive, maximum, minute)
    found = await async_summaries(archive, node_options({}), *DAY)
    assert [(one.started_at, one.maximum, one.over_range) for one in found] == [
        (START + timedelta(minutes=1), (HIGHEST + 1) / 10, True),
        (START, 30.0, False),
    ]
    shifted = node_options({"correction": {"offset": -1}})
    assert (await async_summaries(archive, shifted, *DAY))[1].maximum == 29.0
    later = DAY[1], DAY[1] + timedelta(days=1)
    assert await async_summaries(archive, node_options({}), *later) == []
