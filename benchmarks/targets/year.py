"""What is done with a year of images, each thing in a process of its own, so that its memory can be told."""

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

from custom_components.battery_thermal.archive import Addition, Archive, Bounds, Kept
from custom_components.battery_thermal.export import (
    write_animation,
    write_csv,
    write_npz,
)
from custom_components.battery_thermal.node.layout import Mode
from custom_components.battery_thermal.thermal.image import ThermalImage
from custom_components.battery_thermal.thermal.picture import render
from custom_components.battery_thermal.thermal.style import FileFormat, Scale, Style

START = datetime(2025, 11, 21, tzinfo=UTC)
YEAR = timedelta(days=365)
NODE = "bench"


_HOME = ZoneInfo("Europe/Brussels")
_TOGETHER = 1000
"""Images that are written in one go: each by itself waits for the disk, and a year of them takes hours."""


@dataclass(frozen=True)
class _Year:
    """All images of the year, read one after the other, as the action does."""

    archive: Archive

    def __len__(self) -> int:
        return sum(self.archive.count(NODE, START, START + YEAR).values())

    def __iter__(self) -> Iterator[Kept]:
        return self.archive.each(NODE, START, START + YEAR)


def fill(path: Path, mode: Mode, a_day: int) -> Archive:
    """Fill an archive with a year of images by its own code, each with pixels of its own."""
    archive = Archive(path)
    random = np.random.default_rng(1)
    numbers = range(365 * a_day)
    apart = timedelta(days=1) / a_day
    for some in batched(numbers, _TOGETHER, strict=False):
        archive.add(
            *(_addition(START + number * apart, mode, random) for number in some)
        )
    assert len(_Year(archive)) == len(numbers)
    return archive


def image(time: datetime, mode: Mode, random: np.random.Generator) -> ThermalImage:
    """Return an image of noise, which packs worse than a battery does."""
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
    """Return an image to be kept, of a node whose year has room in its bounds."""
    return Addition(
        NODE, Kept(image(time, mode, random), 21, False, 50), Bounds(400, 1000), time
    )


def browse(archive: Archive, _path: Path) -> None:
    """Find out on which days there are images."""
    archive.days(NODE, _HOME)


def times(archive: Archive, _path: Path) -> None:
    """Find out when there are images on a day."""
    archive.times(NODE, START + YEAR / 2, START + YEAR / 2 + timedelta(days=1))


def day(archive: Archive, _path: Path) -> None:
    """Read one day."""
    archive.between(NODE, START + YEAR / 2, START + YEAR / 2 + timedelta(days=1))


def newest(archive: Archive, _path: Path) -> None:
    """Read one image."""
    archive.newest(NODE, START + YEAR / 2)


def keep(mode: Mode, number: int, archive: Archive, _path: Path) -> None:
    """Keep one image more, at a time of its own by its number."""
    random = np.random.default_rng(number)
    archive.add(_addition(START + YEAR + timedelta(minutes=number), mode, random))


def csv(archive: Archive, path: Path) -> None:
    """Export the year as a table."""
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
    kept = list(islice(_Year(archive), frames))
    pictures = [render(one.image, style, 240, 320) for one in kept]
    write_animation(path.with_suffix(suffix), pictures, 100)
    with Image.open(BytesIO(path.with_suffix(suffix).read_bytes())) as film:
        # A frame that is as the one before would have been left out.
        assert getattr(film, "n_frames", 0) == frames


def measured(do: Callable[[], None]) -> tuple[float, float]:
    """Return the seconds that it takes and the MB it needs at most, beside what was there before."""
    context = get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_measure, args=(do, there))
    process.start()
    seconds, memory = here.recv()
    process.join()
    return seconds, memory


def _measure(do: Callable[[], None], pipe: Connection) -> None:
    # Linux remembers the parent's peak in a fork, unless told to forget (proc(5)).
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = _peak()
    began = time.perf_counter()
    do()
    pipe.send((time.perf_counter() - began, _peak() - before))


def _peak() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1000 for line in status if "VmHWM" in line)
