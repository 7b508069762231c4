"""Operations on a year of images, each in its own process, so that its memory can be measured."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import batched, islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
import time
from zoneinfo import ZoneInfo

import numpy as np
from PIL import Image

from custom_components.battery_thermal.archive import Addition, Archive, Bounds
from custom_components.battery_thermal.archive.export import (
    write_animation,
    write_csv,
    write_npz,
)
from custom_components.battery_thermal.model.archived_image import ArchivedImage
from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.model.thermal_image import ThermalImage
from custom_components.battery_thermal.render.picture import render
from custom_components.battery_thermal.render.style import FileFormat, Scale, Style

START = datetime(2025, 11, 21, tzinfo=UTC)
YEAR = timedelta(days=365)
NODE = "bench"


_HOME = ZoneInfo("Europe/Brussels")
_TOGETHER = 1000
"""Images written in one transaction: single writes wait for the disk, and a year of them takes hours."""


@dataclass(frozen=True)
class _Year:
    """All images of the year, read one after the other, as by the action."""

    archive: Archive

    def __len__(self) -> int:
        return sum(self.archive.count(NODE, START, START + YEAR).values())

    def __iter__(self) -> Iterator[ArchivedImage]:
        return self.archive.iterate_images(NODE, START, START + YEAR)


def fill(path: Path, mode: Mode, a_day: int, years: int = 1) -> Archive:
    """Fill an archive with a year of images or more, each with different pixels."""
    archive = Archive(path)
    random = np.random.default_rng(1)
    numbers = range(365 * a_day * years)
    apart = timedelta(days=1) / a_day
    for some in batched(numbers, _TOGETHER, strict=False):
        archive.store_images(
            *(_addition(START + number * apart, mode, random) for number in some)
        )
    assert len(_Year(archive)) == 365 * a_day
    return archive


def image(time: datetime, mode: Mode, random: np.random.Generator) -> ThermalImage:
    """Return an image of noise, which compresses worse than a bank's."""
    shape = (32, 24) if mode is Mode.SLOW else (8, 6)
    values = random.normal(300, 20, shape).astype(np.int16)
    return ThermalImage(
        values=values,
        present=np.ones(shape, np.bool_),
        mode=mode,
        lines_expected=24 if mode is Mode.SLOW else 2,
        missing_lines=(),
        started_at=time,
        updated_at=time,
        closed=True,
    )


def _addition(time: datetime, mode: Mode, random: np.random.Generator) -> Addition:
    """Return an image to be stored, within the limits of ten years."""
    return Addition(
        NODE,
        ArchivedImage(image(time, mode, random), 21, False, 50),
        Bounds(4000, 1000),
        time,
    )


def browse(archive: Archive, _path: Path) -> None:
    """Read the days with images."""
    archive.days(NODE, _HOME)


def times(archive: Archive, _path: Path) -> None:
    """Read the times of images on a day."""
    archive.times(NODE, START + YEAR / 2, START + YEAR / 2 + timedelta(days=1))


def day(archive: Archive, _path: Path) -> None:
    """Read one day."""
    archive.images_between(NODE, START + YEAR / 2, START + YEAR / 2 + timedelta(days=1))


def newest(archive: Archive, _path: Path) -> None:
    """Read one image."""
    archive.newest(NODE, START + YEAR / 2)


def keep(mode: Mode, number: int, archive: Archive, _path: Path) -> None:
    """Store one more image, at a unique time given by its number."""
    random = np.random.default_rng(number)
    archive.store_images(
        _addition(START + YEAR + timedelta(minutes=number), mode, random)
    )


def csv(archive: Archive, path: Path) -> None:
    """Export the year as CSV."""
    write_csv(path.with_suffix(".csv"), _Year(archive))


def npz(archive: Archive, path: Path) -> None:
    """Export the year as arrays."""
    write_npz(path.with_suffix(".npz"), _Year(archive))


def timelapse(suffix: str, frames: int, archive: Archive, path: Path) -> None:
    """Draw images and write them as an animation, as the action does."""
    style = Style(
        threshold=50,
        file_format=FileFormat.PNG,
        scale=Scale.FIXED,
        low=20,
        high=40,
    )
    archived = list(islice(_Year(archive), frames))
    pictures = [render(one.image, style, 240, 320) for one in archived]
    write_animation(path.with_suffix(suffix), pictures, 100)
    with Image.open(BytesIO(path.with_suffix(suffix).read_bytes())) as film:
        # A frame equal to the previous one would be left out.
        assert getattr(film, "n_frames", 0) == frames


def measured(do: Callable[[], None]) -> tuple[float, float]:
    """Return the duration in seconds and the additional peak memory in MB."""
    context = get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_measure, args=(do, there))
    process.start()
    seconds, memory = here.recv()
    process.join()
    return seconds, memory


def _measure(do: Callable[[], None], pipe: Connection) -> None:
    # Linux keeps the parent's peak in a fork until it is reset (proc(5)).
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = _peak()
    began = time.perf_counter()
    do()
    pipe.send((time.perf_counter() - began, _peak() - before))


def _peak() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1000 for line in status if "VmHWM" in line)
