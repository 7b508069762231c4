"""Tests of storing and removing the images of a node."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from time import sleep

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.battery_thermal.archive import (
    Addition,
    Archive,
    Bounds,
    connection,
    writer,
)
from custom_components.battery_thermal.device.node_archive import (
    NodeArchive,
    get_archive,
)
from custom_components.battery_thermal.device.node_storage import node_store
from custom_components.battery_thermal.model.archived_image import ArchivedImage
from homeassistant.config_entries import SOURCE_IGNORE
from tests.battery_thermal.archive.test_database import image
from tests.battery_thermal.common import DOMAIN
from tests.battery_thermal.world import World

# ruff: noqa: ASYNC240 -- the disk of a test does not block for long


async def archived(world: World) -> list[ArchivedImage]:
    """Return the images in the archive."""
    (subentry_id,) = world.entry.subentries
    await world.hass.async_block_till_done()
    return await NodeArchive(world.hass, subentry_id).async_images_between(
        world.now - timedelta(days=1), world.now
    )


async def test_every_image_is_stored(world: World) -> None:
    """Each image is stored as the node sent it, with the circumstances at its end."""
    world.model.heat((1, 1), 60)
    sent = [await world.image() for _ in range(3)]

    found = await archived(world)

    assert [one.image.values.tolist() for one in found] == [
        image.matrix.tolist() for image in sent
    ]
    assert found[-1].ambient == world.record.images.ambient
    assert found[-1].fan is True
    assert found[-1].threshold is None


async def test_circumstances_at_the_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The circumstances are those of the last line, or the newest before the next image."""
    # The ambient temperature is the number of earlier messages.
    monkeypatch.setattr(
        world.model, "ambient", lambda time: int(time / world.node.interval)
    )
    await world.step(2)
    world.node.fan_asked = True
    await world.step()
    (whole,) = await archived(world)
    assert (
        (whole.ambient, whole.fan) == (world.record.images.ambient, True) == (3, True)
    )

    await world.step()
    world.node.next_uplink()  # Which nobody hears.
    await world.pass_time(world.node.interval)
    await world.step()
    _, torn = await archived(world)
    assert torn.image.missing_lines == (1,)
    assert (torn.ambient, world.record.images.ambient) == (4, 6)


async def test_stored_images_are_corrected_when_read(world: World) -> None:
    """Corrections do not change stored images."""
    await world.configure(correction={"offset": 2.5})

    sent = await world.image()

    (found,) = await archived(world)
    assert found.image.values.tolist() == sent.matrix.tolist()
    maximum = float(world.state("sensor", "maximum").state)
    assert maximum == pytest.approx(sent.maximum / 10 + 2.5)
    assert (
        world.record.images.image
        is world.record.images.measured
        is world.record.images.image
    )


async def test_bounds(world: World) -> None:
    """Images out of the owner's bounds are deleted."""
    await world.configure(archive={"days": 1, "megabytes": 1})
    await world.image()
    await world.pass_time(3600 * 25)
    await world.image()

    (subentry_id,) = world.entry.subentries
    await world.hass.async_block_till_done()
    (time,) = get_archive(world.hass).times(subentry_id)
    assert world.now - time < timedelta(hours=1)


def file(world: World) -> Path:
    """Return the archive's file."""
    return Path(world.hass.config.path(f"{DOMAIN}.db"))


async def images(world: World, count: int) -> None:
    """Let the node send images, and wait until the archive has tried to store each."""
    for _ in range(count):
        await world.image()
        await world.hass.async_block_till_done()


async def test_disk_trouble(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Images that cannot be stored are shown, and wait; failure and end are logged once."""
    file(world).mkdir()
    await images(world, 2)
    assert caplog.text.count("Images cannot be kept") == 1
    assert world.record.images.measured is not None

    file(world).rmdir()
    await images(world, 2)
    assert caplog.text.count("can be kept again; lost until then: 0") == 1
    assert len(await archived(world)) == 4


async def test_disk_trouble_passes(world: World) -> None:
    """Waiting images are stored without a new one."""
    file(world).mkdir()
    await images(world, 1)
    file(world).rmdir()
    await world.pass_time(60)
    assert len(await archived(world)) == 1


async def test_disk_trouble_for_long(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The number of waiting images is limited, and lost ones are counted."""
    monkeypatch.setattr(writer, "_MOST_WAITING", 2)
    file(world).mkdir()
    await images(world, 4)
    newest = world.record.images.measured
    assert caplog.text.count("the oldest are lost") == 1

    file(world).rmdir()
    await world.pass_time(60)
    found = await archived(world)
    assert "lost until then: 2" in caplog.text
    assert len(found) == 2
    assert newest is not None
    assert found[-1].image.values.tolist() == newest.values.tolist()


@pytest.mark.parametrize("mended", [True, False])
async def test_disk_trouble_at_the_end(
    world: World, caplog: pytest.LogCaptureFixture, mended: bool
) -> None:
    """At the stop, one more attempt is made to store waiting images."""
    (subentry_id,) = world.entry.subentries
    file(world).mkdir()
    await images(world, 2)
    if mended:
        file(world).rmdir()

    await world.hass.config_entries.async_unload(world.entry.entry_id)
    async with asyncio.timeout(10):
        await world.hass.async_stop(force=True)

    assert ("not kept: 2" in caplog.text) is not mended
    if mended:
        assert len(get_archive(world.hass).times(subentry_id)) == 2


async def test_disk_trouble_while_a_node_is_removed(world: World) -> None:
    """Waiting images of a removed node are discarded."""
    file(world).mkdir()
    await images(world, 2)
    (subentry_id,) = world.entry.subentries
    world.hass.config_entries.async_remove_subentry(world.entry, subentry_id)
    await world.hass.async_block_till_done()

    file(world).rmdir()
    await world.pass_time(60)

    assert get_archive(world.hass).nodes() == set()


async def test_many_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Many images are written together, and all of them before the stop."""
    # If each image waited for the disk by itself, this would take much longer.
    monkeypatch.setattr(connection, "_WRITE_PATIENCE", 0.0)
    add = Archive.store_images

    def add_to_slow_disk(archive: Archive, *additions: Addition) -> None:
        sleep(0.5)
        add(archive, *additions)

    monkeypatch.setattr(Archive, "store_images", add_to_slow_disk)
    (subentry_id,) = world.entry.subentries
    archive = NodeArchive(world.hass, subentry_id)
    for number in range(1700):
        one = image(started_at=world.now - timedelta(minutes=number), suspect=False)
        archive.async_store_image(
            ArchivedImage(one, None, None, None), Bounds(365, 100)
        )

    await world.hass.config_entries.async_unload(world.entry.entry_id)
    await world.hass.async_stop(force=True)

    assert len(get_archive(world.hass).times(subentry_id)) == 1700
    assert "cannot be kept" not in caplog.text


async def test_removed_node(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """The images of a removed node are deleted; a failure is logged."""
    await world.image()
    assert len(await archived(world)) == 1
    (subentry_id,) = world.entry.subentries
    path = Path(world.hass.config.path("battery_thermal.db"))

    world.hass.config_entries.async_remove_subentry(world.entry, subentry_id)
    await world.hass.async_block_till_done()

    assert get_archive(world.hass).times(subentry_id) == {}

    path.unlink()
    path.mkdir()
    await NodeArchive(world.hass, subentry_id).async_delete_images()
    assert "cannot be dropped" in caplog.text


async def test_removed_while_not_set_up(world: World) -> None:
    """The images of a node removed while not set up are deleted at the next set-up."""
    await world.image()
    assert len(await archived(world)) == 1
    (subentry_id,) = world.entry.subentries
    await world.hass.config_entries.async_unload(world.entry.entry_id)
    world.hass.config_entries.async_remove_subentry(world.entry, subentry_id)
    assert get_archive(world.hass).nodes() == {subentry_id}

    await world.hass.config_entries.async_setup(world.entry.entry_id)

    assert get_archive(world.hass).nodes() == set()
    assert await node_store(world.hass, subentry_id).async_load() is None


async def test_removed_application(world: World) -> None:
    """The file is deleted with the last application, also if discoveries are ignored."""
    ignored = MockConfigEntry(domain=DOMAIN, source=SOURCE_IGNORE)
    ignored.add_to_hass(world.hass)
    await world.image()
    assert await archived(world)
    path = Path(world.hass.config.path("battery_thermal.db"))
    assert path.exists()

    await world.hass.config_entries.async_remove(world.entry.entry_id)

    assert not path.exists()
    await world.hass.config_entries.async_remove(ignored.entry_id)
    assert not world.hass.config_entries.async_entries(DOMAIN)


async def test_newest(world: World) -> None:
    """The newest image started at a time or before."""
    times: list[datetime] = []
    for _ in range(2):
        await world.image()
        times.append(world.now)
    await archived(world)
    (subentry_id,) = world.entry.subentries
    found = await NodeArchive(world.hass, subentry_id).async_newest(times[0])
    assert found is not None
    assert abs(found.image.updated_at - times[0]) <= timedelta(milliseconds=1)
