"""Tests of the actions on the archive."""

import csv
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
import sqlite3
import tracemalloc
from typing import Any

import numpy as np
from PIL import Image as PillowImage
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.battery_thermal.api import archive_files
from custom_components.battery_thermal.archive import Archive, ArchiveError, Bounds
from custom_components.battery_thermal.device.node_archive import NodeArchive
from custom_components.battery_thermal.model.archived_image import ArchivedImage
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
from tests.battery_thermal.archive.test_database import image
from tests.battery_thermal.common import DOMAIN
from tests.battery_thermal.world import World

# ruff: noqa: ASYNC240 -- the disk of a test does not block for long


async def act(world: World, action: str, **data: Any) -> Any:
    """Call an action with the node as target, and return the answer."""
    await world.hass.async_block_till_done()
    (device,) = dr.async_entries_for_config_entry(
        dr.async_get(world.hass), world.entry.entry_id
    )
    return await world.hass.services.async_call(
        DOMAIN,
        action,
        {"device_id": device.id, **data},
        blocking=True,
        return_response=True,
    )


async def test_get_image(world: World) -> None:
    """The newest image, or one from the archive, with all documented fields."""
    with pytest.raises(ServiceValidationError, match="no image"):
        await act(world, "get_image")
    first = await world.image()
    then = world.now
    await world.pass_time(3600)
    second = await world.image()

    answer = await act(world, "get_image")
    assert answer["image"] == (second.matrix / 10).tolist()
    assert answer["timestamp"] == world.now.isoformat()
    assert (answer["temp_min"], answer["temp_max"]) == (
        second.minimum / 10,
        second.maximum / 10,
    )
    assert answer["mode"] == "fast"
    assert answer["missing_lines"] == []

    answer = await act(world, "get_image", time=then.isoformat())
    assert answer["image"] == (first.matrix / 10).tolist()
    with pytest.raises(ServiceValidationError, match="no image"):
        await act(world, "get_image", time="2001-01-01 00:00:00")


async def test_get_the_hottest_image(
    world: World, hass_client: ClientSessionGenerator
) -> None:
    """The hottest image of a time span, corrected, with the address of its picture."""
    await world.configure(correction={"offset": 1})
    start = world.now
    with pytest.raises(ServiceValidationError, match="no image"):
        await act(world, "get_image", hottest_since=start)
    maxima = []
    for kelvin in (0, 40, 20):
        world.model.heat((1, 1), kelvin)
        maxima.append((await world.image()).maximum / 10 + 1)
        if kelvin == 40:
            hottest_at = world.now

    answer = await act(world, "get_image", hottest_since=start)
    assert answer["temp_max"] == pytest.approx(max(maxima))
    # The archive stores times to the millisecond.
    late = hottest_at - datetime.fromisoformat(answer["timestamp"])
    assert timedelta() <= late < timedelta(milliseconds=1)
    client = await hass_client()
    assert (await client.get(answer["picture"])).status == 200

    # A wrapped value makes an image suspect, and is still the hottest.
    world.model.heat((1, 1), 360)
    await world.image()
    answer = await act(world, "get_image", hottest_since=start)
    assert answer["suspect"]
    assert answer["over_range"] == "over 307 °C"
    world.model.heat((1, 1), 20)
    maxima.append((await world.image()).maximum / 10 + 1)

    until = hottest_at - timedelta(seconds=60)
    answer = await act(world, "get_image", hottest_since=start, time=until)
    assert answer["temp_max"] == pytest.approx(maxima[0])
    newest = await act(world, "get_image")
    assert newest["temp_max"] == pytest.approx(maxima[-1])
    assert (await client.get(newest["picture"])).status == 200


async def test_export(world: World, folder: Path) -> None:
    """Tables and arrays have corrected values, and nothing for missing pixels."""
    await world.configure(correction={"offset": 1})
    start = world.now
    sent = [await world.image() for _ in range(2)]
    table, arrays = folder / "images.csv", folder / "images.npz"

    answer = await act(world, "export", start=start, filename=str(table))
    assert (answer["images"], answer["mode"]) == (2, "fast")
    rows = list(csv.DictReader(table.open(encoding="utf-8")))
    assert [float(row["r8c6"]) for row in rows] == [
        pytest.approx(image.matrix[-1, -1] / 10 + 1) for image in sent
    ]
    assert rows[0]["threshold"] == ""

    await act(world, "export", start=start, end=world.now, filename=str(arrays))
    with np.load(arrays) as loaded:
        assert loaded["celsius"].shape == (2, 8, 6)
        assert loaded["celsius"][1] == pytest.approx(sent[1].matrix / 10 + 1)
        assert np.isnan(loaded["threshold"]).all()
        assert loaded["updated_at"][1] == np.datetime64(
            world.now.replace(tzinfo=None), "ms"
        )
    assert sorted(path.name for path in folder.iterdir()) == [
        "images.csv",
        "images.npz",
    ]


@pytest.mark.parametrize(("suffix", "share"), [("csv", 0.8), ("npz", 2)])
async def test_export_of_many(
    world: World,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    suffix: str,
    share: float,
) -> None:
    """The memory does not depend on the number of images."""
    savez = np.savez_compressed
    peaks = []

    def packed(file: Any, **arrays: Any) -> None:
        """Record the memory so far: numpy compresses blocks of 16 MB, more than this file."""
        peaks.append(tracemalloc.get_traced_memory()[1])
        savez(file, **arrays)

    monkeypatch.setattr(np, "savez_compressed", packed)
    (subentry_id,) = world.entry.subentries
    archive = NodeArchive(world.hass, subentry_id)
    start = world.now - timedelta(minutes=1000)
    for number in range(1000):
        time = start + timedelta(minutes=number)
        one = image(number, started_at=time, updated_at=time)
        archive.async_store_image(
            ArchivedImage(one, None, None, None), Bounds(365, 100)
        )
    await world.hass.async_block_till_done()
    file = folder / f"images.{suffix}"

    tracemalloc.start()
    answer = await act(world, "export", start=start, filename=str(file))
    peaks.append(tracemalloc.get_traced_memory()[1])
    tracemalloc.stop()

    assert answer["images"] == 1000
    assert peaks[0] < share * 1000 * one.values.size * np.dtype(np.float32).itemsize


@pytest.mark.parametrize("action", ["export", "create_timelapse"])
async def test_nothing_but_damaged_images(
    world: World, folder: Path, action: str
) -> None:
    """If no image can be read, the export fails as if there were none."""
    start = world.now
    await world.image()
    await world.hass.async_block_till_done()
    database = sqlite3.connect(world.hass.config.path(f"{DOMAIN}.db"))
    with database:
        database.execute("UPDATE image SET matrix = x'00'")
    database.close()
    suffix = "npz" if action == "export" else "gif"
    with pytest.raises(ServiceValidationError, match="no image"):
        await act(world, action, start=start, filename=str(folder / f"bank.{suffix}"))
    assert not list(folder.iterdir())


@pytest.mark.parametrize("action", ["export", "create_timelapse"])
async def test_disk_trouble(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    """If the disk fails during an export, no file remains."""
    start = world.now
    await world.image()

    def each(*_args: object) -> None:
        raise ArchiveError("the disk is gone")

    monkeypatch.setattr(Archive, "iterate_images", each)
    suffix = "npz" if action == "export" else "gif"
    with pytest.raises(HomeAssistantError, match="the disk is gone"):
        await act(world, action, start=start, filename=str(folder / f"bank.{suffix}"))
    assert not list(folder.iterdir())


async def test_an_image_more_than_were_counted(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An image that ends during the export does not fit into the array and is left out."""
    start = world.now
    for _ in range(2):
        await world.image()
    count = NodeArchive.async_count

    async def one_less(*args: Any) -> dict[Any, int]:
        """Count one image less, as if it had not ended yet."""
        counts = await count(*args)
        return {mode: images - 1 for mode, images in counts.items()}

    monkeypatch.setattr(NodeArchive, "async_count", one_less)
    file = folder / "images.npz"

    answer = await act(world, "export", start=start, filename=str(file))

    assert answer["images"] == 1
    with np.load(file) as loaded:
        assert len(loaded["celsius"]) == len(loaded["started_at"]) == 1


async def test_modes_are_not_mixed(world: World, folder: Path) -> None:
    """A file has slow or fast images; the caller has to choose."""
    start = world.now
    await world.image()
    await world.call("select", "mode", "select_option", option="slow")
    await world.pass_time(6)
    await world.image()
    await world.image()
    file = str(folder / "images.csv")

    with pytest.raises(ServiceValidationError, match="slow and fast"):
        await act(world, "export", start=start, filename=file)
    answer = await act(world, "export", start=start, filename=file, mode="slow")
    assert answer["mode"] == "slow"


@pytest.mark.parametrize("suffix", ["webp", "gif"])
@pytest.mark.parametrize("scale", ["automatic", "fixed"])
async def test_timelapse(world: World, folder: Path, suffix: str, scale: str) -> None:
    """An animation of all images is written, with events of the progress."""
    await world.configure(picture={"scale": scale})
    start = world.now
    for kelvin in (0, 20, 40):
        world.model.heat((1, 1), kelvin)
        await world.image()
    events = async_capture_events(world.hass, "battery_thermal_timelapse_progress")
    file = folder / f"bank.{suffix}"

    answer = await act(
        world, "create_timelapse", start=start, filename=str(file), speed=4
    )

    assert answer["images"] == 3
    # It takes less than a second.
    assert [event.data["percent"] for event in events] == [100]
    animation = PillowImage.open(BytesIO(file.read_bytes()))
    assert (getattr(animation, "n_frames", 1), animation.size) == (3, (240, 320))
    frames = []
    for number in range(3):
        animation.seek(number)
        frames.append(animation.convert("RGB").tobytes())
        assert animation.info["duration"] == 250
    assert len(set(frames)) == 3


async def test_timelapse_of_too_many(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An animation that would not fit into memory is refused."""
    monkeypatch.setattr(archive_files, "MOST_PIXELS", 240 * 320)
    start = world.now
    for _ in range(2):
        await world.image()
    file = str(folder / "bank.gif")
    # It is refused before images are read.
    monkeypatch.delattr(Archive, "iterate_images")
    with pytest.raises(ServiceValidationError, match="2 images"):
        await act(world, "create_timelapse", start=start, filename=file)


async def test_refused(world: World, folder: Path, tmp_path: Path) -> None:
    """A path where no file may be written is refused with a reason."""
    start = world.now
    await world.image()
    for name, reason in (
        (folder / "images.xls", "csv"),
        (tmp_path / "secret.csv", "not allowed"),
    ):
        with pytest.raises(ServiceValidationError, match=reason):
            await act(world, "export", start=start, filename=str(name))
    with pytest.raises(ServiceValidationError, match="no image"):
        await act(
            world,
            "export",
            start=start,
            end=start,
            filename=str(folder / "images.csv"),
        )
    (folder / "full.csv").mkdir()
    with pytest.raises(HomeAssistantError, match="written"):
        await act(world, "export", start=start, filename=str(folder / "full.csv"))
    assert [path.name for path in folder.iterdir()] == ["full.csv"]

    archive = Path(world.hass.config.path(f"{DOMAIN}.db"))
    archive.write_text("nonsense" * 100)
    with pytest.raises(HomeAssistantError, match="archive"):
        await act(world, "export", start=start, filename=str(folder / "a.csv"))
    with pytest.raises(HomeAssistantError, match="archive"):
        await act(world, "get_image", time=start)
