"""What is done with a year of images, each thing in a process of its own, so that its memory can be told."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
import sqlite3
import time

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


def fill(path: Path, mode: Mode, a_day: int) -> Archive:
    """Fill an archive with a year of images: the first by its own code, the others like it, as that takes hours."""
    archive = Archive(path)
    archive.add(_addition(START, mode))
    apart = timedelta(days=1) // timedelta(milliseconds=1) // a_day
    with sqlite3.connect(path) as database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(image)")]
        selected = [
            f"{name} + number * {apart}" if name.endswith("ed_at") else name
            for name in columns
        ]
        statement = (
            "WITH RECURSIVE numbers(number) AS (SELECT 1 UNION ALL"  # noqa: S608 - names of columns
            f" SELECT number + 1 FROM numbers WHERE number < {365 * a_day - 1})"
            f" INSERT INTO image ({', '.join(columns)})"
            f" SELECT {', '.join(selected)} FROM image, numbers"
        )
        database.execute(statement)
    database.close()
    return archive


def image(time: datetime, mode: Mode, seed: int = 0) -> ThermalImage:
    """Return an image of noise, which packs worse than a battery does."""
    shape = (32, 24) if mode is Mode.SLOW else (8, 6)
    values = np.random.default_rng(seed).normal(300, 20, shape).astype(np.int16)
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


def _addition(time: datetime, mode: Mode) -> Addition:
    """Return an image to be kept, of a node whose year has room in its bounds."""
    return Addition(
        NODE, Kept(image(time, mode), 21, False, 50), Bounds(400, 1000), time
    )


def browse(archive: Archive, _path: Path) -> None:
    """Find out on which days there are images."""
    archive.times(NODE)


def day(archive: Archive, _path: Path) -> None:
    """Read one day."""
    archive.between(NODE, START + YEAR / 2, START + YEAR / 2 + timedelta(days=1))


def newest(archive: Archive, _path: Path) -> None:
    """Read one image."""
    archive.newest(NODE, START + YEAR / 2)


def keep(mode: Mode, number: int, archive: Archive, _path: Path) -> None:
    """Keep one image more, at a time of its own by its number."""
    archive.add(_addition(START + YEAR + timedelta(minutes=number), mode))


def csv(archive: Archive, path: Path) -> None:
    """Export the year as a table."""
    write_csv(path.with_suffix(".csv"), archive.between(NODE, START, START + YEAR))


def npz(archive: Archive, path: Path) -> None:
    """Export the year as arrays."""
    write_npz(path.with_suffix(".npz"), archive.between(NODE, START, START + YEAR))


def timelapse(suffix: str, frames: int, archive: Archive, path: Path) -> None:
    """Draw images and write them as an animation, as the action does."""
    style = Style(
        threshold=50,
        file_format=FileFormat.PNG,
        scale=Scale.FIXED,
        low=20,
        high=40,
    )
    kept = archive.between(NODE, START, START + YEAR)[:frames]
    pictures = [render(one.image, style, 240, 320) for one in kept]
    write_animation(path.with_suffix(suffix), pictures, 100)
    with Image.open(BytesIO(path.with_suffix(suffix).read_bytes())) as film:
        assert getattr(film, "n_frames", 0) >= 1


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
