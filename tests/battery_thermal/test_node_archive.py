"""Images on their way into the archive, and out of it with their node."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from time import sleep

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.battery_thermal import archive as archive_module, archive_writer
from custom_components.battery_thermal.archive import Addition, Archive, Bounds, Kept
from custom_components.battery_thermal.battery_node import node_store
from custom_components.battery_thermal.node_archive import NodeArchive, get_archive
from homeassistant.config_entries import SOURCE_IGNORE

from .common import DOMAIN
from .test_archive import image
from .world import World

# ruff: noqa: ASYNC240 -- the disk of a test does not block for long


async def kept(world: World) -> list[Kept]:
    """Return the images in the archive."""
    (subentry_id,) = world.entry.subentries
    await world.hass.async_block_till_done()
    return await NodeArchive(world.hass, subentry_id).async_between(
        world.now - timedelta(days=1), world.now
    )


async def test_every_image_is_kept(world: World) -> None:
    """As the node sent it, with what was known at its end."""
    world.model.heat((1, 1), 60)
    sent = [await world.image() for _ in range(3)]

    found = await kept(world)

    assert [one.image.values.tolist() for one in found] == [
        image.matrix.tolist() for image in sent
    ]
    assert found[-1].ambient == world.record.ambient
    assert found[-1].fan is True
    assert found[-1].threshold is None


async def test_circumstances_at_the_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An image's last line says them; without it, what was heard before the next one."""
    # As many degrees as messages before it.
    monkeypatch.setattr(
        world.model, "ambient", lambda time: int(time / world.node.interval)
    )
    await world.step(2)
    world.node.fan_running = True
    await world.step()
    (whole,) = await kept(world)
    assert (whole.ambient, whole.fan) == (world.record.ambient, True) == (3, True)

    await world.step()
    world.node.next_uplink()  # Which nobody hears.
    await world.pass_time(world.node.interval)
    await world.step()
    _, torn = await kept(world)
    assert torn.image.missing_lines == (1,)
    assert (torn.ambient, world.record.ambient) == (4, 6)


async def test_correction_is_put_on_when_looked_at(world: World) -> None:
    """What is kept stays what the node said, whatever the owner corrects."""
    await world.configure(correction={"offset": 2.5})

    sent = await world.image()

    (found,) = await kept(world)
    assert found.image.values.tolist() == sent.matrix.tolist()
    maximum = float(world.state("sensor", "maximum").state)
    assert maximum == pytest.approx(sent.maximum / 10 + 2.5)
    assert world.record.image is world.record.measured is world.record.image


async def test_bounds(world: World) -> None:
    """What the owner does not want to keep any longer goes."""
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
    """Let the node send images, and the archive have its try at each."""
    for _ in range(count):
        await world.image()
        await world.hass.async_block_till_done()


async def test_disk_trouble(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Images are shown all the same, and wait; said once, and when it is over."""
    file(world).mkdir()
    await images(world, 2)
    assert caplog.text.count("Images cannot be kept") == 1
    assert world.record.measured is not None

    file(world).rmdir()
    await images(world, 2)
    assert caplog.text.count("can be kept again; lost until then: 0") == 1
    assert len(await kept(world)) == 4


async def test_disk_trouble_passes(world: World) -> None:
    """What waits does not wait for another image."""
    file(world).mkdir()
    await images(world, 1)
    file(world).rmdir()
    await world.pass_time(60)
    assert len(await kept(world)) == 1


async def test_disk_trouble_for_long(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The memory is not for all images; the newest wait, and the others are counted."""
    monkeypatch.setattr(archive_writer, "_MOST_WAITING", 2)
    file(world).mkdir()
    await images(world, 4)
    newest = world.record.measured
    assert caplog.text.count("the oldest are lost") == 1

    file(world).rmdir()
    await world.pass_time(60)
    found = await kept(world)
    assert "lost until then: 2" in caplog.text
    assert len(found) == 2
    assert newest is not None
    assert found[-1].image.values.tolist() == newest.values.tolist()


@pytest.mark.parametrize("mended", [True, False])
async def test_disk_trouble_at_the_end(
    world: World, caplog: pytest.LogCaptureFixture, mended: bool
) -> None:
    """What waits is tried once more, and Home Assistant stops whatever comes of it."""
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


async def test_disk_trouble_while_a_node_goes(world: World) -> None:
    """What waits of a node that was removed is not kept later."""
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
    """They wait for each other, not for the disk, and Home Assistant for all of them."""
    # Hundreds that wait for the disk at the same time would not be so patient.
    monkeypatch.setattr(archive_module, "_PATIENCE", 0.0)
    add = Archive.add

    def add_to_slow_disk(archive: Archive, *additions: Addition) -> None:
        sleep(0.5)
        add(archive, *additions)

    monkeypatch.setattr(Archive, "add", add_to_slow_disk)
    (subentry_id,) = world.entry.subentries
    archive = NodeArchive(world.hass, subentry_id)
    for number in range(1700):
        one = image(started_at=world.now - timedelta(minutes=number), suspect=False)
        archive.async_keep(Kept(one, None, None, None), Bounds(365, 100))

    await world.hass.config_entries.async_unload(world.entry.entry_id)
    await world.hass.async_stop(force=True)

    assert len(get_archive(world.hass).times(subentry_id)) == 1700
    assert "cannot be kept" not in caplog.text


async def test_removed_node(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Its images go with it; when they cannot, that is said."""
    await world.image()
    assert len(await kept(world)) == 1
    (subentry_id,) = world.entry.subentries
    path = Path(world.hass.config.path("battery_thermal.db"))

    world.hass.config_entries.async_remove_subentry(world.entry, subentry_id)
    await world.hass.async_block_till_done()

    assert get_archive(world.hass).times(subentry_id) == {}

    path.unlink()
    path.mkdir()
    await NodeArchive(world.hass, subentry_id).async_forget()
    assert "cannot be dropped" in caplog.text


async def test_removed_while_not_set_up(world: World) -> None:
    """A node that nobody saw go is forgotten at the next set-up."""
    await world.image()
    assert len(await kept(world)) == 1
    (subentry_id,) = world.entry.subentries
    await world.hass.config_entries.async_unload(world.entry.entry_id)
    world.hass.config_entries.async_remove_subentry(world.entry, subentry_id)
    assert get_archive(world.hass).nodes() == {subentry_id}

    await world.hass.config_entries.async_setup(world.entry.entry_id)

    assert get_archive(world.hass).nodes() == set()
    assert await node_store(world.hass, subentry_id).async_load() is None


async def test_removed_application(world: World) -> None:
    """With the last application goes the file, whatever discoveries are ignored."""
    ignored = MockConfigEntry(domain=DOMAIN, source=SOURCE_IGNORE)
    ignored.add_to_hass(world.hass)
    await world.image()
    assert await kept(world)
    path = Path(world.hass.config.path("battery_thermal.db"))
    assert path.exists()

    await world.hass.config_entries.async_remove(world.entry.entry_id)

    assert not path.exists()


async def test_newest(world: World) -> None:
    """The newest until some time."""
    times: list[datetime] = []
    for _ in range(2):
        await world.image()
        times.append(world.now)
    await kept(world)
    (subentry_id,) = world.entry.subentries
    found = await NodeArchive(world.hass, subentry_id).async_newest(times[0])
    assert found is not None
    assert abs(found.image.updated_at - times[0]) <= timedelta(milliseconds=1)
