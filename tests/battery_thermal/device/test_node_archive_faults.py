"""Tests of a node's archive whose file is locked, damaged, of a later release or cannot be written."""

import asyncio
from contextlib import closing
from pathlib import Path
import sqlite3

import pytest

from custom_components.battery_thermal.archive import (
    Archive,
    ArchiveBusyError,
    ArchiveDamagedError,
    ArchiveNewerError,
    Bounds,
    connection,
    threads,
    writer as writer_module,
)
from custom_components.battery_thermal.device.node_archive import (
    NodeArchive,
    get_archive,
)
from custom_components.battery_thermal.model.archived_image import ArchivedImage
from homeassistant.helpers import issue_registry as ir
from tests.battery_thermal.archive.locks import locked
from tests.battery_thermal.archive.test_database import image
from tests.battery_thermal.common import DOMAIN
from tests.battery_thermal.world import World


def file(world: World) -> Path:
    """Return the archive's file."""
    return Path(world.hass.config.path(f"{DOMAIN}.db"))


def node_archive(world: World) -> NodeArchive:
    """Return the archive of the node."""
    (subentry_id,) = world.entry.subentries
    return NodeArchive(world.hass, subentry_id)


def issue(world: World, key: str) -> ir.IssueEntry | None:
    """Return the issue with a translation key, if there is one."""
    found = [
        one
        for one in ir.async_get(world.hass).issues.values()
        if one.domain == DOMAIN and one.translation_key == key
    ]
    return found[0] if found else None


async def test_home_assistant_is_not_blocked(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """200 reads of a locked file use no thread of Home Assistant, and fail with ArchiveBusyError."""
    monkeypatch.setattr(threads, "_READ_LIMIT", 1.5)
    await world.image()
    await world.hass.async_block_till_done()
    archive = node_archive(world)
    with locked(file(world)):
        reads = [asyncio.create_task(archive.async_days()) for _ in range(200)]
        await asyncio.sleep(0.3)
        begun = world.hass.loop.time()
        await world.hass.async_add_executor_job(int)
        assert world.hass.loop.time() - begun < 1
        found = await asyncio.gather(*reads, return_exceptions=True)
    assert {type(one) for one in found} == {ArchiveBusyError}
    assert len(await archive.async_days()) == 1


async def test_locked_for_long(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """No image is lost; a repair issue reports waiting images, and ends when they are stored."""
    monkeypatch.setattr(connection, "_WRITE_PATIENCE", 0.0)
    await world.image()
    await world.hass.async_block_till_done()
    with locked(file(world)):
        for _ in range(3):
            await world.image()
            await world.hass.async_block_till_done()
        found = issue(world, "archive_not_written")
        assert found
        assert found.translation_placeholders
        assert found.translation_placeholders["waiting"] == "3"
    await world.pass_time(60)
    await world.hass.async_block_till_done()
    assert issue(world, "archive_not_written") is None
    (subentry_id,) = world.entry.subentries
    assert len(get_archive(world.hass).times(subentry_id)) == 4


async def test_too_many_wait(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A repair issue reports the number of lost images."""
    monkeypatch.setattr(writer_module, "_MOST_WAITING", 2)
    file(world).unlink(missing_ok=True)
    file(world).mkdir()
    for _ in range(4):
        await world.image()
        await world.hass.async_block_till_done()
    found = issue(world, "archive_lost")
    assert found
    assert found.severity is ir.IssueSeverity.ERROR
    assert found.translation_placeholders
    assert found.translation_placeholders["lost"] == "2"


async def test_of_a_later_release(world: World) -> None:
    """The file is set aside unchanged, images are stored in a new one, and an issue reports it."""
    await world.image()
    await world.hass.async_block_till_done()
    with closing(sqlite3.connect(file(world), autocommit=True)) as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(ArchiveNewerError):
        await node_archive(world).async_days()
    await world.image()
    await world.hass.async_block_till_done()
    assert len(await node_archive(world).async_days()) == 1
    (aside,) = file(world).parent.glob("*.newer-*")
    found = issue(world, "archive_newer")
    assert found
    assert found.translation_placeholders == {"path": str(aside)}


async def test_a_new_file_that_does_not_help(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The file is set aside once and not every minute; images wait."""
    await world.image()
    await world.hass.async_block_till_done()

    def refuse(*_args: object) -> None:
        raise ArchiveDamagedError("no reason")

    with monkeypatch.context() as patch:
        patch.setattr(Archive, "store_images", refuse)
        for _ in range(3):
            await world.image()
            await world.hass.async_block_till_done()
    # The name of its log file counts if there is one.
    found = file(world).parent.glob("*.damaged-*[0-9]")
    assert len(list(found)) == 1
    await world.image()
    await world.hass.async_block_till_done()
    (subentry_id,) = world.entry.subentries
    assert len(get_archive(world.hass).times(subentry_id)) == 4


async def test_an_image_that_cannot_be_written(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged, and later images are stored."""
    bad = image(started_at=world.now, node_maximum=2**70)
    node_archive(world).async_store_image(
        ArchivedImage(bad, None, None, None), Bounds(365, 100)
    )
    await world.image()
    await world.hass.async_block_till_done()
    assert "An image of" in caplog.text
    (subentry_id,) = world.entry.subentries
    assert len(get_archive(world.hass).times(subentry_id)) == 1


async def test_archive_that_cannot_be_removed(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """The application is removed nevertheless, and the log names the remaining file."""
    file(world).unlink(missing_ok=True)
    file(world).mkdir()
    await world.hass.config_entries.async_remove(world.entry.entry_id)
    assert "cannot be removed" in caplog.text
