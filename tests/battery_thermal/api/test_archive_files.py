"""Tests of the files of actions: one at a time, complete or not at all, and no links are followed."""

import asyncio
from collections.abc import Callable, Iterator
from io import BytesIO
import os
from pathlib import Path
from threading import Event
from typing import Any

from PIL import Image
import pytest

from custom_components.battery_thermal.api import archive_files
from custom_components.battery_thermal.archive import Bounds, export
from custom_components.battery_thermal.device.node_archive import NodeArchive
from custom_components.battery_thermal.model.archived_image import ArchivedImage
from custom_components.battery_thermal.model.mode import Mode
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from tests.battery_thermal.archive.test_database import image
from tests.battery_thermal.world import World

from .test_archive_actions import act


class Slow:
    """A writer of tables that stops after the first part until it may continue."""

    def __init__(self) -> None:
        """Initialize without a started write."""
        self.begun = Event()
        self.released = Event()

    def __call__(
        self, path: Path, images: export.Images, go_on: Callable[[], None]
    ) -> None:
        """Write the first part, and the rest when it may continue."""

        def slowly() -> Iterator[Any]:
            for archived in images:
                self.begun.set()
                while not self.released.wait(0.01):
                    go_on()
                yield archived

        class Images:
            """Images that are returned one after the other."""

            __len__ = images.__len__
            __iter__ = staticmethod(slowly)

        with path.with_name("started").open("w"):
            export.write_csv(path, Images(), go_on)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    """Write tables slowly."""
    slow = Slow()
    monkeypatch.setitem(archive_files._WRITERS, ".csv", slow)
    return slow


async def begin(world: World, slow: Slow, file: Path) -> asyncio.Task[Any]:
    """Start an export, and wait until it has written a part."""
    start = world.now
    await world.image()
    await world.hass.async_block_till_done()
    task = asyncio.create_task(act(world, "export", start=start, filename=str(file)))
    await asyncio.to_thread(slow.begun.wait, 10)
    assert slow.begun.is_set()
    return task


def left(folder: Path) -> list[str]:
    """Return the names of the files in a folder."""
    return sorted(path.name for path in folder.iterdir() if path.name != "started")


@pytest.mark.parametrize(
    ("action", "name"), [("export", "b.csv"), ("create_timelapse", "b.gif")]
)
async def test_one_at_a_time(
    world: World, folder: Path, slow: Slow, action: str, name: str
) -> None:
    """A second file of a node is refused until the first one is complete."""
    start = world.now
    task = await begin(world, slow, folder / "a.csv")
    with pytest.raises(ServiceValidationError, match="is being written"):
        await act(world, action, start=start, filename=str(folder / name))
    slow.released.set()
    await task
    assert left(folder) == ["a.csv"]
    await act(world, action, start=start, filename=str(folder / name))
    assert left(folder) == ["a.csv", name]


async def test_cancelled(world: World, folder: Path, slow: Slow) -> None:
    """After a cancellation no new file remains, an existing one is unchanged, and another export may start."""
    file = folder / "a.csv"
    file.write_text("before")
    task = await begin(world, slow, file)
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert left(folder) == ["a.csv"]
    assert file.read_text() == "before"
    slow.released.set()
    measured = world.record.images.measured
    assert measured
    start = measured.started_at
    await act(world, "export", start=start, filename=str(file))
    assert file.read_text() != "before"


async def test_home_assistant_stops(
    hass: HomeAssistant, world: World, folder: Path, slow: Slow
) -> None:
    """An export ends when Home Assistant stops, without a file."""
    task = await begin(world, slow, folder / "a.csv")
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    with pytest.raises(HomeAssistantError, match="stopping"):
        await task
    assert left(folder) == []


async def test_links_are_not_followed(
    world: World, folder: Path, tmp_path: Path
) -> None:
    """A link in place of the file is replaced; a prepared link is not written to."""
    start = world.now
    await world.image()
    other = folder / "other.csv"
    other.write_text("other")
    (folder / "a.csv").symlink_to(other)
    planted = tmp_path / "planted"
    planted.write_text("planted")
    (folder / ".a.csv.part").symlink_to(planted)
    await act(world, "export", start=start, filename=str(folder / "a.csv"))
    assert not (folder / "a.csv").is_symlink()
    assert (folder / "a.csv").read_text().startswith("started_at")
    assert (other.read_text(), planted.read_text()) == ("other", "planted")
    outside = folder / "outside"
    outside.symlink_to(tmp_path)
    for name in ("outside/a.csv", "outside/../a.csv"):
        with pytest.raises(ServiceValidationError, match="not allowed"):
            await act(world, "export", start=start, filename=str(folder / name))


def test_an_animation_ends_early(tmp_path: Path) -> None:
    """It ends between two frames, without a file."""
    folder = tmp_path / "animations"
    folder.mkdir()
    frame = BytesIO()
    Image.new("RGB", (48, 64)).save(frame, "PNG")
    asked = 0

    def go_on() -> None:
        nonlocal asked
        asked += 1
        if asked > 12:
            raise InterruptedError("enough")

    for suffix in ("webp", "gif"):
        asked = 0
        with pytest.raises(InterruptedError):
            export.write_animation(
                folder / f"a.{suffix}", [frame.getvalue()] * 30, 100, go_on
            )
        assert not list(folder.iterdir())


def test_cancelled_file_discards_its_buffer(tmp_path: Path) -> None:
    """Buffered data of a cancelled file are dropped without an error."""

    def stop() -> None:
        raise InterruptedError("enough")

    path = tmp_path / "part"
    part = export._Part(os.open(path, os.O_CREAT | os.O_RDWR), stop)
    with pytest.raises(InterruptedError):
        part.write(b"abc")
    assert part.write(b"abc") == 3
    part.close()
    assert path.read_bytes() == b""


async def test_images_of_two_sizes(world: World, folder: Path) -> None:
    """An image whose size is not that of its mode is damaged, and left out."""
    start = world.now
    await world.image()
    (subentry_id,) = world.entry.subentries
    one = image(started_at=world.now, updated_at=world.now, mode=Mode.FAST)
    NodeArchive(world.hass, subentry_id).async_store_image(
        ArchivedImage(one, None, None, None), Bounds(365, 100)
    )
    await world.pass_time(1)
    answer = await act(
        world, "export", start=start, filename=str(folder / "images.npz")
    )
    assert answer["images"] == 1
