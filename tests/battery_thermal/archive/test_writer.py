"""Tests of the writer: the file of the archive is damaged while it is used."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
import sqlite3

import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.battery_thermal.archive import Bounds
from custom_components.battery_thermal.device.node_archive import (
    NodeArchive,
    get_archive,
)
from custom_components.battery_thermal.model.archived_image import ArchivedImage
from homeassistant.config_entries import ConfigEntryState
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from tests.battery_thermal.common import DOMAIN
from tests.battery_thermal.world import World

from .test_database import image


async def images(world: World) -> int:
    """Return the number of images in the archive."""
    (subentry_id,) = world.entry.subentries
    await world.hass.async_block_till_done()
    archive = NodeArchive(world.hass, subentry_id)
    return len(
        await archive.async_images_between(world.now - timedelta(days=1), world.now)
    )


def file(world: World) -> Path:
    """Return the archive's file."""
    return Path(world.hass.config.path(f"{DOMAIN}.db"))


@pytest.mark.parametrize("left", ["nonsense", "half", "other pages"])
async def test_a_damaged_file_is_set_aside(world: World, left: str) -> None:
    """Images continue to be stored, a repair issue is created, and the old file is kept."""
    await world.image()
    assert await images(world) == 1
    whole = file(world).read_bytes()
    damaged = {
        "nonsense": b"nonsense" * 1000,
        "half": whole[: len(whole) // 2],
        "other pages": whole[:4096] + b"\xff" * (len(whole) - 4096),
    }[left]
    file(world).write_bytes(damaged)

    await world.image()
    await world.image()

    assert await images(world) == 2
    (aside,) = file(world).parent.glob("*.damaged-*")
    assert aside.read_bytes() == damaged
    (issue,) = [
        issue
        for issue in ir.async_get(world.hass).issues.values()
        if issue.domain == DOMAIN
    ]
    assert issue.translation_placeholders == {"path": str(aside)}


def issues(world: World) -> list[str]:
    """Return the ids of the issues."""
    return [i for d, i in ir.async_get(world.hass).issues if d == DOMAIN]


async def damage(world: World) -> None:
    """Damage an archive, and wait until it is detected."""
    await world.image()
    await world.hass.async_block_till_done()
    file(world).write_bytes(b"nonsense" * 1000)
    await world.image()
    await world.hass.async_block_till_done()
    assert issues(world)


async def test_confirmed_issue(
    world: World, hass_client: ClientSessionGenerator
) -> None:
    """An issue that was confirmed does not appear again."""
    assert await async_setup_component(world.hass, "repairs", {})
    await damage(world)
    client = await hass_client()
    (issue_id,) = issues(world)
    url = "/api/repairs/issues/fix"
    response = await client.post(url, json={"handler": DOMAIN, "issue_id": issue_id})
    flow = await response.json()
    assert flow["step_id"] == "confirm"
    (aside,) = file(world).parent.glob("*.damaged-*")
    assert flow["description_placeholders"] == {"path": str(aside)}

    response = await client.post(f"{url}/{flow['flow_id']}", json={})

    assert (await response.json())["type"] == "create_entry"
    assert issues(world) == []
    assert aside.exists()


async def test_removed_application(world: World) -> None:
    """The issue is deleted with the last application."""
    await damage(world)
    ir.async_create_issue(
        world.hass,
        "light",
        "archive_damaged_too",
        is_fixable=False,
        severity=ir.IssueSeverity.ERROR,
        translation_key="other",
    )
    await world.hass.config_entries.async_remove(world.entry.entry_id)
    assert issues(world) == []
    assert ir.async_get(world.hass).async_get_issue("light", "archive_damaged_too")


async def test_a_damaged_index(world: World) -> None:
    """An index that contradicts the images is detected by a write only."""
    (subentry_id,) = world.entry.subentries
    archive = NodeArchive(world.hass, subentry_id)
    whole = image(started_at=world.now - timedelta(minutes=1), updated_at=world.now)
    stamp = int(whole.started_at.timestamp() * 1000)

    def keep(*missing_lines: int) -> None:
        one = replace(whole, missing_lines=missing_lines)
        archive.async_store_image(
            ArchivedImage(one, None, None, None), Bounds(365, 100)
        )

    keep(3, 4)
    assert await images(world) == 1
    # The page of the image comes before that of the index.
    content = file(world).read_bytes()
    file(world).write_bytes(
        content.replace(stamp.to_bytes(6), (stamp + 1).to_bytes(6), 1)
    )

    keep(3)

    assert await images(world) == 1
    assert list(file(world).parent.glob("*.damaged-*"))


async def test_cannot_be_set_aside(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Images wait until it succeeds, and the log has the reason."""
    await world.image()
    assert await images(world) == 1
    file(world).write_bytes(b"nonsense" * 1000)

    def replace(path: Path, target: Path) -> None:
        raise PermissionError(13, "not permitted", str(target))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", replace)
        (subentry_id,) = world.entry.subentries
        one = image(started_at=world.now - timedelta(minutes=1), updated_at=world.now)
        NodeArchive(world.hass, subentry_id).async_store_image(
            ArchivedImage(one, None, None, None), Bounds(365, 100)
        )
        await world.hass.async_block_till_done()
        assert "Images cannot be kept" in caplog.text
        assert "damaged-" in caplog.text

    await world.pass_time(60)

    assert await images(world) == 1


async def test_set_up_all_the_same(world: World) -> None:
    """A damaged file does not prevent the set-up of the application."""
    file(world).write_bytes(b"nonsense" * 1000)

    await world.hass.config_entries.async_reload(world.entry.entry_id)

    assert world.entry.state is ConfigEntryState.LOADED


async def test_two_find_it_damaged(world: World) -> None:
    """The second detection does not set the new file aside."""
    await world.image()
    await world.hass.async_block_till_done()
    archive = get_archive(world.hass)
    file(world).write_bytes(b"nonsense" * 1000)
    aside = archive.recover(world.now)
    assert archive.recover(world.now + timedelta(seconds=1)) == aside
    assert list(file(world).parent.glob("*.damaged-*")) == [aside]


async def test_a_damaged_image(world: World) -> None:
    """It is left out; all others are returned."""
    for _ in range(3):
        await world.image()
    assert await images(world) == 3
    with sqlite3.connect(file(world)) as database:
        database.execute(
            "UPDATE image SET matrix = x'00'"
            " WHERE started_at = (SELECT min(started_at) FROM image)"
        )
    database.close()
    assert await images(world) == 2
